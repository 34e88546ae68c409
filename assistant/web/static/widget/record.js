/** Who looked at my data: the resident's own entries of the access record, in a dialog. */

import { button, h } from "./dom.js";
import { momentText } from "./formats.js";

/**
 * Opens the dialog and fills it once the entries are there; it goes away by itself.
 * @param {import("./api.js").Start} start @param {Node} place @param {() => Promise<import("./api.js").Access[]>} load
 */
export async function showRecord({ ui, formats }, place, load) {
  const list = h("div", { class: "record-list", role: "status" }, h("p", {}, "…"));
  const dialog = h(
    "dialog",
    { class: "confirm record", "aria-labelledby": "md-record", on: { close: () => dialog.remove() } },
    h("h2", { id: "md-record", class: "card-heading" }, ui.access),
    h("p", {}, ui.access_lead),
    list,
    h("div", { class: "row" }, button(ui.close, () => dialog.close(), { autofocus: true })),
  );
  // Esc must close this dialog only, not the panel below it.
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
  place.appendChild(dialog);
  dialog.showModal();
  try {
    list.replaceChildren(...entries(await load(), ui, formats));
  } catch {
    list.replaceChildren(h("p", { class: "failure" }, ui.access_failed));
  }
}

/** @param {import("./api.js").Access[]} accesses @param {Record<string, string>} ui @param {import("./api.js").Formats} formats */
function entries(accesses, ui, formats) {
  if (!accesses.length) return [h("p", {}, ui.access_none)];
  const facts = (/** @type {import("./api.js").Access} */ { at, told }) =>
    [
      [ui.access_when, momentText(at, formats)],
      [ui.access_who, told.who],
      [ui.access_what, told.what.join(" / ")],
      [ui.access_why, `${told.why} — ${told.outcome}`],
    ].flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]);
  return [h("ol", {}, ...accesses.map((access) => h("li", {}, h("dl", {}, ...facts(access)))))];
}
