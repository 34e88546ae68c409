/** The demo's front hall: buttons that copy a password or a command. Without JavaScript they are not shown. */

const told = document.querySelector("[data-copied]");

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // only where the page is served safely: https or this machine
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    for (const other of document.querySelectorAll("[data-copy].is-copied")) other.classList.remove("is-copied");
    button.classList.add("is-copied");
    if (told) told.textContent = told.dataset.copied;
  });
}
