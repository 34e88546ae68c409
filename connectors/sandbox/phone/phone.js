/** A resident's telephone: writes to the stand-in platform, and shows what the town's server sends through it. */

import { card, made } from "./flex.js";
import { WORDS } from "./words.js";

const LATE = 30_000; // ms without an answer, after which the page says so
const at = (id) => document.getElementById(id);
const [talk, quick, text, language] = [at("talk"), at("quick"), at("text"), at("language")];
const kept = JSON.parse(sessionStorage.getItem("phone") ?? "null") ?? fresh();
let seen = 0; // deliveries on the screen
let writing = null; // the line that says that an answer is coming
let listening = false;

/** A new resident, with an id of LINE's form. */
function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { user: `U${Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("")}`, language: "ja" };
}

function keep() {
  sessionStorage.setItem("phone", JSON.stringify(kept));
}

function speak() {
  const words = WORDS[kept.language];
  document.documentElement.lang = kept.language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  at("again").textContent = words.again;
  quick.setAttribute("aria-label", words.quick);
  text.placeholder = words.message;
  language.value = kept.language;
}

function friends(are) {
  at("start").hidden = are;
  at("write").hidden = !are;
  language.disabled = are;
  at("again").hidden = !are;
}

function put(className, ...children) {
  const line = made("div", `line ${className}`);
  line.append(...children);
  talk.insertBefore(line, writing);
  talk.scrollTop = talk.scrollHeight;
  return line;
}

function mine(words) {
  quick.hidden = true;
  return put("line-mine", made("p", /^\p{Extended_Pictographic}$/u.test(words) ? "bubble bubble-sign" : "bubble", words));
}

function wait(on) {
  clearTimeout(writing?.timer);
  writing?.remove();
  writing = null;
  if (!on) return;
  const line = put("", made("p", "aside", WORDS[kept.language].writing));
  line.timer = setTimeout(() => line.replaceChildren(made("p", "aside", WORDS[kept.language].late)), LATE);
  writing = line;
}

/** One delivery: its bubbles, its cards, and the replies to tap under the last one. */
function show({ way, messages }) {
  wait(false);
  quick.replaceChildren();
  const parts = messages.map((message) => (message.type === "flex" ? card(message, say) : made("p", "bubble", message.text)));
  put("", ...parts, made("span", `badge badge-${way}`, way));
  for (const { action } of messages.at(-1)?.quickReply?.items ?? []) {
    const button = made("button", "", action.label);
    button.type = "button";
    button.addEventListener("click", () => say(action.text));
    quick.append(button);
  }
  quick.hidden = !quick.childElementCount;
  talk.scrollTop = talk.scrollHeight;
}

async function post(path, body) {
  try {
    const reply = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user: kept.user, ...body }),
    });
    if (reply.ok && (await reply.json()).webhook === 200) return;
  } catch {
    // The stand-in is gone: said below.
  }
  wait(false);
  put("line-mine", made("p", "aside failed", WORDS[kept.language].lost));
}

async function say(words) {
  mine(words);
  wait(true);
  await post("say", { kind: "text", text: words });
}

async function send(kind, sign) {
  mine(sign);
  wait(true);
  await post("say", { kind });
}

/** Asks for what comes next, for as long as the page is open. */
async function listen() {
  if (listening) return;
  listening = true;
  for (;;) {
    try {
      const reply = await fetch(`messages?user=${kept.user}&after=${seen}`);
      for (const delivery of (await reply.json()).delivered) {
        seen += 1;
        show(delivery);
      }
    } catch {
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

at("befriend").addEventListener("click", async () => {
  keep();
  friends(true);
  wait(true);
  text.focus();
  await post("friend", { language: kept.language });
  void listen();
});
at("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  text.value = "";
  if (words) void say(words);
});
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  at("write").requestSubmit();
});
at("sticker").addEventListener("click", () => void send("sticker", "🙂"));
at("picture").addEventListener("click", () => void send("picture", "🖼"));
at("again").addEventListener("click", () => {
  sessionStorage.removeItem("phone");
  location.reload();
});
language.addEventListener("change", () => {
  kept.language = language.value;
  speak();
});

speak();
const screen = await (await fetch(`screen?user=${kept.user}`)).json();
at("account").textContent = screen.name;
friends(screen.friend);
for (const [place, delivery] of screen.delivered.entries()) {
  for (const { after, text: words } of screen.said) if (after === place) mine(words);
  show(delivery);
}
for (const { after, text: words } of screen.said) if (after >= screen.delivered.length) mine(words);
seen = screen.delivered.length;
if (screen.friend) void listen();
