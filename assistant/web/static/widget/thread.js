/** The conversation on the screen: a log that is announced once per answer and never takes the reader's place away. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { renderTurn, whoLine } from "./message.js";
import { renderText } from "./text.js";

/**
 * @typedef {import("./message.js").AnyTurn} AnyTurn
 * @typedef {import("./cards.js").Context} Context
 * @typedef {import("./message.js").Actions} Actions
 * @typedef {{write: (text: string) => void, slow: () => void, end: () => void}} Draft
 */

/** How near to the end, in CSS pixels, counts as reading the end. */
const NEAR = 120;

/** Shows turns; owns no data. */
export class Thread {
  #context;
  #actions;
  #scroller;
  #log;
  #jump;
  /** @type {Map<AnyTurn, HTMLElement>} */
  #shown = new Map();

  /**
   * @param {Context} context @param {Actions} actions
   * @param {() => Element | null} scroller what scrolls: the panel's box, or the document on our own page
   */
  constructor(context, actions, scroller) {
    this.#context = context;
    this.#actions = actions;
    this.#scroller = scroller;
    const { ui } = context;
    this.#log = h("div", { class: "thread", role: "log", "aria-live": "polite", "aria-label": ui.log });
    this.#jump = h(
      "button",
      { type: "button", class: "button button-primary jump", hidden: true, on: { click: () => this.#toLast() } },
      icon("below"),
      h("span", {}, ui.new_answer),
    );
    this.element = this.#log;
  }

  /** The button that leads to an answer which came while the reader was elsewhere. */
  get jump() {
    return this.#jump;
  }

  /** Shows these turns anew without having them read out. @param {AnyTurn[]} turns */
  reset(turns) {
    this.#log.setAttribute("aria-live", "off");
    this.#shown.clear();
    this.#log.replaceChildren();
    for (const turn of turns) this.#place(turn);
    setTimeout(() => this.#log.setAttribute("aria-live", "polite"), 500);
  }

  /**
   * The turn stands at the end of the log, and is read out once. The resident's own words always come into view;
   * other turns only when the end was being read.
   * @param {AnyTurn} turn @param {Draft} [draft] whose place the turn takes
   */
  add(turn, draft) {
    const follow = turn.role === "resident" || this.#atEnd();
    draft?.end();
    const element = this.#place(turn);
    if (follow) this.#reveal(element);
    else this.#jump.hidden = false;
  }

  /** The choices under a turn go away: another turn followed. @param {AnyTurn} turn */
  retire(turn) {
    for (const row of this.#shown.get(turn)?.querySelectorAll(".choices, .photo-row, .answered-in") ?? []) row.remove();
  }

  /** Draws a turn again where it stands. @param {AnyTurn} turn */
  redraw(turn) {
    const old = this.#shown.get(turn);
    if (!old) return;
    const fresh = renderTurn(turn, this.#context, this.#actions);
    this.#shown.set(turn, fresh);
    old.replaceWith(fresh);
  }

  /** @param {AnyTurn} turn */
  remove(turn) {
    this.#shown.get(turn)?.remove();
    this.#shown.delete(turn);
  }

  /** Keyboard focus goes to the turn, so that Tab goes on from there. @param {AnyTurn} turn */
  focus(turn) {
    this.#shown.get(turn)?.focus({ preventScroll: true });
  }

  /**
   * A place where an answer grows. It is hidden from assistive technology: the finished answer, added as a whole, is
   * what is read out.
   * @returns {Draft}
   */
  draft() {
    const { ui } = this.#context;
    const words = h("span", {}, ui.thinking);
    const waiting = h("p", { class: "waiting" }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), words);
    const text = h("div", { class: "text" });
    const box = h("div", { class: "turn turn-assistant draft", "aria-hidden": "true" }, whoLine(ui), text, waiting);
    const follow = this.#atEnd();
    this.#log.append(box);
    if (follow) this.#reveal(box);
    let frame = 0;
    let latest = "";
    const paint = () => {
      frame = 0;
      const stick = this.#atEnd();
      text.replaceChildren(...renderText(latest));
      if (stick) this.#reveal(box);
    };
    return {
      write: (more) => {
        latest += more;
        waiting.hidden = true;
        frame ||= requestAnimationFrame(paint);
      },
      slow: () => {
        words.textContent = ui.slow;
      },
      end: () => {
        cancelAnimationFrame(frame);
        box.remove();
      },
    };
  }

  /** @param {AnyTurn} turn */
  #place(turn) {
    const element = renderTurn(turn, this.#context, this.#actions);
    this.#shown.set(turn, element);
    this.#log.append(element);
    return element;
  }

  #atEnd() {
    const box = this.#scroller();
    return !box || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  }

  /** The end comes into view, but never so far that the beginning of the turn is lost. @param {HTMLElement} element */
  #reveal(element) {
    const box = this.#scroller();
    if (!box) return;
    const top = box === document.scrollingElement ? 0 : box.getBoundingClientRect().top;
    const start = box.scrollTop + anchor(element).getBoundingClientRect().top - top - 16;
    box.scrollTop = Math.min(box.scrollHeight - box.clientHeight, Math.max(0, start));
    this.#jump.hidden = true;
  }

  #toLast() {
    const last = [...this.#shown.values()].at(-1);
    if (!last) return;
    this.#reveal(last);
    last.focus({ preventScroll: true });
  }

  /** The jump button goes away when the reader has reached the end alone. */
  noticeScroll() {
    if (this.#atEnd()) this.#jump.hidden = true;
  }
}

/** What comes to the top: the question, if short, stays in view above its answer. @param {HTMLElement} element */
function anchor(element) {
  const before = element.previousElementSibling;
  return before?.matches(".turn-resident") && before.getBoundingClientRect().height < NEAR ? before : element;
}

/**
 * What is said before the first question.
 * @param {Context} context @param {(text: string) => void} onPick
 */
export function welcome({ ui, start }, onPick) {
  const items = start.suggestions.map((text) =>
    h("li", {}, h("button", { type: "button", class: "button", on: { click: () => onPick(text) } }, h("span", {}, text), icon("arrow"))),
  );
  const suggestions =
    items.length > 0 &&
    h("section", { class: "suggestions" }, h("h3", {}, ui.suggestions), h("ul", {}, ...items));
  return h(
    "section",
    { class: "welcome" },
    h("h2", {}, ui.greeting),
    h("p", {}, fill(ui.lead, { town: start.name })),
    suggestions,
  );
}
