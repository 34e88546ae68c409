/** The box where the resident writes: label, counter, privacy hint, one button that sends or stops. */

import { fill, h } from "./dom.js";
import { numberText } from "./formats.js";
import { icon } from "./icons.js";

/** A longer message is refused by the server (assistant.model.MAX_TURN_CHARS). */
const LIMIT = 2000;
/** From here on the counter is shown. */
const NEARLY = 1500;

/** The form at the foot of the conversation. */
export class Composer {
  #ui;
  #formats;
  #busy = false;
  #area;
  #button;
  #counter;
  #spoken;

  /** @param {import("./api.js").Start} start @param {{send: (text: string) => void, stop: () => void}} actions */
  constructor({ ui, formats }, actions) {
    this.#ui = ui;
    this.#formats = formats;
    this.#area = h("textarea", {
      id: "md-text",
      name: "text",
      rows: 1,
      dir: "auto",
      placeholder: ui.placeholder,
      autocomplete: "off",
      "aria-describedby": "md-privacy md-counter",
      on: { input: () => this.fit(), keydown: (event) => this.#key(event) },
    });
    this.#button = h("button", { type: "submit", class: "button button-primary composer-send" });
    this.#counter = h("p", { id: "md-counter", class: "composer-counter", hidden: true });
    this.#spoken = h("p", { class: "offscreen", role: "status" });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (this.#busy) actions.stop();
      else if (this.#sendable) actions.send(this.text.trim());
      else this.#area.focus();
    };
    this.element = this.#form(submit);
    this.busy = false;
  }

  /** @param {(event: Event) => void} submit */
  #form(submit) {
    const ui = this.#ui;
    return h(
      "form",
      { class: "composer", on: { submit } },
      h("label", { class: "offscreen", for: "md-text" }, ui.input),
      h("div", { class: "composer-box" }, this.#area, this.#button),
      h(
        "div",
        { class: "composer-hints" },
        h("p", { id: "md-privacy" }, ui.privacy),
        h("p", { class: "composer-keys" }, ui.enter_hint),
        this.#counter,
        this.#spoken,
      ),
    );
  }

  get text() {
    return this.#area.value;
  }

  set text(text) {
    this.#area.value = text;
    this.fit();
  }

  get busy() {
    return this.#busy;
  }

  set busy(busy) {
    this.#busy = busy;
    const label = busy ? this.#ui.stop : this.#ui.send;
    this.#button.setAttribute("aria-label", label);
    this.#button.title = label;
    this.#button.replaceChildren(icon(busy ? "stop" : "send"));
    this.fit();
  }

  focus() {
    this.#area.focus();
  }

  get #sendable() {
    return this.text.trim() !== "" && [...this.text].length <= LIMIT;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method is composing, Enter picks a candidate; 229 is what older Safari reports then.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    // On a touch keyboard Enter is the only way to a new line.
    if (matchMedia("(pointer: coarse)").matches && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (!this.#busy) this.element.requestSubmit();
  }

  /** Height, counter and button follow the text; to be called too once the box is on the page. */
  fit() {
    this.#area.style.blockSize = "auto";
    this.#area.style.blockSize = `${this.#area.scrollHeight}px`;
    const left = LIMIT - [...this.text].length;
    const count = numberText(Math.abs(left), this.#formats);
    const words = fill(left < 0 ? this.#ui.counter_over : this.#ui.counter, { count });
    this.#counter.hidden = left > LIMIT - NEARLY;
    this.#counter.textContent = words;
    this.#counter.classList.toggle("composer-over", left < 0);
    // Spoken every hundred characters only: each key would drown the reader's own typing.
    if (!this.#counter.hidden && (left < 0 || left % 100 === 0)) this.#spoken.textContent = words;
    this.#area.setAttribute("aria-invalid", String(left < 0));
    this.#button.setAttribute("aria-disabled", String(!this.#busy && left < 0));
  }
}
