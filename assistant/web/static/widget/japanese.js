/** Japanese inside an answer of another language: it has its own glyphs for Han characters and its own voice. */

import { h } from "./dom.js";

const KANA = "\\u3041-\\u3096\\u30a1-\\u30fa\\u30fc";
const HAN = "\\u3005-\\u3007\\u3400-\\u9fff\\uf900-\\ufaff";
const JAPANESE = `[${HAN}${KANA}](?:[${HAN}${KANA}0-9０-９・、。（）「」]*[${HAN}${KANA}。）」])?`;
/** Of kana among the letters of a line that is Japanese, in a Chinese text. */
const SHARE = 0.2;

/** @typedef {{language?: string, terms?: string[]}} Spoken language of the whole text; terms: official Japanese words */

/** The text with its Japanese marked as such (assistant/web/answer_text.py). @param {string} text @param {Spoken} spoken @returns {(Node | string)[]} */
export function markJapanese(text, { language = "ja", terms = [] }) {
  if (language.startsWith("ja") || !text) return [text];
  /** @type {(Node | string)[]} */
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(pattern(language, terms))) {
    parts.push(text.slice(from, match.index), h("span", { lang: "ja" }, match[0]));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

/** True for a line of a Chinese text that is Japanese as a whole. @param {string} line @param {Spoken} spoken */
export function isJapaneseLine(line, { language = "ja" }) {
  if (!language.startsWith("zh")) return false;
  const kana = line.match(new RegExp(`[${KANA}]`, "g"))?.length ?? 0;
  const han = line.match(new RegExp(`[${HAN}]`, "g"))?.length ?? 0;
  return kana > 2 && kana >= SHARE * (kana + han);
}

/** Elsewhere Han is Japanese; among Chinese only kana are, and the official terms. @param {string} language @param {string[]} terms */
function pattern(language, terms) {
  if (!language.startsWith("zh")) return new RegExp(JAPANESE, "g");
  const longest = [...terms].sort((a, b) => b.length - a.length);
  const literal = longest.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp([...literal, `[${KANA}]+`].join("|"), "g");
}
