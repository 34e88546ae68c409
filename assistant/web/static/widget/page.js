/** Our own page around the chat: its words, title and language links follow the chat's language. */

import { fill, langTag } from "./dom.js";
import { withRuby } from "./ruby.js";

/** @typedef {import("./element.js").MadoguchiChat} MadoguchiChat */

/** The page's head and foot now belong to the chat. @param {MadoguchiChat} chat */
export function bindPage(chat) {
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      link.closest("details")?.removeAttribute("open");
      link.closest("details")?.querySelector("summary")?.focus();
      void chat.switchLanguage(link.getAttribute("data-language") ?? "ja");
    });
  }
  document.querySelector("a[data-skip]")?.addEventListener("click", (event) => {
    event.preventDefault();
    chat.focusInput();
  });
  chat.addEventListener("madoguchi-language", (event) => follow(/** @type {CustomEvent} */ (event).detail));
  for (const menu of document.querySelectorAll("details[data-menu]")) closeMenu(/** @type {HTMLDetailsElement} */ (menu));
}

/** @param {{language: string, start: import("./api.js").Start}} now */
function follow({ language, start }) {
  const { ui, name } = start;
  const root = document.documentElement;
  if (root.dataset.language !== language) keepInAddress(language);
  root.dataset.language = language;
  root.lang = langTag(language);
  document.title = `${ui.title} | ${name}`;
  for (const element of document.querySelectorAll("[data-ui]")) {
    element.replaceChildren(...withRuby(fill(ui[element.getAttribute("data-ui") ?? ""] ?? "", { town: name })));
  }
  for (const element of document.querySelectorAll("[data-town-name]")) element.textContent = name;
  for (const element of document.querySelectorAll("[data-town-hours]")) element.replaceChildren(...withRuby(start.hours));
  for (const link of document.querySelectorAll("a[data-language]")) {
    const current = link.getAttribute("data-language") === language;
    if (current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    if (current) showNow(link.textContent ?? "", language);
  }
}

/** @param {string} name @param {string} language */
function showNow(name, language) {
  const now = document.querySelector("[data-language-now]");
  now?.replaceChildren(name);
  now?.setAttribute("lang", langTag(language));
}

/** A reload or a shared address shows the same language. @param {string} language */
function keepInAddress(language) {
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  history.replaceState(history.state, "", address);
}

/** Esc or a click elsewhere closes the menu. @param {HTMLDetailsElement} menu */
function closeMenu(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (menu.open && !event.composedPath().includes(menu)) menu.open = false;
  });
}
