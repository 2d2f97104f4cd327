// Numbers, ages and times as people of this language write them. Units stay what they are in the whole program.

import { count, locale, t } from "./texts.js";

const DIGITS = { V: 2, A: 1, W: 0, Ah: 1, Wh: 0, kWh: 2, "%": 0, "°C": 0, mV: 0, "mΩ": 1, s: 0, dBm: 0 };
const THIN = "\u202f"; // a narrow space that does not break, between number and unit

const made = new Map();

function cached(kind, options) {
  const key = `${locale()} ${kind.name} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new kind(locale(), options));
  return made.get(key);
}

/** A number with a fixed count of digits; nothing known is a dash. A minus is a minus, not a hyphen. */
export function number(value, digits = 0, { sign = false } = {}) {
  if (value === null || value === undefined) return "–";
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (sign) options.signDisplay = "exceptZero";
  return cached(Intl.NumberFormat, options).format(value).replace("-", "−").replace(/^−(0([.,]0*)?)$/, "$1");
}

/** A number and its unit apart, for figures that show the unit smaller: ["13.28", "V"]. */
export function figure(value, unit, options = {}) {
  return [number(value, options.digits ?? DIGITS[unit] ?? 1, options), unit];
}

/** A number with its unit: "13.28 V". */
export function quantity(value, unit, options = {}) {
  if (value === null || value === undefined) return "–";
  return figure(value, unit, options).join(THIN);
}

/** Energy in Wh, from 1000 on in kWh. */
export function energy(wh) {
  if (wh === null || wh === undefined) return "–";
  return Math.abs(wh) < 999.5 ? quantity(wh, "Wh") : quantity(wh / 1000, "kWh", { digits: Math.abs(wh) < 99_950 ? 2 : 0 });
}

/** A length of time in at most two units: "40 s", "2 h 5 min", "3 days". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const s = Math.round(seconds);
  if (s < 60) return t("time.s", { n: s });
  const minutes = Math.round(s / 60);
  if (minutes < 60) return t("time.min", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? t("time.h_min", { h: hours, min: minutes % 60 }) : t("time.h", { n: hours });
  const days = Math.floor(hours / 24);
  if (days < 3 && hours % 24) return t("time.days_h", { days: count("time.days", days), h: hours % 24 });
  return days < 730 ? count("time.days", days) : count("time.years", Math.floor(days / 365.25));
}

/** An estimate: no more exact than it can be. */
export function estimate(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const step = seconds < 3_600 ? 60 : seconds < 6 * 3_600 ? 300 : seconds < 86_400 ? 1_800 : 3_600;
  return duration(Math.max(60, Math.round(seconds / step) * step));
}

export function ago(seconds) {
  return t("time.ago", { age: duration(seconds) });
}

/** Time of day, with the date when it was not today. */
export function moment(when) {
  const date = new Date(when);
  const today = date.toDateString() === new Date().toDateString();
  const thisYear = date.getFullYear() === new Date().getFullYear();
  const clock = { hour: "2-digit", minute: "2-digit" };
  if (today) return cached(Intl.DateTimeFormat, clock).format(date);
  const day = { day: "numeric", month: "short", ...(thisYear ? {} : { year: "numeric" }) };
  return cached(Intl.DateTimeFormat, { ...day, ...clock }).format(date);
}

/** Date and time in full, for titles and tables. */
export function fullMoment(when) {
  return cached(Intl.DateTimeFormat, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(when));
}

export function day(when, options = { day: "numeric", month: "short" }) {
  return cached(Intl.DateTimeFormat, options).format(new Date(when));
}

/** Texts joined as the language does: "a, b and c". */
export function list(texts) {
  return cached(Intl.ListFormat, { type: "conjunction" }).format(texts);
}
