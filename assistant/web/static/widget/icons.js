/** Line icons drawn for this project on a 24-unit grid; built as nodes because a strict CSP forbids inline SVG data. */

const SVG = "http://www.w3.org/2000/svg";

/** Path data by name. */
const PATHS = {
  window: "M4 4h16v16H4z M4 9h16 M12 9v11 M8 14h.01 M16 14h.01",
  send: "M12 20V5 M5.5 11.5 12 5l6.5 6.5",
  stop: "M6 6h12v12H6z",
  close: "M6 6l12 12 M18 6L6 18",
  globe: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z M3 12h18 M12 3c5 5.5 5 12.5 0 18c-5-5.5-5-12.5 0-18z",
  print: "M7 8V3h10v5 M7 17H4V8h16v9h-3 M7 14h10v7H7z",
  trash: "M4 7h16 M9 7V4h6v3 M6 7l1 14h10l1-14 M10 11v6 M14 11v6",
  copy: "M9 9h11v11H9z M5 15H4V4h11v1",
  check: "M5 12.5l5 5L19.5 7",
  up: "M7 11v9H3v-9z M7 11l4-8c2 0 3 1.2 2.6 3L13 9h6.5c1.2 0 1.8 1 1.5 2.2l-2 7c-.3 1-1 1.8-2 1.8H7",
  down: "M17 13V4h4v9z M17 13l-4 8c-2 0-3-1.2-2.6-3l.6-3H4.5c-1.2 0-1.8-1-1.5-2.2l2-7c.3-1 1-1.8 2-1.8H17",
  external: "M14 4h6v6 M20 4l-9 9 M18 14v6H4V6h6",
  phone: "M5 3h4l2 5-2.5 2a13 13 0 0 0 5.5 5.5l2-2.5 5 2v4c0 1-1 2-2 2C11 21 3 13 3 5c0-1 1-2 2-2z",
  person: "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8z M4 21c0-5 3.5-7 8-7s8 2 8 7",
  arrow: "M5 12h14 M13 6l6 6-6 6",
  below: "M12 4v15 M6 13l6 6 6-6",
  alert: "M12 3L2 21h20z M12 10v5 M12 18h.01",
  again: "M20 12a8 8 0 1 1-2.5-5.8 M20 3v5h-5",
  microphone: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z M5 11a7 7 0 0 0 14 0 M12 18v3 M8 21h8",
  camera: "M4 8h4l2-3h4l2 3h4v12H4z M12 10a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z",
  eye: "M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7z M12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6z",
  card: "M3 5h18v14H3z M7 10h10 M7 14h6",
  spaces: "M3 12h5 M16 12h5 M12 5v14",
  pencil: "M4 20l1-4L16 5l3 3L8 19z",
};

/**
 * A decorative icon, hidden from assistive technology: its button or text carries the name.
 * @param {keyof typeof PATHS} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
