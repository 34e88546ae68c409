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
      this.turns = (await this.#api.history(key)).map(asTurn);
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
   * @param {ResidentTurn} turn @param {string} language @param {AbortSignal} signal
   * @returns {AsyncGenerator<{type: string, data: any}>}
   */
  async *ask({ id, text }, language, signal) {
    const known = this.#memory.key;
    const key = known ?? (await this.#open(language));
    try {
      yield* this.#api.ask(key, { id, text, language }, signal);
    } catch (error) {
      if (!known || !(error instanceof Refusal) || !error.expired) throw error;
      const fresh = await this.#open(language);
      yield { type: "renewed", data: null };
      yield* this.#api.ask(fresh, { id, text, language }, signal);
    }
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
    this.turns = [];
  }

  /** @param {string} language */
  async #open(language) {
    const key = await this.#api.open(language);
    this.#memory.key = key;
    return key;
  }
}

/** @param {import("./api.js").Past} past @returns {AnyTurn} */
function asTurn({ role, text, message }) {
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
