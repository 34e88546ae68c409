/** The chat: puts the parts together and leads a question from the box to its answer. */

import { Refusal } from "./api.js";
import { Composer } from "./composer.js";
import { showCard } from "./counter.js";
import { fill, freshId, h, langTag } from "./dom.js";
import { confirmDelete, keepClear, panelHead, printAlone, spacing, toolbar } from "./frame.js";
import { showRecord } from "./record.js";
import { StaffListener } from "./staff.js";
import { Thread, welcome } from "./thread.js";
import { voiceRow } from "./voice.js";

/**
 * @typedef {import("./api.js").Start} Start
 * @typedef {import("./message.js").ResidentTurn} ResidentTurn
 * @typedef {import("./message.js").AnyTurn} AnyTurn
 */

/** After this many ms without an answer the waiting line says so. */
const SLOW = 8000;
/** After this many ms without any event the question is given up and can be sent again. */
const SILENCE = 60000;

/** One chat in its frame: the panel's dialog, or a plain box on our own page. */
export class Chat {
  #parts;
  #frame;
  #language;
  /** @type {string | undefined} chosen since the last turn; then it decides where the resident's text does not */
  #chosen;
  #start;
  #view;
  /** @type {Promise<void> | null} the question under way */
  #running = null;
  /** @type {AbortController | null} */
  #abort = null;
  #staff;

  /**
   * @param {{api: import("./api.js").Api, conversation: import("./conversation.js").Conversation, base: URL,
   *   memory: import("./memory.js").Memory, host: HTMLElement, page: boolean, close: () => void, language: (code: string) => void}} parts
   * @param {HTMLElement} frame @param {Start} start @param {string} language BCP-47
   */
  constructor(parts, frame, start, language) {
    this.#parts = parts;
    this.#frame = frame;
    this.#start = start;
    this.#language = language;
    this.#view = this.#build("");
    this.#put();
    this.#staff = new StaffListener(parts.conversation, (turn, late) => this.#heard(turn, late));
    const online = () => this.#showLine();
    window.addEventListener("online", online);
    window.addEventListener("offline", online);
    document.addEventListener("scroll", () => this.#view.thread.noticeScroll(), { passive: true });
  }

  /** The question box. */
  get composer() {
    return this.#view.composer;
  }

  /** All parts in the language of now. @param {string} text stands in the question box */
  #build(text) {
    const { base, page, conversation } = this.#parts;
    const { ui } = this.#start;
    const spoken = { base, conversation, language: () => this.#language, add: (/** @type {AnyTurn} */ turn) => this.#add(turn) };
    const voice = voiceRow(this.#start, spoken);
    const context = { ui, start: this.#start, base, language: this.#language };
    const box = h("div", { class: "scroll", tabindex: page ? null : 0 });
    const thread = new Thread(context, this.#actions, () => (page ? document.scrollingElement : box));
    const composer = new Composer(this.#start, { send: (words) => this.ask(words), stop: () => this.#abort?.abort() });
    const greeting = welcome(context, (words) => this.ask(words, { focus: true, language: this.#language }));
    const status = h("p", { class: "offscreen", role: "status" });
    const line = h("p", { class: "offline", role: "status", hidden: true }, ui.offline);
    composer.text = text;
    box.addEventListener("scroll", () => thread.noticeScroll(), { passive: true });
    box.append(greeting, thread.element);
    return { box, thread, composer, greeting, status, line, voice, tools: h("div") };
  }

  /** The parts stand in the frame, with the turns so far. */
  #put() {
    const { page, conversation, close } = this.#parts;
    const { box, thread, composer, status, line, voice, tools } = this.#view;
    thread.reset(conversation.turns);
    const foot = h("div", { class: "foot" }, thread.jump, line, composer.element, voice?.element, status);
    if (page) keepClear(foot);
    this.#frame.setAttribute("lang", langTag(this.#language));
    this.#frame.replaceChildren(...(page ? [] : [panelHead(this.#start, close)]), tools, box, foot);
    composer.fit();
    this.#showBegun();
    this.#showLine();
  }

  /** @type {import("./message.js").Actions} */
  get #actions() {
    return {
      choose: ({ text, label }, language) => this.ask(text, { label, focus: true, language }),
      again: (language) => this.#askAgain(language),
      card: (address) => void showCard(address, this.#start.ui, this.#frame, this.#parts),
      photo: async (picture) => this.ask(await this.#parts.conversation.photo(picture), { focus: true }),
      feedback: (opinion) => this.#parts.conversation.feedback(opinion),
      callback: (wish) => this.#parts.conversation.callback(wish),
      retry: (turn) => this.#again(turn),
      edit: (turn) => this.#edit(turn),
      say: (words) => this.say(words),
    };
  }

  /** Read out by a screen reader, shown nowhere. @param {string} words */
  say(words) {
    // Emptied first, so that the same words twice are read twice.
    this.#view.status.textContent = "";
    setTimeout(() => (this.#view.status.textContent = words), 50);
  }

  /** The conversation from before a reload is shown, at its end. */
  async resume() {
    await this.#parts.conversation.resume();
    this.#view.thread.reset(this.#parts.conversation.turns);
    this.#showBegun();
    this.#staff.follow();
    this.#frame.toggleAttribute("data-resumed", true);
    if (this.#parts.conversation.turns.length && !this.#parts.page) this.#view.box.scrollTop = this.#view.box.scrollHeight;
  }

  /** The interface speaks another language; what was said stays. @param {Start} start @param {string} language */
  async speak(start, language) {
    await this.#running;
    const focused = /** @type {ShadowRoot} */ (this.#frame.getRootNode()).activeElement?.matches("select");
    this.#start = start;
    this.#chosen = language === this.#language ? this.#chosen : language;
    this.#language = language;
    this.#view.voice?.stop();
    this.#view = this.#build(this.composer.text);
    this.#put();
    if (focused) this.#view.tools.querySelector("select")?.focus();
  }

  /** The other language could not be loaded: says so, and the list shows the language of now. */
  failedSwitch() {
    this.say(this.#start.ui.unsent);
    const select = this.#view.tools.querySelector("select");
    if (select) select.value = this.#language;
  }

  /**
   * Sends the words and shows what comes back.
   * @param {string} text
   * @param {{label?: string, focus?: boolean, language?: string}} [options] label: what the resident pressed; focus: the
   *   button goes away; language: of the button, and so of the answer
   */
  ask(text, { label = text, focus = false, language } = {}) {
    if (this.#running) return;
    /** @type {ResidentTurn} */
    const turn = { role: "resident", id: freshId(), text, label, language, page: this.#chosen };
    this.#chosen = undefined;
    for (const earlier of this.#parts.conversation.retired()) this.#view.thread.retire(earlier);
    this.#add(turn);
    if (focus) this.#view.thread.focus(turn);
    else this.composer.text = "";
    this.#run(turn);
  }

  /** The last question once more, to be answered in that language. @param {string} language */
  #askAgain(language) {
    const { lastAsked: last } = this.#parts.conversation;
    if (last) this.ask(last.text, { label: last.label, focus: true, language });
  }

  /** @param {AnyTurn} turn @param {import("./thread.js").Draft} [draft] */
  #add(turn, draft) {
    this.#parts.conversation.turns.push(turn);
    this.#view.thread.add(turn, draft);
    this.#showBegun();
    this.#staff.follow();
  }

  /** Words of staff, a case that changed hands, or an answer that had been given up. @param {AnyTurn} turn @param {ResidentTurn} [late] */
  #heard(turn, late) {
    if (late) {
      late.problem = undefined;
      this.#view.thread.redraw(late);
    }
    this.#add(turn);
  }

  /** @param {ResidentTurn} turn */
  #run(turn) {
    this.composer.busy = true;
    this.#running = this.#answer(turn).finally(() => {
      this.#running = null;
      this.#abort = null;
      this.composer.busy = false;
    });
  }

  /** @param {ResidentTurn} turn */
  async #answer(turn) {
    const draft = this.#view.thread.draft();
    const { ui } = this.#start;
    const abort = (this.#abort = new AbortController());
    let silent = false;
    const giveUp = () => {
      silent = true;
      abort.abort();
    };
    let silence = setTimeout(giveUp, SILENCE);
    const slow = setTimeout(() => (draft.slow(), this.say(ui.slow)), SLOW);
    let heard = "";
    this.say(ui.thinking);
    try {
      for await (const { type, data } of this.#parts.conversation.ask(turn, this.#language, abort.signal)) {
        clearTimeout(silence);
        silence = setTimeout(giveUp, SILENCE);
        if (type === "renewed") this.#add({ role: "notice", key: "expired" });
        if (type === "delta") {
          heard += data.text;
          draft.write(data.text);
        }
        if (type === "done") return this.#add({ role: "assistant", message: data, live: true }, draft);
      }
      throw new Refusal(502);
    } catch (error) {
      if (abort.signal.aborted && !silent) this.#add({ role: "partial", text: heard }, draft);
      else this.#fail(turn, draft, error);
    } finally {
      clearTimeout(slow);
      clearTimeout(silence);
    }
  }

  /** @param {ResidentTurn} turn @param {import("./thread.js").Draft} draft @param {unknown} error */
  #fail(turn, draft, error) {
    const { ui } = this.#start;
    draft.end();
    if (error instanceof Refusal && error.status === 429) turn.problem = fill(ui.busy, { seconds: error.retryAfter || 30 });
    else turn.problem = error instanceof Refusal ? ui.failed : ui.unsent;
    this.#view.thread.redraw(turn);
    this.#showLine();
  }

  /** The same turn once more, with the same id: the server does nothing twice. @param {ResidentTurn} turn */
  #again(turn) {
    if (this.#running) return;
    turn.problem = undefined;
    this.#view.thread.redraw(turn);
    this.#view.thread.focus(turn);
    this.#run(turn);
  }

  /** The words go back to the box. @param {ResidentTurn} turn */
  #edit(turn) {
    const { conversation } = this.#parts;
    conversation.turns = conversation.turns.filter((other) => other !== turn);
    this.#view.thread.remove(turn);
    this.composer.text = turn.text;
    this.composer.focus();
    this.#showBegun();
  }

  async #remove() {
    const { ui } = this.#start;
    if (!(await confirmDelete(ui, this.#frame))) return;
    this.#abort?.abort();
    this.#view.voice?.stop();
    await this.#running;
    try {
      await this.#parts.conversation.remove();
    } catch {
      this.say(ui.delete_failed);
      return;
    }
    this.#view.thread.reset([]);
    this.#showBegun();
    this.#staff.follow();
    this.composer.focus();
    this.say(ui.deleted);
  }

  /** Suggestions stand until something was said; printing and deleting from then on. */
  #showBegun() {
    const { page, conversation, host, language } = this.#parts;
    const begun = conversation.turns.some(({ role }) => role !== "notice");
    for (const list of this.#view.greeting.querySelectorAll(".suggestions")) list.toggleAttribute("hidden", begun);
    const shown = this.#view.tools.querySelector(".tool-print");
    if (shown && shown.hasAttribute("hidden") === !begun) return;
    const record = () => showRecord(this.#start, this.#frame, () => this.#parts.conversation.accesses(this.#language));
    const actions = { language: page ? undefined : language, record, print: () => printAlone(host), remove: () => this.#remove() };
    const fresh = toolbar(this.#start, this.#language, actions, begun, spacing(this.#frame, this.#parts.memory));
    this.#view.tools.replaceWith(fresh);
    this.#view.tools = fresh;
  }

  #showLine() {
    this.#view.line.hidden = navigator.onLine;
  }
}
