/** A picture as the answer: a button that opens the device's own chooser, and what becomes of it. */

import { Refusal } from "./api.js";
import { button, h } from "./dom.js";
import { icon } from "./icons.js";

/** The server takes no larger ones (assistant.photos.MAX_BYTES). */
const LARGEST = 10_000_000;
const TURN = /^photo:[0-9a-f]{32}$/;

/** True for a turn that only names a photo. @param {string} text */
export function namesPhoto(text) {
  return TURN.test(text);
}

/**
 * The button under a message that asks for a picture.
 * @param {Record<string, string>} ui
 * @param {{photo: (picture: Blob) => Promise<void>, say: (words: string) => void}} actions
 */
export function photoRow(ui, actions) {
  // Only these types: an iPhone then hands out a JPEG instead of its own HEIC.
  const input = h("input", { type: "file", accept: "image/jpeg,image/png,image/webp", hidden: true, "aria-label": ui.photo });
  const said = h("p", { class: "failure", role: "alert", hidden: true });
  const choose = button(ui.photo, () => input.click(), { icon: icon("camera"), class: "button-primary" });
  const tell = (/** @type {string} */ words) => {
    said.textContent = words;
    said.hidden = words === "";
  };
  input.addEventListener("change", async () => {
    const picture = input.files?.[0];
    if (!picture) return;
    input.value = "";
    tell(refused(picture, ui));
    if (!said.hidden) return;
    choose.disabled = true;
    actions.say(ui.photo_sending);
    try {
      await actions.photo(picture);
    } catch (error) {
      tell(error instanceof Refusal ? words(error, ui) : ui.photo_failed);
    } finally {
      choose.disabled = false;
    }
  });
  return h("div", { class: "photo-row" }, choose, input, said);
}

/** What can be said before anything is sent. @param {File} picture @param {Record<string, string>} ui */
function refused(picture, ui) {
  if (/hei[cf]/i.test(picture.type) || /\.hei[cf]$/i.test(picture.name)) return ui.photo_heic;
  return picture.size > LARGEST ? ui.photo_too_large : "";
}

/** @param {Refusal} refusal @param {Record<string, string>} ui */
function words({ status }, ui) {
  /** @type {Record<number, string>} */
  const known = { 409: ui.photo_many, 413: ui.photo_too_large, 415: ui.photo_no_picture };
  return known[status] ?? ui.photo_failed;
}
