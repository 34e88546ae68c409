/** Listens for staff while they have a case of the conversation: their words come by server-sent events. */

import { Refusal } from "./api.js";

/** Waits before listening again, in ms; the last one is repeated. */
const WAITS = [1000, 2000, 5000, 15000, 30000];

/** Keeps one connection open for as long as the conversation is with staff. */
export class StaffListener {
  #conversation;
  #heard;
  /** @type {AbortController | null} */
  #abort = null;

  /**
   * @param {import("./conversation.js").Conversation} conversation
   * @param {(turn: import("./message.js").AnyTurn, late?: import("./message.js").ResidentTurn) => void} heard
   */
  constructor(conversation, heard) {
    this.#conversation = conversation;
    this.#heard = heard;
  }

  /** To be called when the turns have changed: starts or ends listening. */
  follow() {
    if (!this.#conversation.withStaff) {
      this.#abort?.abort();
      this.#abort = null;
    } else if (!this.#abort) {
      this.#abort = new AbortController();
      void this.#listen(this.#abort.signal);
    }
  }

  /** @param {AbortSignal} signal */
  async #listen(signal) {
    let failures = 0;
    while (!signal.aborted) {
      try {
        for await (const { turn, late } of this.#conversation.listen(signal)) {
          failures = 0;
          if (!signal.aborted) this.#heard(turn, late);
        }
      } catch (error) {
        if (error instanceof Refusal && error.expired) return;
      }
      if (signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, WAITS[Math.min(failures++, WAITS.length - 1)]));
    }
  }
}
