/** The public HTTP API as the chat uses it, and the shapes of its values (see CONTRACT in the API documentation). */

import { readEvents } from "./events.js";

/**
 * @typedef {{n: number, title: string, url: string | null, source?: string | null, path: string[], quote: string,
 *   language: string, layer: "nation" | "prefecture" | "town", as_of: string | null, card?: string | null,
 *   refers?: {words: string, means: string}[]}} Citation
 * @typedef {{ja: string, reading: string, romaji?: string, local: string, meaning?: string}} Term
 * @typedef {{label: string, text: string}} Choice
 * @typedef {{ticket: string, desk: string, promise: string, opens_at: string | null}} Handoff
 * @typedef {{id: string, decision: string, why: string, text: string, spaced?: string | null, language: string, citations: Citation[],
 *   terms: Term[], choices: Choice[], attach?: string | null, handoff: Handoff | null, machine_translated: boolean}} Message
 * @typedef {{at: string, told: {who: string, what: string[], why: string, outcome: string}}} Access one entry of the record
 * @typedef {{code: string, name: string, phone: string, url: string, hours: string, language: string,
 *   languages: {code: string, name: string}[], ui: Record<string, string>, formats: Formats,
 *   suggestions: string[], voice?: boolean}} Start
 * @typedef {{date: string, date_weekday: string, time: string, time_full: string, grouping: string, months: string[],
 *   weekdays: string[]}} Formats how the language writes; from January and from Monday on
 * @typedef {{id: string, token: string}} Key a conversation and the token that opens it
 * @typedef {{role: "resident" | "assistant" | "clerk" | "state", text: string, message?: Message | null,
 *   id?: string | null, language?: string | null}} Past state: `text` says to where the case changed hands
 */

/** The server refused or failed; `status` is HTTP's, `retryAfter` seconds (0: not said). Its text stays out of the page. */
export class Refusal extends Error {
  /** @param {number} status @param {number} retryAfter */
  constructor(status, retryAfter = 0) {
    super(`the server answered ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** True when the conversation is gone or its token no longer opens it. */
  get expired() {
    return [401, 403, 404, 410].includes(this.status);
  }
}

/** One town's API. */
export class Api {
  #base;
  #town;

  /** @param {URL} base @param {string} town 6-digit 全国地方公共団体コード */
  constructor(base, town) {
    this.#base = base;
    this.#town = town;
  }

  /**
   * What the chat needs to start, in that language or in the one that the server speaks instead (`language`).
   * @param {string} language @returns {Promise<Start>}
   */
  async start(language) {
    const path = `towns/${encodeURIComponent(this.#town)}?language=`;
    try {
      return await (await this.#call("GET", path + encodeURIComponent(language))).json();
    } catch (error) {
      if (language === "ja" || !(error instanceof Refusal) || error.status >= 500) throw error;
      return (await this.#call("GET", `${path}ja`)).json();
    }
  }

  /** @param {string} language @returns {Promise<Key>} */
  async open(language) {
    const { id, token } = await (await this.#call("POST", "conversations", { town: this.#town, language })).json();
    return { id, token };
  }

  /** The turns so far, oldest first, and the number of the last event in them. @param {Key} key */
  async history(key) {
    const reply = await this.#call("GET", `conversations/${encodeURIComponent(key.id)}/messages`, undefined, { key });
    const { messages, last_event: last = 0 } = await reply.json();
    return { past: /** @type {Past[]} */ (messages), last: Number(last) };
  }

  /**
   * Events of the conversation after that number, for as long as the connection lives: `clerk`, `state`, `message`.
   * @param {Key} key @param {number} after @param {AbortSignal} signal
   */
  async *listen(key, after, signal) {
    const path = `conversations/${encodeURIComponent(key.id)}/events`;
    const reply = await this.#call("GET", path, undefined, { key, signal, accept: "text/event-stream", after });
    if (reply.body) yield* readEvents(reply.body);
  }

  /** Keeps a picture; returns the words that name it in a turn. @param {Key} key @param {Blob} picture */
  async photo(key, picture) {
    const path = `conversations/${encodeURIComponent(key.id)}/photos`;
    return String((await (await this.#call("POST", path, picture, { key })).json()).text);
  }

  /** Who handled personal data of the conversation, oldest first. @param {Key} key @param {string} language @returns {Promise<Access[]>} */
  async accesses(key, language) {
    const path = `conversations/${encodeURIComponent(key.id)}/access?language=${encodeURIComponent(language)}`;
    return (await (await this.#call("GET", path, undefined, { key })).json()).entries;
  }

  /** @param {Key} key @param {{ticket: string, name: string, phone: string, email: string, when: string}} wish */
  async callback(key, wish) {
    await this.#call("POST", `conversations/${encodeURIComponent(key.id)}/callbacks`, wish, { key });
  }

  /**
   * One turn: the events `decision`, `delta`, `citation` and at last `done`, whose data is the whole Message.
   * A repeated id gives the same Message again, so a retry is safe.
   * Without `language` the answer is in the text's own; `page` was chosen on the page since the last turn.
   * @param {Key} key @param {{id: string, text: string, language?: string, page?: string}} turn @param {AbortSignal} signal
   * @returns {AsyncGenerator<{type: string, data: any}>}
   */
  async *ask(key, turn, signal) {
    const path = `conversations/${encodeURIComponent(key.id)}/messages`;
    const reply = await this.#call("POST", path, turn, { key, signal, accept: "text/event-stream" });
    if (!reply.headers.get("content-type")?.startsWith("text/event-stream") || !reply.body) {
      yield { type: "done", data: await reply.json() };
      return;
    }
    for await (const event of readEvents(reply.body)) {
      if (event.type === "error") throw new Refusal(event.data.status ?? 500);
      yield event;
    }
  }

  /** @param {Key} key @param {{message: string, helpful: boolean, reason?: string}} opinion */
  async feedback(key, opinion) {
    await this.#call("POST", `conversations/${encodeURIComponent(key.id)}/feedback`, opinion, { key });
  }

  /** The conversation is gone from the server; one that was gone already is no error. @param {Key} key */
  async remove(key) {
    try {
      await this.#call("DELETE", `conversations/${encodeURIComponent(key.id)}`, undefined, { key });
    } catch (error) {
      if (!(error instanceof Refusal && error.expired)) throw error;
    }
  }

  /**
   * @param {string} method @param {string} path @param {object | Blob} [body] an object goes as JSON, a Blob as it is
   * @param {{key?: Key, signal?: AbortSignal, accept?: string, after?: number}} [options]
   */
  async #call(method, path, body, { key, signal, accept = "application/json", after } = {}) {
    /** @type {Record<string, string>} */
    const headers = { Accept: accept };
    const raw = body instanceof Blob;
    if (body) headers["Content-Type"] = raw ? body.type || "application/octet-stream" : "application/json";
    if (after !== undefined) headers["Last-Event-ID"] = String(after);
    if (key) headers.Authorization = `Bearer ${key.token}`;
    const reply = await fetch(new URL(`api/v1/${path}`, this.#base), {
      method,
      headers,
      body: raw ? body : body && JSON.stringify(body),
      signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (!reply.ok) throw new Refusal(reply.status, Number(reply.headers.get("retry-after")) || 0);
    return reply;
  }
}
