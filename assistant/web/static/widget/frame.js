/** What stands around the conversation: the panel's head, the tools, the question before deleting, printing. */

import { button, h, langTag } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @typedef {import("./api.js").Start} Start
 * @typedef {Record<string, string>} Ui
 */

/** The panel's head with its name and the way out. @param {Start} start @param {() => void} onClose */
export function panelHead({ ui, name }, onClose) {
  return h(
    "header",
    { class: "head" },
    h("span", { class: "head-mark" }, icon("window")),
    h("div", { class: "head-names" }, h("p", { class: "head-town" }, name), h("h2", { id: "md-title" }, ui.title)),
    iconButton(ui.close, "close", onClose, "head-close"),
  );
}

/**
 * Language, print and delete. On our own page the language stands in the page's head instead.
 * @param {Start} start @param {string} language
 * @param {{language?: (code: string) => void, record: () => void, print: () => void, remove: () => void}} actions
 * @param {boolean} begun printing and deleting make sense only once something was said
 * @param {ReturnType<typeof spacing>} spaces
 */
export function toolbar({ ui, languages }, language, actions, begun, spaces) {
  const options = languages.map(({ code, name }) =>
    h("option", { value: code, lang: langTag(code), selected: code === language }, name),
  );
  const change = (/** @type {Event} */ event) =>
    actions.language?.(/** @type {HTMLSelectElement} */ (event.target).value);
  const select = h("select", { "aria-label": ui.language, on: { change } }, ...options);
  const choose = h("div", { class: "tool-language" }, icon("globe"), select);
  const print = button(ui.print, actions.print, { icon: icon("print"), class: "button-quiet tool-print" });
  const remove = button(ui.delete, actions.remove, { icon: icon("trash"), class: "button-quiet tool-delete" });
  const record = button(ui.access, actions.record, { icon: icon("eye"), class: "button-quiet tool-record" });
  const space = button(ui.spaces, () => space.setAttribute("aria-pressed", String(spaces.turn())), {
    icon: icon("spaces"), class: "button-quiet tool-spaces", "aria-pressed": String(spaces.on),
  });
  space.hidden = !begun || language !== "ja-x-easy";
  record.hidden = print.hidden = remove.hidden = !begun;
  return h("div", { class: "tools" }, actions.language && choose, space, record, print, remove);
}

/**
 * わかち書き: whether plain Japanese stands with spaces between its words; this browser remembers it.
 * @param {HTMLElement} frame @param {import("./memory.js").Memory} memory
 */
export function spacing(frame, memory) {
  const show = () => frame.toggleAttribute("data-spaces", memory.spaces);
  const turn = () => {
    memory.spaces = !memory.spaces;
    return show();
  };
  return { on: show(), turn };
}

/** @param {string} label @param {Parameters<typeof icon>[0]} name @param {() => void} onClick @param {string} kind */
function iconButton(label, name, onClick, kind) {
  const attributes = { type: "button", class: `button button-quiet ${kind}`, "aria-label": label, title: label };
  return h("button", { ...attributes, on: { click: onClick } }, icon(name));
}

/**
 * Asks before the conversation is deleted.
 * @param {Ui} ui @param {Node} place where the dialog is put; it goes away by itself
 * @returns {Promise<boolean>} true: delete
 */
export function confirmDelete(ui, place) {
  return new Promise((resolve) => {
    const cancel = button(ui.cancel, () => dialog.close("no"), { autofocus: true });
    const yes = button(ui.delete_confirm, () => dialog.close("yes"), { class: "button-danger" });
    const question = h("p", { id: "md-question" }, ui.delete_question);
    const close = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    };
    const attributes = { class: "confirm", role: "alertdialog", "aria-labelledby": "md-question", on: { close } };
    // Esc must close this question only, not the panel below it.
    const keys = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && event.stopPropagation();
    const dialog = h("dialog", attributes, question, h("div", { class: "row" }, cancel, yes));
    dialog.addEventListener("keydown", keys);
    place.appendChild(dialog);
    dialog.showModal();
  });
}

/**
 * Prints the conversation alone: the page that embeds the panel is left out.
 * @param {HTMLElement} host @param {HTMLElement} [card] printed instead of the conversation, on A5
 */
export function printAlone(host, card) {
  const sheet = new CSSStyleSheet();
  const paper = card ? "@page { size: A5 portrait; margin: 8mm }" : "";
  sheet.replaceSync(`${paper} @media print { body > :not([data-md-print]) { display: none !important } }`);
  // A copy beside the frame: what lies in the browser's top layer is cut off at the first page's end.
  const copy = card?.cloneNode(true);
  if (copy) host.shadowRoot?.append(copy);
  host.toggleAttribute("data-md-card", Boolean(copy));
  const top = topmost(host);
  top.setAttribute("data-md-print", "");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const restore = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    top.removeAttribute("data-md-print");
    host.removeAttribute("data-md-card");
    copy?.parentNode?.removeChild(copy);
  };
  window.addEventListener("afterprint", restore, { once: true });
  window.print();
}

/** The child of body that holds the element. @param {HTMLElement} element */
function topmost(element) {
  let top = element;
  while (top.parentElement && top.parentElement !== document.body) top = top.parentElement;
  return top;
}

/** What gets the focus is scrolled clear of the box that sticks to the window's end (WCAG 2.4.11). @param {Element} foot */
export function keepClear(foot) {
  const observer = new ResizeObserver(([{ target }]) => {
    if (!target.isConnected) return observer.disconnect();
    document.documentElement.style.scrollPaddingBlockEnd = `${target.getBoundingClientRect().height + 8}px`;
  });
  observer.observe(foot);
}
