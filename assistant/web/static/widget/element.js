/**
 * <madoguchi-chat town="482013" lang="ja">: a launcher and a panel on any site, or, with mode="page", the whole chat in
 * place. Methods for sites: open(), close(), switchLanguage(code). Event: `madoguchi-language` {language, start}.
 *
 * The content written inside the element stays until the chat has started; where it can't start (no JavaScript, no
 * server), a form there goes on working.
 */

import { Api } from "./api.js";
import { Chat } from "./chat.js";
import { Conversation } from "./conversation.js";
import { h, langTag } from "./dom.js";
import { icon } from "./icons.js";
import { Memory } from "./memory.js";
import { bindPage } from "./page.js";
import { chatSheets, registerTextUnit } from "./styles.js";

/** Waits between tries to start, in ms. */
const WAITS = [2000, 8000, 30000];
/** Narrower than this the panel covers the screen and is modal. */
const SMALL = "(max-width: 30em), (max-height: 30em)";

/** Registers the element once; a second embed on the same page is harmless. */
export function defineChat() {
  if (!customElements.get("madoguchi-chat")) customElements.define("madoguchi-chat", MadoguchiChat);
}

/** The custom element. */
export class MadoguchiChat extends HTMLElement {
  #base = new URL("../../", import.meta.url);
  #begun = false;
  #resumed = false;
  /** @type {Chat | null} */
  #chat = null;
  /** @type {HTMLDialogElement | null} */
  #panel = null;
  /** @type {HTMLButtonElement | null} */
  #launcher = null;

  connectedCallback() {
    if (this.#begun) return;
    this.#begun = true;
    this.#api = new Api(this.#base, this.#town);
    this.#memory = new Memory(this.#base, this.#town);
    this.#begin(0);
  }

  /** @type {Api} */
  #api = /** @type {any} */ (null);
  /** @type {Memory} */
  #memory = /** @type {any} */ (null);

  get #town() {
    return this.getAttribute("town") ?? "";
  }

  get #page() {
    return this.getAttribute("mode") === "page";
  }

  /** The language to start in: one asked for by the address, chosen before, the site's, the browser's. */
  get #wish() {
    const asked = this.#page && new URLSearchParams(location.search).get("lang");
    return asked || this.#memory.language || this.dataset.language || this.lang || document.documentElement.lang || navigator.language || "ja";
  }

  /** @param {number} failures so far */
  async #begin(failures) {
    try {
      const [start, sheets] = await Promise.all([this.#api.start(this.#wish), chatSheets(this.#base)]);
      await this.#show(start, sheets, start.language);
    } catch (error) {
      if (failures >= WAITS.length) console.error("madoguchi: the chat could not be started", error);
      else setTimeout(() => this.#begin(failures + 1), WAITS[failures]);
    }
  }

  /** @param {import("./api.js").Start} start @param {CSSStyleSheet[]} sheets @param {string} language */
  async #show(start, sheets, language) {
    registerTextUnit();
    const box = this.querySelector("textarea");
    const [draft, writing] = [box?.value ?? "", box !== null && box === document.activeElement];
    this.#adopt();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = sheets;
    const frame = this.#page ? h("div", { class: "frame" }) : this.#makePanel();
    const parts = {
      api: this.#api,
      base: this.#base,
      host: this,
      page: this.#page,
      conversation: new Conversation(this.#api, this.#memory),
      memory: this.#memory,
      close: () => this.close(),
      language: (/** @type {string} */ code) => void this.switchLanguage(code),
    };
    this.#chat = new Chat(parts, frame, start, language);
    this.replaceChildren();
    if (this.#launcher) root.append(this.#launcher);
    root.append(frame);
    if (this.#page) bindPage(this);
    this.#told(start, language);
    if (this.#page) {
      this.#chat.composer.text = draft;
      if (writing) this.focusInput();
      await this.#resume();
    }
  }

  /** A conversation begun without JavaScript goes on: its key stands in the form's hidden fields. */
  #adopt() {
    const field = (/** @type {string} */ name) =>
      this.querySelector(/** @type {"input"} */ (`input[name="${name}"]`))?.value ?? "";
    const key = { id: field("conversation"), token: field("token") };
    if (key.id && key.token) this.#memory.key = key;
  }

  async #resume() {
    if (this.#resumed) return;
    this.#resumed = true;
    await this.#chat?.resume();
  }

  #makePanel() {
    const panel = h("dialog", { class: "frame panel", id: "md-panel", "aria-labelledby": "md-title" });
    panel.addEventListener("close", () => this.#closed());
    // A dialog that is not modal does not close on Esc by itself.
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    });
    this.#panel = panel;
    this.#launcher = h(
      "button",
      { type: "button", class: "button button-primary launcher", "aria-expanded": "false", "aria-haspopup": "dialog" },
      icon("window"),
      h("span", {}),
    );
    this.#launcher.addEventListener("click", () => this.open());
    return panel;
  }

  /** Shows the panel with the focus in the question box. Without effect on the page and before the start. */
  open() {
    const panel = this.#panel;
    if (!panel || !this.#chat || panel.open) return;
    const small = matchMedia(SMALL).matches;
    if (small) panel.showModal();
    else panel.show();
    this.#launcher?.setAttribute("aria-expanded", "true");
    this.#launcher?.toggleAttribute("hidden", true);
    this.#chat.composer.focus();
    void this.#resume();
  }

  /** Hides the panel; the focus goes back to the launcher. The conversation stays. */
  close() {
    this.#panel?.close();
  }

  #closed() {
    this.#launcher?.setAttribute("aria-expanded", "false");
    this.#launcher?.toggleAttribute("hidden", false);
    this.#launcher?.focus();
  }

  /** The focus stands in the question box. */
  focusInput() {
    this.#chat?.composer.focus();
  }

  /** Interface and later answers are in this language; the conversation goes on. @param {string} code BCP-47 */
  async switchLanguage(code) {
    if (!this.#chat) return;
    try {
      const start = await this.#api.start(code);
      this.#memory.language = code;
      await this.#chat.speak(start, code);
      this.#told(start, code);
    } catch {
      this.#chat.failedSwitch();
    }
  }

  /** @param {import("./api.js").Start} start @param {string} language */
  #told(start, language) {
    this.setAttribute("lang", langTag(language));
    this.dataset.language = language;
    this.#launcher?.setAttribute("lang", langTag(language));
    this.#launcher?.querySelector("span")?.replaceChildren(start.ui.launcher);
    this.dispatchEvent(new CustomEvent("madoguchi-language", { detail: { language, start }, bubbles: true }));
  }
}
