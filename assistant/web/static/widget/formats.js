/** Dates, times and numbers as the reader's language writes them; the server sends how (words/CODE/formats.yaml). */

import { fill } from "./dom.js";

/** @typedef {import("./api.js").Formats} Formats */

/** A date of the town's calendar. @param {string} iso YYYY-MM-DD @param {Formats} formats */
export function dateText(iso, formats) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  if (!parts) return iso;
  const [year, month, day] = parts.slice(1).map(Number);
  return fill(formats.date, { year, month: formats.months[month - 1], month_number: month, day });
}

/** Date, weekday and time in the town of an instant; null for what is none. @param {string | null} instant ISO 8601 @param {Formats} formats */
export function momentText(instant, formats) {
  const at = new Date(instant ?? "");
  if (Number.isNaN(at.getTime())) return null;
  // Swedish writes ISO dates: only the parts are taken from it.
  const [iso, time] = at.toLocaleString("sv-SE", { timeZone: "Asia/Tokyo", dateStyle: "short", timeStyle: "short" }).split(" ");
  const weekday = formats.weekdays[(new Date(`${iso}T00:00:00Z`).getUTCDay() + 6) % 7];
  return `${fill(formats.date_weekday, { date: dateText(iso, formats), weekday })} ${timeText(time, formats)}`;
}

/** @param {string} time HH:MM @param {Formats} formats */
function timeText(time, formats) {
  const [hour, minute] = time.split(":");
  const template = minute === "00" ? formats.time_full : formats.time;
  return fill(template, { hour: Number(hour), minute, minute_number: Number(minute) });
}

/** A whole number with its thousands parted. @param {number} number @param {Formats} formats */
export function numberText(number, formats) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, formats.grouping);
}
