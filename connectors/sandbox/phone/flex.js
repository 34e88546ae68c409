/** Draws LINE's Flex Messages simply: boxes, texts, separators, buttons. What it does not know is left out. */

/** An element with a class and text. */
export function made(name, className = "", text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** The card of a Flex Message; `say` is called with the text of a message action. */
export function card(message, say) {
  const contents = message.contents ?? {};
  const bubbles = contents.type === "carousel" ? contents.contents : [contents];
  const box = made("div", "flex flex-vertical");
  for (const bubble of bubbles) {
    for (const part of [bubble.header, bubble.body, bubble.footer]) if (part) box.append(drawn(part, say));
  }
  return box;
}

function drawn(part, say) {
  const plain = bare(part, say);
  const { action } = part;
  if (action?.type === "message" && part.type !== "button") plain.addEventListener("click", () => say(action.text));
  if (action?.type !== "uri" || !/^https?:/i.test(action.uri)) return plain;
  const link = made("a");
  link.href = action.uri;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.append(...(part.type === "box" ? plain.childNodes : [plain]));
  return link;
}

function bare(part, say) {
  if (part.type === "box") {
    const box = made("div", `flex-${part.layout}`);
    box.append(...part.contents.map((inner) => drawn(inner, say)));
    return box;
  }
  if (part.type === "separator") return made("hr");
  if (part.type === "button") {
    const button = made("button", "", part.action?.label ?? "");
    button.type = "button";
    if (part.action?.type === "message") button.addEventListener("click", () => say(part.action.text));
    return button;
  }
  const text = made("p", `size-${part.size ?? "md"}`, part.text ?? "");
  if (part.weight === "bold") text.style.fontWeight = "700";
  if (part.color) text.style.color = part.color;
  return text;
}
