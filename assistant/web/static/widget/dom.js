/**
 * Building elements without HTML strings: every text becomes a text node, so that nothing written by a resident, a
 * model or a document can become markup.
 */

import { withRuby } from "./ruby.js";

/** Elements that hold text only. */
const TEXT_ONLY = new Set(["option", "textarea", "title", "rt", "rp"]);

/**
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {{class?: string, on?: Record<string, (event: any) => void>, [attribute: string]: any}} Props
 */

/**
 * A new element. `on` holds listeners; an attribute that is null, undefined or false is left out, true is set empty.
 * Readings in brackets become ruby.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  const shown = /** @type {(Node | string)[]} */ (children.filter((child) => child || child === ""));
  element.append(...(TEXT_ONLY.has(tag) ? shown : withReadings(shown)));
  return element;
}

/** The children with the readings of their texts as ruby. @param {(Node | string)[]} children @returns {(Node | string)[]} */
export function withReadings(children) {
  return children.flatMap((child) => (typeof child === "string" && child.includes("（") ? withRuby(child) : child));
}

/**
 * The template with its {names} replaced; a name without a value stays, so that a mistake is seen.
 * @param {string} template
 * @param {Record<string, string | number>} values
 */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A language as browsers know it, for `lang`: plain Japanese (ja-x-easy) is Japanese. @param {string} language */
export function langTag(language) {
  return language.split("-x-")[0];
}

/** A random id, also on plain http where crypto.randomUUID is missing. @returns {string} 32 hex digits */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The address if it is http or https, else null: keeps `javascript:` and `data:` out of links.
 * @param {string | null | undefined} address
 * @param {string | URL} [base] for addresses of our own such as /sources/…
 */
export function webAddress(address, base) {
  if (!address) return null;
  try {
    const url = new URL(address, base);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * A button with an icon and a label.
 * @param {string} label
 * @param {(event: MouseEvent) => void} onClick
 * @param {{icon?: SVGElement, class?: string, [attribute: string]: any}} [options]
 */
export function button(label, onClick, { icon, class: kind = "", ...attributes } = {}) {
  const classes = `button ${kind}`.trim();
  return h("button", { type: "button", class: classes, on: { click: onClick }, ...attributes }, icon, h("span", {}, label));
}
