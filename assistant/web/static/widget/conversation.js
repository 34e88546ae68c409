/** The conversation as data: its turns, its key on the server, and how an expired one is renewed. No elements here. */

import { Refusal } from "./api.js";
import { freshId } from "./dom.js";

/**
 * @typedef {import("./message.js").AnyTurn} AnyTurn
 * @typedef {import("./message.js").ResidentTurn} ResidentTurn
 * @typedef {import("./api.js").Message} Message
 */

/** One resident's conversation with one town. */
export class Conversation {
  #api;
  #memory;
  /** @type {AnyTurn[]} oldest first */
  turns = [];
  /** Number of the last event that is in the turns. */
  #heard = 0;

  /** @param {import("./api.js").Api} api @param {import("./memory.js").Memory} memory */
  constructor(api, memory) {
    this.#api = api;
    this.#memory = memory;
  }

  /** The turns of a conversation begun before a reload are back; one that expired leaves a notice instead. */
  async resume() {
    const key = this.#memory.key;
    if (!key) return;
    try {
      const { past, last: heard } = await this.#api.history(key);
      this.#heard = heard;
      this.turns = past.map(asTurn);
      const last = this.turns.at(-1);
      if (last?.role === "assistant") last.live = true;
    } catch (error) {
      // Only an expired key is forgotten: after a lost connection the next question finds the conversation again.
      if (!(error instanceof Refusal && error.expired)) return;
      this.#memory.key = null;
      this.turns = [{ role: "notice", key: "expired" }];
    }
  }

  /**
   * The server's events for a turn. A conversation is opened when there is none; when the server has forgotten it, a
   * new one is opened once and the event `renewed` comes first.
   * @param {ResidentTurn} turn @param {string} language of the page, for a conversation that begins @param {AbortSignal} signal
   * @returns {AsyncGenerator<{type: string, data: any}>}
   */
  async *ask({ id, text, language: wanted, page }, language, signal) {
    const turn = { id, text, ...(wanted && { language: wanted }), ...(page && { page }) };
    const known = this.#memory.key;
    const key = known ?? (await this.#open(language));
    try {
      yield* this.#api.ask(key, turn, signal);
    } catch (error) {
      if (!known || !(error instanceof Refusal) || !error.expired) throw error;
      const fresh = await this.#open(language);
      yield { type: "renewed", data: null };
      yield* this.#api.ask(fresh, turn, signal);
    }
  }

  /** What the resident said last. @returns {ResidentTurn | undefined} */
  get lastAsked() {
    return this.turns.filter((turn) => turn.role === "resident").at(-1);
  }

  /** The answers whose choices no longer count, because another turn follows. */
  retired() {
    const live = this.turns.filter((turn) => turn.role === "assistant").filter((turn) => turn.live);
    for (const turn of live) turn.live = false;
    return live;
  }

  /** True when a case of this conversation is with staff, so that their words may come at any time. */
  get withStaff() {
    const last = this.turns.findLast((turn) => turn.role === "state" || (turn.role === "assistant" && turn.message.handoff?.ticket));
    return last !== undefined && !(last.role === "state" && last.state === "closed");
  }

  /**
   * What staff say and do from now on, as turns; each comes once, also after a lost connection. `late` is an answer
   * whose question had failed here. Ends when the connection does.
   * @param {AbortSignal} signal @returns {AsyncGenerator<{turn: AnyTurn, late?: ResidentTurn}>}
   */
  async *listen(signal) {
    const key = this.#memory.key;
    if (!key) return;
    for await (const { type, data, id } of this.#api.listen(key, this.#heard, signal)) {
      const turn = this.#fresh(type, data);
      this.#heard = Math.max(this.#heard, Number(id) || 0);
      if (turn) yield turn;
    }
  }

  /** @param {string} type @param {any} data @returns {{turn: AnyTurn, late?: ResidentTurn} | null} */
  #fresh(type, data) {
    if (type === "state") return { turn: { role: "state", state: data.state } };
    if (type === "clerk") {
      const known = this.turns.some((turn) => turn.role === "clerk" && turn.id === data.id);
      return known ? null : { turn: { role: "clerk", id: data.id, text: data.text, language: data.language ?? "" } };
    }
    if (type !== "message") return null;
    const late = this.turns.find((turn) => turn.role === "resident" && turn.id === data.in_reply_to && turn.problem);
    return late?.role === "resident" ? { turn: { role: "assistant", message: data, live: true }, late } : null;
  }

  /** @param {{ticket: string, name: string, phone: string, email: string, when: string}} wish */
  async callback(wish) {
    const key = this.#memory.key;
    if (key) await this.#api.callback(key, wish);
  }

  /** Sends a picture; returns the words that name it in the next turn. @param {Blob} picture */
  async photo(picture) {
    const key = this.#memory.key;
    if (!key) throw new Refusal(404);
    return this.#api.photo(key, picture);
  }

  /** Who handled personal data here. @param {string} language */
  async accesses(language) {
    const key = this.#memory.key;
    return key ? this.#api.accesses(key, language) : [];
  }

  /** @param {{message: string, helpful: boolean, reason?: string}} opinion */
  async feedback(opinion) {
    const key = this.#memory.key;
    if (key) await this.#api.feedback(key, opinion);
  }

  /** Nothing of the conversation is left, neither on the server nor here. */
  async remove() {
    const key = this.#memory.key;
    if (key) await this.#api.remove(key);
    this.#memory.key = null;
    this.#heard = 0;
    this.turns = [];
  }

  /** What opens this conversation; a new one is begun where there is none. @param {string} language */
  async key(language) {
    return this.#memory.key ?? (await this.#open(language));
  }

  /** @param {string} language */
  async #open(language) {
    const key = await this.#api.open(language);
    this.#memory.key = key;
    this.#heard = 0;
    return key;
  }
}

/** @param {import("./api.js").Past} past @returns {AnyTurn} */
function asTurn({ role, text, message, id, language }) {
  if (role === "clerk") return { role, id: id ?? freshId(), text, language: language ?? "" };
  if (role === "state") return { role, state: text };
  if (role === "resident") return { role, id: freshId(), text, label: text };
  return { role: "assistant", message: message ?? wordsOnly(text), live: false };
}

/** A message of which only the words are known, such as a clerk's. @param {string} text @returns {Message} */
function wordsOnly(text) {
  return {
    id: "",
    decision: "reply",
    why: "",
    text,
    language: "",
    citations: [],
    terms: [],
    choices: [],
    handoff: null,
    machine_translated: false,
  };
}
