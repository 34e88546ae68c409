/**
 * The one-line embed: `<script async src=".../widget.js" data-town="482013" data-lang="ja"></script>`.
 *
 * Defines <madoguchi-chat>; with `data-town` it also puts one with a launcher button on the page. Everything else is
 * loaded from the address this file came from, so that a site allows exactly one origin in its
 * Content-Security-Policy (script-src, connect-src); no inline style, inline script or eval is used.
 * Browsers without constructable style sheets or <dialog> (before 2023) are left alone: our own page works there
 * without JavaScript.
 */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement)) return;
  if (!("adoptedStyleSheets" in Document.prototype) || !("HTMLDialogElement" in window)) return;
  const { town, lang } = script.dataset;

  const place = () => {
    if (!town || document.querySelector("madoguchi-chat")) return;
    const chat = document.createElement("madoguchi-chat");
    chat.setAttribute("town", town);
    if (lang) chat.setAttribute("lang", lang);
    document.body.append(chat);
  };

  import(new URL("static/widget/element.js", new URL(".", script.src)).href)
    .then(({ defineChat }) => {
      defineChat();
      if (document.body) place();
      else document.addEventListener("DOMContentLoaded", place, { once: true });
    })
    .catch((error) => console.error("madoguchi: the chat could not be loaded", error));
})();
