/* The curation pages with JavaScript: more sections without saving, a warning before unsaved text is lost. */
const faults = document.getElementById("faults");
faults?.focus();

const form = document.querySelector("[data-guide-form]");
if (form) {
  addSections(form);
  let changed = false;
  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("submit", () => {
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

/** A button below the last section that adds an empty one and moves the focus into it. */
function addSections(within) {
  const sections = within.querySelector("[data-sections]");
  const last = sections.querySelector(".section-edit:last-of-type");
  if (!last) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "見出しを増やす";
  button.addEventListener("click", () => {
    const number = sections.querySelectorAll(".section-edit").length;
    const added = last.cloneNode(true);
    added.id = `section-${number}`;
    added.querySelector(".fault")?.remove();
    for (const [name, label] of [["heading", "見出し"], ["text", "本文"]]) {
      const field = added.querySelector(`[name="${name}"]`);
      field.id = `${name}-${number}`;
      field.value = "";
      const caption = field.parentElement.querySelector("label");
      caption.htmlFor = field.id;
      caption.textContent = `${label} ${number + 1}`;
    }
    button.before(added);
    added.querySelector("input").focus();
  });
  sections.append(button);
}
