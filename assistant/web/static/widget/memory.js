/** What this browser remembers per town: the conversation's key and the chosen language; never what was said. */

/** @typedef {import("./api.js").Key} Key */

/** Storage that never fails: where the browser forbids it, things are remembered until the page is left. */
export class Memory {
  #name;
  /** @type {{key?: Key, language?: string, spaces?: boolean}} */
  #now = {};

  /** @param {URL} base @param {string} town */
  constructor(base, town) {
    this.#name = `madoguchi:${base.href}:${town}`;
    try {
      const kept = JSON.parse(localStorage.getItem(this.#name) ?? "{}");
      if (kept && typeof kept === "object") this.#now = kept;
    } catch {
      // Storage is blocked or was damaged: start afresh.
    }
  }

  /** @returns {Key | null} */
  get key() {
    const { key } = this.#now;
    return key?.id && key.token ? key : null;
  }

  /** @param {Key | null} key */
  set key(key) {
    this.#keep({ key: key ?? undefined });
  }

  /** @returns {string | undefined} BCP-47 */
  get language() {
    return this.#now.language;
  }

  set language(language) {
    this.#keep({ language });
  }

  /** Whether plain Japanese stands with spaces between its words. @returns {boolean} */
  get spaces() {
    return Boolean(this.#now.spaces);
  }

  set spaces(spaces) {
    this.#keep({ spaces });
  }

  /** @param {{key?: Key, language?: string, spaces?: boolean}} change */
  #keep(change) {
    this.#now = { ...this.#now, ...change };
    try {
      localStorage.setItem(this.#name, JSON.stringify(this.#now));
    } catch {
      // As above: the value lives as long as the page.
    }
  }
}
