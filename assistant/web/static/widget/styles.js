/** Style sheets as constructable sheets: a strict CSP forbids <style>, and a <link> in a shadow tree would flash. */

/** The sheets of the chat in cascade order, under /static. */
const SHEETS = ["tokens.css", "thread.css", "readings.css", "cards.css", "terms.css", "counter.css", "composer.css", "widget/panel.css", "modes.css"];

/** @type {Promise<CSSStyleSheet[]> | null} */
let loaded = null;

/** The chat's sheets, fetched once per page. @param {URL} base @returns {Promise<CSSStyleSheet[]>} */
export function chatSheets(base) {
  loaded ??= Promise.all(SHEETS.map((name) => fetchSheet(new URL(`static/${name}`, base))));
  loaded.catch(() => {
    loaded = null;
  });
  return loaded;
}

/** @param {URL} address */
async function fetchSheet(address) {
  const reply = await fetch(address, { credentials: "omit" });
  if (!reply.ok) throw new Error(`style sheet answered ${reply.status}`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await reply.text());
  return sheet;
}

/**
 * Makes --md-rem a length, so that `1em` at the shadow host is resolved there once: sizes then follow the reader's own
 * text size and not the root font size of the site that embeds us. Where it is unknown, `em` adds up: slightly larger.
 */
export function registerTextUnit() {
  try {
    CSS.registerProperty({ name: "--md-rem", syntax: "<length>", inherits: true, initialValue: "16px" });
  } catch {
    // Registered before, or not supported.
  }
}
