/** One turn as elements: what the resident said, the assistant's message, a notice. */

import { callbackForm } from "./callback.js";
import { asText, choiceRow, citationList, emergencyCard, handoffCard } from "./cards.js";
import { cardAddress, termList } from "./counter.js";
import { button, fill, h, langTag } from "./dom.js";
import { icon } from "./icons.js";
import { namesPhoto, photoRow } from "./photo.js";
import { renderText } from "./text.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./cards.js").Context} Context
 * @typedef {{
 *   choose: (choice: import("./api.js").Choice, language: string) => void, again: (language: string) => void,
 *   card: (address: string) => void,
 *   feedback: (opinion: {message: string, helpful: boolean, reason?: string}) => Promise<void>,
 *   callback: (wish: import("./callback.js").Wish) => Promise<void>,
 *   photo: (picture: Blob) => Promise<void>, retry: (turn: ResidentTurn) => void, edit: (turn: ResidentTurn) => void, say: (words: string) => void,
 * }} Actions
 * @typedef {{role: "resident", id: string, text: string, label: string, language?: string, page?: string, problem?: string}} ResidentTurn
 *   label: what was shown on the button; language: of the button, for the answer; page: chosen on the page since the turn
 *   before; problem: why it got no answer, in words for the resident
 * @typedef {{role: "assistant", message: Message, live: boolean, opinion?: boolean}} AssistantTurn live: choices count
 * @typedef {{role: "partial", text: string}} PartialTurn an answer that the resident stopped
 * @typedef {{role: "notice", key: string}} NoticeTurn
 * @typedef {{role: "clerk", id: string, text: string, language: string}} ClerkTurn what a member of staff wrote
 * @typedef {{role: "state", state: string}} StateTurn the case changed hands: taken, waiting, returned, closed
 * @typedef {ResidentTurn | AssistantTurn | PartialTurn | NoticeTurn | ClerkTurn | StateTurn} AnyTurn
 */

/** Reasons for a thumb down; the ids are what the server stores. */
const REASONS = ["off_topic", "wrong", "outdated", "unclear", "other"];

/** @param {AnyTurn} turn @param {Context} context @param {Actions} actions @returns {HTMLElement} */
export function renderTurn(turn, context, actions) {
  switch (turn.role) {
    case "resident":
      return renderResident(turn, context.ui, actions);
    case "assistant":
      return renderAnswer(turn, context, actions);
    case "partial":
      return renderPartial(turn, context.ui);
    case "clerk":
      return renderClerk(turn, context.ui);
    case "state":
      return renderState(turn, context.ui);
    case "notice":
      return h("div", { class: "notice" }, h("p", {}, context.ui[turn.key]));
  }
}

/** @param {ResidentTurn} turn @param {Record<string, string>} ui @param {Actions} actions */
function renderResident(turn, ui, actions) {
  const failure =
    turn.problem &&
    h(
      "div",
      { class: "failure" },
      h("p", {}, turn.problem),
      h(
        "div",
        { class: "row" },
        button(ui.retry, () => actions.retry(turn), { icon: icon("again") }),
        button(ui.edit, () => actions.edit(turn), { icon: icon("pencil") }),
      ),
    );
  return h(
    "article",
    { class: "turn turn-resident", tabindex: -1 },
    h("p", { class: "offscreen" }, `${ui.you}: `),
    h("p", { class: "bubble", dir: "auto" }, namesPhoto(turn.label) ? ui.photo_sent : turn.label),
    failure,
  );
}

/** @param {Record<string, string>} ui */
export function whoLine(ui) {
  return h("p", { class: "who" }, icon("window"), ui.title);
}

/** @param {StateTurn} turn @param {Record<string, string>} ui */
function renderState({ state }, ui) {
  /** @type {Record<string, string>} */
  const words = { taken: ui.staff_taken, waiting: ui.staff_waiting, returned: ui.staff_returned, closed: ui.staff_closed };
  return h("div", { class: "notice", "data-state": state }, h("p", {}, words[state] ?? ""));
}

/** @param {ClerkTurn} turn @param {Record<string, string>} ui */
function renderClerk(turn, ui) {
  return h(
    "article",
    { class: "turn turn-clerk", tabindex: -1 },
    h("p", { class: "who" }, icon("person"), ui.staff),
    h("div", { class: "text", dir: "auto", lang: turn.language ? langTag(turn.language) : null }, ...renderText(turn.text)),
  );
}

/** @param {AssistantTurn} turn @param {Context} context @param {Actions} actions */
function renderAnswer(turn, context, actions) {
  const { message } = turn;
  const { ui } = context;
  const lang = langTag(message.language);
  // The assistant is silent while staff have the case: this only says that the words were delivered.
  if (message.why === "with_staff") return h("div", { class: "notice notice-delivered", lang: langTag(message.language) }, h("p", {}, message.text));
  const citations = citationList(message, context);
  const rendered = (/** @type {string} */ words) => renderText(words, {
    marks: new Set((message.citations ?? []).map(({ n }) => n)),
    urgent: message.why === "emergency" || message.why === "crisis",
    onMark: (n) => citations?.querySelector(/** @type {"li"} */ (`[data-citation="${n}"]`))?.focus(),
    markLabel: (n) => fill(ui.source_number, { n }),
    language: message.language,
    terms: (message.terms ?? []).map(({ ja }) => ja),
  });
  return h(
    "article",
    { class: "turn turn-assistant", tabindex: -1 },
    whoLine(ui),
    message.why === "emergency" && emergencyCard(ui),
    h("div", { class: message.spaced ? "text text-tight" : "text", lang }, ...rendered(message.text)),
    message.spaced && h("div", { class: "text text-spaced", lang }, ...rendered(message.spaced)),
    turn.live && languageLine(message, context, actions),
    message.machine_translated && h("p", { class: "aside" }, ui.machine_translated),
    citations,
    termList(message, ui),
    handoffCard(message, context),
    message.handoff?.ticket && message.handoff.opens_at && turn.live && callbackForm(message.handoff.ticket, ui, actions),
    turn.live && message.attach === "photo" && photoRow(ui, actions),
    turn.live && choiceRow(message, ui, (choice) => actions.choose(choice, message.language)),
    ...afterAnswer(turn, context, actions),
  );
}

/**
 * Says that an answer is not in the page's language, and asks again in that one; null where it is.
 * @param {Message} message @param {Context} context @param {Actions} actions
 */
function languageLine({ language, decision }, { ui, start, language: page }, actions) {
  if (decision !== "reply" || !language || language === page) return null;
  const own = start.languages.find(({ code }) => code === page)?.name ?? page;
  const label = fill(ui.answer_in, { language: own });
  return h(
    "p",
    { class: "row answered-in" },
    h("span", {}, fill(ui.answered_in, { language: ui[`name_${language}`] ?? language })),
    button(own, () => actions.again(page), { class: "button-quiet", "aria-label": label }),
  );
}

/** The card, copying and feedback, for answers from the knowledge. @param {AssistantTurn} turn @param {Context} context @param {Actions} actions */
function afterAnswer(turn, context, actions) {
  const { ui, base } = context;
  if (!turn.message.citations?.length) return [];
  const address = cardAddress(turn.message, base);
  const card = address && button(ui.card, () => actions.card(address), { icon: icon("card"), class: "show-card", "aria-haspopup": "dialog" });
  const copy = button(
    ui.copy,
    async () => actions.say((await copyText(asText(turn.message, context))) ? ui.copied : ui.copy_failed),
    { icon: icon("copy"), class: "button-quiet" },
  );
  const reasons = h("fieldset", { class: "reasons", hidden: true });
  return [card && h("div", { class: "row" }, card), h("div", { class: "after" }, copy, thumbs(turn, ui, actions, reasons)), reasons];
}

/**
 * @param {AssistantTurn} turn @param {Record<string, string>} ui @param {Actions} actions
 * @param {HTMLElement} reasons filled and shown after a thumb down
 */
function thumbs(turn, ui, actions, reasons) {
  const send = async (/** @type {boolean} */ helpful, /** @type {string | undefined} */ reason) => {
    try {
      await actions.feedback({ message: turn.message.id, helpful, ...(reason && { reason }) });
    } catch {
      actions.say(ui.feedback_failed);
      return;
    }
    turn.opinion = helpful;
    show();
    if (helpful || reason) {
      reasons.hidden = true;
      actions.say(ui.feedback_thanks);
    } else {
      askReason(reasons, ui, (id) => send(false, id));
    }
  };
  const yes = button(ui.helpful_yes, () => send(true, undefined), { icon: icon("up"), class: "button-quiet" });
  const no = button(ui.helpful_no, () => send(false, undefined), { icon: icon("down"), class: "button-quiet" });
  const show = () => {
    yes.setAttribute("aria-pressed", String(turn.opinion === true));
    no.setAttribute("aria-pressed", String(turn.opinion === false));
  };
  show();
  return h("div", { class: "feedback", role: "group", "aria-label": ui.helpful }, h("span", {}, ui.helpful), h("div", {}, yes, no));
}

/** @param {HTMLElement} reasons @param {Record<string, string>} ui @param {(reason: string) => void} onReason */
function askReason(reasons, ui, onReason) {
  const buttons = REASONS.map((id) => button(ui[`reason_${id}`], () => onReason(id)));
  reasons.replaceChildren(h("legend", {}, ui.reason), h("div", { class: "row" }, ...buttons));
  reasons.hidden = false;
  reasons.scrollIntoView({ block: "nearest" });
}

/** @param {PartialTurn} turn @param {Record<string, string>} ui */
function renderPartial(turn, ui) {
  return h(
    "article",
    { class: "turn turn-assistant", tabindex: -1 },
    whoLine(ui),
    h("div", { class: "text" }, ...renderText(turn.text)),
    h("p", { class: "aside" }, ui.stopped),
  );
}

/** True when the text is on the clipboard. Plain http has no clipboard API: there a selection is copied. @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "offscreen" }, text);
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
