/** The desk's open page: hears by server-sent events that something happened, and fetches the part that changed. */

const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-part]"));
const badge = document.querySelector("[data-badge]");
const title = document.title;
let leaving = false; // a form is on its way to the server: its answer is the next page

/** The number of waiting cases in the navigation and in the tab's title. */
function showWaiting() {
  const waiting = Number(document.querySelector("[data-waiting]")?.getAttribute("data-waiting") ?? 0);
  document.title = waiting ? `(${waiting}) ${title}` : title;
  if (!badge) return;
  badge.textContent = String(waiting);
  badge.toggleAttribute("hidden", waiting === 0);
}

/** The part as the server has it now. @param {HTMLElement} place */
async function refresh(place) {
  const reply = await fetch(place.dataset.part ?? "", { headers: { Accept: "text/html" } });
  if (reply.redirected) return turnTo(); // the session has ended: to the login page
  if (!reply.ok) return;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").body;
  if (!grow(place, fresh)) place.replaceChildren(...fresh.childNodes);
  showWaiting();
}

/**
 * Appends what is new to the log, so that a screen reader says only that; false when more than the end has changed.
 * @param {HTMLElement} place @param {HTMLElement} fresh
 */
function grow(place, fresh) {
  const [log, next] = [place.querySelector("[role=log]"), fresh.querySelector("[role=log]")];
  if (!log || !next) return false;
  const [held, lines] = [keys(log), keys(next)];
  if (held.some((key, at) => key !== lines[at])) return false;
  log.setAttribute("data-waiting", next.getAttribute("data-waiting") ?? "0");
  const added = [...next.querySelectorAll("[data-key]")].slice(held.length);
  log.append(...added);
  if (added.length) log.scrollTop = log.scrollHeight;
  return true;
}

/** @param {Element} log */
function keys(log) {
  return [...log.querySelectorAll("[data-key]")].map((line) => line.getAttribute("data-key"));
}

/** The words go out without the page being left; the same form twice says it once. @param {HTMLFormElement} form */
function sendInPlace(form) {
  const box = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
  const id = /** @type {HTMLInputElement} */ (form.elements.namedItem("said_id"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(/** @type {any} */ (new FormData(form))) });
      // Refused, or the session has ended: sent again as a plain form, whose answer is a page with these words on it.
      if (reply.status >= 400 && reply.status < 500) {
        leaving = true;
        return form.submit();
      }
      if (!reply.ok) return show("failed");
      if (new URL(reply.url).searchParams.has("said")) return location.assign(reply.url);
      box.value = "";
      id.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (part) await refresh(part);
    } catch {
      show("failed");
    } finally {
      button.disabled = false;
      // Who has moved on to the staff's note must not type it into the reply.
      if (document.activeElement === document.body || form.contains(document.activeElement)) box.focus();
    }
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
  });
}

/** The page anew, unless that would lose what somebody is writing (then they are told) or the answer to their press. */
function turnTo() {
  if (leaving) return;
  const writing = [...document.querySelectorAll("textarea")].some((area) => area.value.trim());
  if (!writing) return location.reload();
  show("changed");
}

/** @param {"changed" | "failed"} what */
function show(what) {
  for (const words of document.querySelectorAll("[data-changed], [data-failed]")) {
    words.toggleAttribute("hidden", !words.hasAttribute(`data-${what}`));
  }
}

if (part) {
  showWaiting();
  const log = part.querySelector("[role=log]");
  if (log) log.scrollTop = log.scrollHeight;
  const events = new EventSource(part.dataset.events ?? "");
  events.addEventListener("change", async (event) => {
    const { kind, ticket } = JSON.parse(event.data);
    const mine = part.dataset.case;
    const status = document.querySelector("[data-status]");
    if (status && kind === "opened") status.textContent = `新しい受付: ${ticket}`;
    if (mine && ticket === mine && ["state", "callback", "called", "opened"].includes(kind)) {
      turnTo();
    }
    await refresh(part);
  });
  window.addEventListener("pagehide", () => events.close());
}
document.addEventListener("submit", (event) => { leaving ||= !event.defaultPrevented; });
window.addEventListener("pageshow", () => { leaving = false; });
for (const form of document.querySelectorAll("form[data-reply]")) sendInPlace(/** @type {HTMLFormElement} */ (form));
