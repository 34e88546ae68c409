/**
 * ふりがな: readings that plain Japanese carries in brackets, 引（ひ）っ越（こ）す, shown over their kanji as <ruby>. The text that
 * is copied, read aloud or sent to LINE keeps its brackets.
 */

const HAN = "\\u3005-\\u3007\\u3400-\\u9fff\\uf900-\\ufaff";
const KANA = "\\u3041-\\u3096\\u30a1-\\u30fa\\u30fc";
const READING = new RegExp(`（([${KANA}・ \\u3000]+)(＝[^（）]*)?）`, "gu");
const RUN = new RegExp(`[${HAN}${KANA}0-9０-９A-Za-z]+$`, "u");
const PARTS = new RegExp(`[${HAN}0-9０-９A-Za-z]+|[${KANA}]+`, "gu");
const STARTS = new RegExp(`(?<![${HAN}0-9０-９A-Za-z])[${HAN}]|(?<![0-9０-９A-Za-z])[0-9０-９A-Za-z]|(?<![\\u30a1-\\u30fa\\u30fc])[\\u30a1-\\u30fa]|(?<=[0-9０-９])[${HAN}]`, "gu");
const ANY_HAN = new RegExp(`[${HAN}]`, "gu");
/** Words in brackets behind a kanji that are no reading. */
const WORDS = new Set(["など", "または", "もしくは", "および", "ただし", "のみ", "だけ", "まで", "から", "ほか", "あり", "なし", "いずれか", "どちらか", "うち"]);
const LONGEST = 24; // letters of a word
const LONGEST_READING = 40;
const MOST_RUNS = 4; // of kanji in a word, so that no text makes the search for their readings long

/** The text with readings over their words. @param {string} text @returns {(Node | string)[]} */
export function withRuby(text) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(READING)) {
    const [whole, reading, meaning = ""] = match;
    const spans = spansOf(text.slice(from, match.index), reading.trim());
    if (!spans) continue;
    const word = spans.reduce((length, [base]) => length + base.length, 0);
    parts.push(text.slice(from, match.index - word), ...spans.map(([base, read]) => (read ? ruby(base, read) : base)));
    if (meaning) parts.push(`（${meaning.slice(1)}）`);
    from = match.index + whole.length;
  }
  return [...parts, text.slice(from)];
}

/**
 * The word at the end of the text that is read so, its kanji with their part of the reading; null where none is.
 * @param {string} before @param {string} reading @returns {[string, string?][] | null}
 */
function spansOf(before, reading) {
  const run = RUN.exec(before)?.[0].slice(-LONGEST) ?? "";
  if (WORDS.has(reading) || reading.length > LONGEST_READING) return null;
  for (const { index } of run.matchAll(STARTS)) {
    const spans = aligned(run.slice(index), reading);
    if (spans) return spans;
  }
  return null;
}

/** @param {string} word @param {string} reading @returns {[string, string?][] | null} */
function aligned(word, reading) {
  const parts = word.match(PARTS) ?? [];
  if (parts.filter((part) => !isKana(part)).length > MOST_RUNS) return null;
  const pattern = parts.map((part) => (isKana(part) ? escaped(part) : "(.+?)")).join("");
  const found = new RegExp(`^${pattern}$`, "u").exec(hiragana(reading));
  if (!found || parts.every(isKana)) return null;
  let group = 0;
  /** @type {[string, string?][]} */
  const spans = parts.map((part) => (isKana(part) ? [part] : [part, found[++group]]));
  return spans.every(([base, read]) => !read || fits(base, read)) ? spans : null;
}

/** True when so many kana can be the reading of so many signs. @param {string} base @param {string} read */
function fits(base, read) {
  const signs = base.match(ANY_HAN)?.length ?? 0;
  if (!signs) return false;
  const digits = base.length - signs;
  const least = signs > 2 ? 1.3 * signs : signs;
  // 1階（かい）: the reading of the kanji alone; 4桁（よんけた）: of both.
  return read.length >= least && read.length <= 4 * base.length && (!digits || read.length > 3 * signs);
}

/** @param {string} text */
const isKana = (text) => new RegExp(`^[${KANA}]+$`, "u").test(text);

/** @param {string} text */
const hiragana = (text) => inHiragana(text).replace(/[ \u3000・]/g, "");

/** @param {string} kana */
const escaped = (kana) => hiragana(kana).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Katakana as hiragana, all else as it is. @param {string} text */
export function inHiragana(text) {
  return text.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

/** A word with its reading over it. @param {string} base @param {string} read */
export function ruby(base, read) {
  const element = document.createElement("ruby");
  const [open, above, close] = ["rp", "rt", "rp"].map((tag) => document.createElement(tag));
  [open.textContent, above.textContent, close.textContent] = ["（", read, "）"];
  element.append(base, open, above, close);
  return element;
}
