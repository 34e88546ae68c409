/** Out of hours: the form under a hand-over in which the resident says how staff can reach them. */

import { h } from "./dom.js";
import { Refusal } from "./api.js";

/**
 * @typedef {{ticket: string, name: string, phone: string, email: string, when: string}} Wish
 * @typedef {{callback: (wish: Wish) => Promise<void>, say: (words: string) => void}} Actions
 */

/** @param {string} ticket @param {Record<string, string>} ui @param {Actions} actions */
export function callbackForm(ticket, ui, actions) {
  const id = `md-callback-${ticket}`;
  const said = h("p", { class: "callback-said", role: "status" });
  const send = h("button", { type: "submit", class: "button button-primary" }, ui.callback_send);
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const wish = { ticket, name: value("name"), phone: value("phone"), email: value("email"), when: value("when") };
    if (!wish.phone.trim() && !wish.email.trim()) return tell(ui.callback_needed);
    send.disabled = true;
    try {
      await actions.callback(wish);
    } catch (error) {
      send.disabled = false;
      return tell(error instanceof Refusal && error.status === 422 ? ui.callback_needed : ui.callback_failed);
    }
    form.replaceChildren(h("p", { class: "card-title" }, ui.callback_sent));
    actions.say(ui.callback_sent);
  };
  const value = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value;
  const tell = (/** @type {string} */ words) => (said.textContent = words);
  const form = h(
    "form",
    { class: "card callback", "aria-label": ui.callback, novalidate: true, on: { submit } },
    h("p", { class: "card-heading" }, ui.callback),
    h("p", {}, ui.callback_lead),
    ...field(`${id}-name`, "name", ui.callback_name, { autocomplete: "name", maxlength: 200 }),
    ...field(`${id}-phone`, "phone", ui.callback_phone, { type: "tel", autocomplete: "tel", maxlength: 50 }),
    ...field(`${id}-email`, "email", ui.callback_email, { type: "email", autocomplete: "email", maxlength: 254 }),
    ...field(`${id}-when`, "when", ui.callback_when, { maxlength: 200 }),
    said,
    h("div", { class: "row" }, send),
  );
  return form;
}

/** @param {string} id @param {string} name @param {string} label @param {Record<string, any>} attributes */
function field(id, name, label, attributes) {
  return [h("label", { for: id }, label), h("input", { id, name, ...attributes })];
}
