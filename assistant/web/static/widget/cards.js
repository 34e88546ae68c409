/** The cards under an answer: citations, the desk that takes over, the emergency numbers. */

import { button, fill, h, langTag, webAddress } from "./dom.js";
import { dateText, momentText } from "./formats.js";
import { icon } from "./icons.js";
import { phoneLink } from "./text.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./api.js").Citation} Citation
 * @typedef {Record<string, string>} Ui
 * @typedef {{ui: Ui, start: import("./api.js").Start, base: URL, language: string}} Context language: the interface's
 */

/**
 * The list of sources, numbered as in the text; null when there is none.
 * @param {Message} message @param {Context} context
 */
export function citationList(message, context) {
  const { ui } = context;
  if (!message.citations?.length) return null;
  const items = message.citations.map((citation) => citationItem(citation, message.language, context));
  const heading = h("p", { class: "card-title" }, ui.sources);
  return h("section", { class: "citations", "aria-label": ui.sources }, heading, h("ol", {}, ...items));
}

/** @param {Citation} citation @param {string} language of the answer @param {Context} context */
function citationItem(citation, language, { ui, start, base, language: reader }) {
  const origin = webAddress(citation.url);
  const source = sourcePage(citation.source, base, reader) ?? origin;
  const written = ui[`name_${citation.language}`] ?? citation.language;
  const own = langTag(citation.language);
  const path = citation.path?.join(" › ");
  const meta = [
    citation.layer !== "town" && ui[`layer_${citation.layer}`],
    citation.as_of && fill(ui.as_of, { date: dateText(citation.as_of, start.formats) }),
    citation.language !== language && fill(ui.document_language, { language: written }),
  ].filter(Boolean);
  return h(
    "li",
    { tabindex: -1, "data-citation": citation.n },
    h("span", { class: "citation-number", "aria-label": fill(ui.source_number, { n: citation.n }) }, `[${citation.n}]`),
    h(
      "div",
      {},
      outsideLink(source, citation.title, ui, { class: "citation-title", lang: own }),
      h("p", { class: "citation-meta" }, path && h("span", { lang: own }, path), ...meta.map((part) => h("span", {}, String(part)))),
      citation.quote && h("blockquote", { lang: own }, citation.quote),
      (citation.refers ?? []).length > 0 && h("p", { class: "citation-refers", lang: own }, citation.refers?.map(meant).join("\n")),
      origin && origin !== source && outsideLink(origin, ui.original, ui, { class: "citation-origin" }),
    ),
  );
}

/** What 前条 in the quote means. @param {{words: string, means: string}} reference */
function meant({ words, means }) {
  return `${words}＝${means}`;
}

/** Our own page of the cited document, in the reader's language. @param {string | null | undefined} path @param {URL} base @param {string} reader */
function sourcePage(path, base, reader) {
  const address = webAddress(path, base);
  if (!address) return null;
  const url = new URL(address);
  if (url.origin === base.origin) url.searchParams.set("lang", reader);
  return url.href;
}

/**
 * A link that opens a new tab and says so; plain text where the address is not http(s).
 * @param {string | null} href @param {string} label @param {Ui} ui @param {Record<string, string>} attributes
 */
function outsideLink(href, label, ui, attributes) {
  if (!href) return h("span", attributes, label);
  const hint = h("span", { class: "offscreen" }, ` (${ui.new_tab})`);
  return h("a", { ...attributes, href, target: "_blank", rel: "noopener" }, label, icon("external"), hint);
}

/** The case is with staff: number, desk, promise, hours and telephone. @param {Message} message @param {Context} context */
export function handoffCard({ handoff }, { ui, start }) {
  if (!handoff) return null;
  /** @type {[string, Node | string | null | undefined][]} */
  const facts = [
    [ui.ticket, handoff.ticket && h("span", { class: "ticket" }, handoff.ticket)],
    [ui.desk, handoff.desk],
    [ui.promise, handoff.promise],
    [ui.opens_at, momentText(handoff.opens_at, start.formats)],
    [ui.hours, start.hours],
    [ui.phone, start.phone && phoneLink(start.phone)],
  ];
  // Without a ticket nobody will call: the card then says only where to turn.
  const title = handoff.ticket ? ui.handoff : ui.contact;
  const rows = facts.flatMap(([name, value]) => (value ? [h("dt", {}, name), h("dd", {}, value)] : []));
  return h(
    "section",
    { class: "card card-handoff", "aria-label": title },
    h("p", { class: "card-heading" }, icon("person"), title),
    h("dl", {}, ...rows),
  );
}

/** Big buttons that dial 119 and 110. @param {Ui} ui */
export function emergencyCard(ui) {
  const call = (/** @type {string} */ number, /** @type {string} */ label) => {
    const link = phoneLink(number, h("span", {}, label));
    link.className = "button button-danger";
    link.prepend(icon("phone"));
    return link;
  };
  return h(
    "section",
    { class: "card card-emergency", "aria-label": ui.emergency },
    h("p", { class: "card-heading" }, icon("alert"), ui.emergency),
    h("div", { class: "row" }, call("119", ui.call_119), call("110", ui.call_110)),
  );
}

/**
 * The answer and its sources as plain text, for the clipboard.
 * @param {Message} message @param {Context} context
 */
export function asText(message, { ui, start }) {
  const sources = (message.citations ?? []).map(({ n, title, path, as_of, url, quote }) =>
    [
      `[${n}] ${[title, ...(path ?? [])].join(" › ")}${as_of ? ` (${fill(ui.as_of, { date: dateText(as_of, start.formats) })})` : ""}`,
      quote && `    「${quote}」`,
      webAddress(url) && `    ${url}`,
    ]
      .filter(Boolean)
      .join("\n"),
  );
  return [message.text, sources.length && `${ui.sources}\n${sources.join("\n")}`].filter(Boolean).join("\n\n");
}

/** Ways on that were offered. @param {Message} message @param {Ui} ui @param {(choice: import("./api.js").Choice) => void} onChoose */
export function choiceRow({ choices, language }, ui, onChoose) {
  if (!choices?.length) return null;
  const buttons = choices.map((choice) => button(choice.label, () => onChoose(choice), { lang: langTag(language) }));
  return h("div", { class: "row choices", role: "group", "aria-label": ui.choices }, ...buttons);
}
