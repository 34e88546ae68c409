/** Plain text to elements: paragraphs, lists, web and telephone links, numbered citation chips. Nothing else. */

import { h, webAddress, withReadings } from "./dom.js";
import { isJapaneseLine, markJapanese } from "./japanese.js";

/** ASCII only, so that Japanese text right behind an address does not belong to it. */
const WEB = String.raw`https?://[\w\-.~:/?#@!$&'()*+,;=%]+`;
/** Japanese numbers with hyphens of any kind, and # short numbers such as #7119. */
const PHONE = String.raw`(?<![\d\-])(?:0\d{1,4}[-‐‑–−ー]\d{1,4}[-‐‑–−ー]\d{3,4}|#\d{4})(?![\d\-])`;
/** Three-digit numbers are links only where a message is about an emergency: '119円' must stay text. */
const SHORT = String.raw`(?<![\w\-,.#])1(?:10|18|19|71|88|89)(?![\w\-,円])`;
const MARK = String.raw`\[\d{1,2}\]`;

/**
 * @typedef {{marks?: Set<number>, urgent?: boolean, onMark?: (n: number) => void, markLabel?: (n: number) => string,
 *   language?: string, terms?: string[]}}
 *   TextOptions  marks: citation numbers that exist; any other [n] stays text; terms: Japanese words to expect
 */

/**
 * The text as block elements. Lines that begin with a bullet or '1.' become lists, an empty line parts paragraphs.
 * @param {string} text
 * @param {TextOptions} [options]
 * @returns {HTMLElement[]}
 */
export function renderText(text, options = {}) {
  /** @type {HTMLElement[]} */
  const blocks = [];
  let open = "";
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const [kind, content, start] = readLine(line);
    const last = blocks.at(-1);
    if (kind === "") {
      open = "";
    } else if (kind === "p") {
      if (open === "p" && last) last.append(h("br"), ...withReadings(renderInline(content, options)));
      else blocks.push(h("p", {}, ...renderInline(content, options)));
      open = kind;
    } else {
      const item = h("li", {}, ...renderInline(content, options));
      if (open === kind && last) last.append(item);
      else blocks.push(h(kind, { start: start > 1 ? start : null }, item));
      open = kind;
    }
  }
  return blocks;
}

/** @param {string} line @returns {["" | "p" | "ul" | "ol", string, number]} */
function readLine(line) {
  const bullet = /^\s*(?:[-*]\s+|[・•●]\s*)(\S.*)$/u.exec(line);
  if (bullet) return ["ul", bullet[1], 0];
  const numbered = /^\s*(\d{1,2})[.．)]\s+(.+)$/u.exec(line);
  if (numbered) return ["ol", numbered[2], Number(numbered[1])];
  return line.trim() ? ["p", line.trim(), 0] : ["", "", 0];
}

/**
 * @param {string} text
 * @param {TextOptions} options
 * @returns {(Node | string)[]}
 */
function renderInline(text, options) {
  if (!isJapaneseLine(text, options)) return renderTokens(text, options);
  return [h("span", { lang: "ja" }, ...renderTokens(text, { ...options, language: "ja" }))];
}

/**
 * @param {string} text
 * @param {TextOptions} options
 * @returns {(Node | string)[]}
 */
function renderTokens(text, options) {
  const pattern = new RegExp([WEB, PHONE, MARK, ...(options.urgent ? [SHORT] : [])].join("|"), "gu");
  /** @type {(Node | string)[]} */
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const found = match[0].startsWith("http") ? match[0].replace(/[.,;:!?)']+$/, "") : match[0];
    const node = renderToken(found, options);
    if (!node) continue;
    parts.push(...markJapanese(text.slice(from, match.index), options), node);
    from = match.index + found.length;
  }
  parts.push(...markJapanese(text.slice(from), options));
  return parts;
}

/** @param {string} token @param {TextOptions} options @returns {Node | null} */
function renderToken(token, { marks, onMark, markLabel }) {
  if (token.startsWith("[")) {
    const n = Number(token.slice(1, -1));
    if (!marks?.has(n)) return null;
    const label = markLabel?.(n) ?? token;
    return h("button", { type: "button", class: "chip", "aria-label": label, on: { click: () => onMark?.(n) } }, String(n));
  }
  if (!token.startsWith("http")) return phoneLink(token);
  const href = webAddress(token);
  return href === null ? null : h("a", { href, target: "_blank", rel: "noopener noreferrer" }, token);
}

/** A link that dials. @param {string} number @param {Node | string} [label] */
export function phoneLink(number, label = number) {
  return h("a", { href: `tel:${number.replace(/[^\d#+]/g, "").replace("#", "%23")}` }, label);
}
