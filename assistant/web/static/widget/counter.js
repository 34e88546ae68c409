/** What helps at the counter: official terms under an answer, and the card that a resident shows there. */

import { button, h, langTag, webAddress } from "./dom.js";
import { printAlone } from "./frame.js";
import { icon } from "./icons.js";
import { markJapanese } from "./japanese.js";
import { inHiragana, ruby } from "./ruby.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {Record<string, string>} Ui
 */

/** Official terms with reading, local name and meaning. @param {Message} message @param {Ui} ui */
export function termList({ terms, language }, ui) {
  if (!terms?.length) return null;
  const rows = terms.map((term) => h("div", {}, termName(term), termMeaning(term, language, ui)));
  return h("section", { class: "terms", "aria-label": ui.terms }, h("p", { class: "card-title" }, ui.terms), h("dl", {}, ...rows));
}

/** @param {import("./api.js").Term} term */
function termName({ ja, reading }) {
  // Who reads katakana needs no hiragana over it.
  return h("dt", { lang: "ja" }, reading && reading !== inHiragana(ja) ? ruby(ja, reading) : ja);
}

/** @param {import("./api.js").Term} term @param {string} language of the answer @param {Ui} ui */
function termMeaning({ ja, local, romaji, meaning }, language, ui) {
  const which = h("span", { class: "offscreen", lang: "ja" }, `（${ja}）`);
  return h(
    "dd",
    {},
    local && h("span", { class: "term-local", lang: langTag(language) }, local),
    romaji && h("span", { class: "term-romaji", lang: "ja-Latn" }, romaji),
    meaning && h("details", {}, h("summary", {}, ui.term_meaning, which), h("p", { lang: langTag(language) }, ...markJapanese(meaning, { language }))),
  );
}

/** The address of the card of an answer that comes from a guide; null for all others. @param {Message} message @param {URL} base */
export function cardAddress({ citations }, base) {
  const found = (citations ?? []).find(({ card }) => card);
  return webAddress(found?.card, base);
}

/**
 * Opens the card over everything. Once it is there it needs no network: what it shows stands in it.
 * @param {string} address @param {Ui} ui @param {Node} place where the dialog is put; it goes away by itself
 * @param {{host: HTMLElement, page: boolean}} chat on our own page the browser's way back closes the card too
 */
export async function showCard(address, ui, place, { host, page }) {
  const wait = h("p", { class: "counter-wait", role: "status" }, "…");
  const print = button(ui.print, () => printAlone(host, /** @type {HTMLElement} */ (dialog.querySelector(".counter"))), { icon: icon("print") });
  const close = button(ui.close, () => dialog.close(), { icon: icon("close"), autofocus: true });
  const bar = h("div", { class: "counter-bar" }, close, print, h("h2", { id: "md-card" }, ui.card_lead));
  const dialog = h("dialog", { class: "counter-dialog", "aria-label": ui.card, "aria-describedby": "md-card" }, bar, wait);
  print.hidden = true;
  // Esc must close the card only, not the panel below it.
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
  const leave = page ? closedByBack(dialog) : () => {};
  dialog.addEventListener("close", () => {
    leave();
    dialog.remove();
  });
  place.appendChild(dialog);
  dialog.showModal();
  try {
    wait.replaceWith(await fetchCard(address));
    print.hidden = false;
  } catch {
    wait.replaceChildren(ui.card_failed);
  }
}

/**
 * The card's element from its page, which the browser itself parses: no text of the server becomes markup here.
 * @param {string} address @returns {Promise<HTMLElement>}
 */
function fetchCard(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.addEventListener("load", () => {
      const card = request.status === 200 ? request.response?.querySelector("article.counter") : null;
      if (card) resolve(/** @type {HTMLElement} */ (document.importNode(card, true)));
      else reject(new Error(`the card answered ${request.status}`));
    });
    request.addEventListener("error", () => reject(new Error("the card could not be fetched")));
    request.send();
  });
}

/** The way back closes the dialog instead of leaving the page. @param {HTMLDialogElement} dialog @returns {() => void} to be called when it has closed */
function closedByBack(dialog) {
  const back = () => dialog.close();
  history.pushState({ ...history.state, madoguchi: "card" }, "");
  window.addEventListener("popstate", back, { once: true });
  return () => {
    window.removeEventListener("popstate", back);
    if (history.state?.madoguchi === "card") history.back();
  };
}
