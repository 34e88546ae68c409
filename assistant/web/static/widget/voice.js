/** The microphone under the question box: push-to-talk or hands-free, captions, everything by keyboard too. */

import { button, freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { Talk } from "./talk.js";

/**
 * @typedef {{base: URL, conversation: import("./conversation.js").Conversation, language: () => string,
 *   add: (turn: import("./message.js").AnyTurn) => void}} Spoken
 */

/**
 * The row, or null where the server can't recognise speech or the browser has no microphone (as on plain http).
 * @param {import("./api.js").Start} start @param {Spoken} actions
 */
export function voiceRow(start, actions) {
  const can = navigator.mediaDevices?.getUserMedia && window.AudioWorkletNode && window.WebSocket;
  return start.voice && can ? new VoiceRow(start.ui, actions) : null;
}

/** The row with the microphone's buttons. */
export class VoiceRow {
  #ui;
  #actions;
  /** @type {Talk | null} */
  #talk = null;
  #opening = false;
  #holding = false;
  /** True until the words that say so have been replaced by the resident's next ones. */
  #missed = false;
  #hold;
  #free;
  #caption;

  /** @param {Record<string, string>} ui @param {Spoken} actions */
  constructor(ui, actions) {
    this.#ui = ui;
    this.#actions = actions;
    this.#hold = button(ui.voice_hold, () => {}, { icon: icon("microphone"), class: "voice-hold", "aria-pressed": "false" });
    this.#free = button(ui.voice_free, () => this.#toggle(), { class: "voice-free", "aria-pressed": "false" });
    this.#caption = h("p", { class: "voice-caption", role: "status" });
    this.#bindHold();
    this.element = h("div", { class: "row voice", role: "group", "aria-label": ui.voice }, this.#hold, this.#free, this.#caption);
  }

  /** Held by pointer, by space or by Enter; letting go anywhere ends it. */
  #bindHold() {
    const keys = [" ", "Enter"];
    this.#hold.addEventListener("pointerdown", (event) => {
      this.#hold.setPointerCapture(event.pointerId);
      void this.#press();
    });
    for (const type of ["pointerup", "pointercancel", "blur"]) this.#hold.addEventListener(type, () => this.#release());
    this.#hold.addEventListener("contextmenu", (event) => event.preventDefault());
    this.#hold.addEventListener("keydown", (event) => {
      if (!keys.includes(event.key)) return;
      event.preventDefault();
      if (!event.repeat) void this.#press();
    });
    this.#hold.addEventListener("keyup", (event) => keys.includes(event.key) && this.#release());
  }

  async #press() {
    this.#holding = true;
    if (!this.#talk) await this.#open(false);
    if (!this.#holding || !this.#talk) return;
    this.#hold.setAttribute("aria-pressed", "true");
    this.#talk.press();
    this.#say(this.#ui.voice_hold_hint);
  }

  #release() {
    if (!this.#holding) return;
    this.#holding = false;
    this.#hold.setAttribute("aria-pressed", "false");
    this.#talk?.release();
  }

  async #toggle() {
    if (this.#talk) return this.stop();
    await this.#open(true);
  }

  /** The microphone is off. */
  stop() {
    this.#talk?.close();
  }

  /** @param {boolean} free */
  async #open(free) {
    if (this.#opening) return;
    this.#opening = true;
    try {
      const { base, conversation, language, add } = this.#actions;
      const key = await conversation.key(language());
      this.#talk = await Talk.open({ base, key, language: language(), free }, {
        state: (state) => this.#state(state, free),
        heard: (text) => {
          this.#say(`${this.#ui.voice_heard}: ${text}`);
          add({ role: "resident", id: freshId(), text, label: text });
        },
        message: (message) => add({ role: "assistant", message, live: true }),
        missed: () => {
          this.#missed = true;
          this.#say(this.#ui.voice_not_understood);
        },
        ended: (lost) => this.#ended(lost),
      });
      this.#show(true);
    } catch {
      this.#say(this.#ui.voice_refused);
    } finally {
      this.#opening = false;
    }
  }

  /** @param {string} state @param {boolean} free */
  #state(state, free) {
    if (state === "listening" && (!free || this.#missed)) {
      this.#missed = false;
      return;
    }
    const words = { listening: "voice_listening", hearing: "voice_hearing", speaking: "voice_speaking" };
    const key = words[/** @type {"listening"} */ (state)];
    if (key) this.#say(this.#ui[key]);
    this.element.dataset.state = state;
  }

  /** @param {boolean} lost */
  #ended(lost) {
    this.#talk = null;
    this.#show(false);
    this.#say(lost ? this.#ui.voice_lost : "");
  }

  /** @param {boolean} on */
  #show(on) {
    this.#free.setAttribute("aria-pressed", String(on));
    this.#free.querySelector("span")?.replaceChildren(on ? this.#ui.voice_stop : this.#ui.voice_free);
  }

  /** @param {string} words */
  #say(words) {
    this.#caption.textContent = words;
  }
}
