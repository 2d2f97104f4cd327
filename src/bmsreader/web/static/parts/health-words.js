// What the findings about a battery's health are called, in words and numbers of the page's language.

import { duration, number } from "../format.js";
import { count, has, language, t } from "../texts.js";
import { timeFormat } from "./chart-axis.js";

const DIGITS = { "Ah": 1, "%": 1, "%/month": 2, "%/year": 1, "Ah/year": 1, "V": 3, "Ω": 4 };
const SMALLER = { V: ["mV", 1000], "V/month": ["mV/month", 1000], "V/year": ["mV/year", 1000], "Ω": ["mΩ", 1000] };

/** A number of a finding with its unit; volts and ohms as thousandths of them, since they are small here. */
export function amount(value, unit, { sign = false } = {}) {
  if (value === null || value === undefined) return "–";
  if (unit === "") return t("field.cell", { n: value });
  const [shown, factor] = SMALLER[unit] ?? [unit, 1];
  const digits = factor > 1 ? (Math.abs(value * factor) < 10 ? 2 : 1) : (DIGITS[unit] ?? 1);
  return `${number(value * factor, digits, { sign })}\u202f${unitText(shown)}`;
}

/** A unit with its "per month" in words. */
export function unitText(unit) {
  const [size, each] = unit.split("/");
  return each && has(`health.per.${each}`) ? t(`health.per.${each}`, { unit: size }) : unit;
}

/** Between which bounds the true value lies; "" where that is not known. */
export function interval({ low, high, unit }) {
  if (low !== null && high !== null) return unit === "" ? "" : t("health.between", { low: amount(low, unit), high: amount(high, unit) });
  if (low !== null) return t("health.at_least", { value: amount(low, unit) });
  return high !== null ? t("health.at_most", { value: amount(high, unit) }) : "";
}

export function title({ name }) {
  const key = `health.name.${name}`;
  return has(key) ? t(key) : name.replaceAll("_", " ");
}

/** What a finding means: as the gateway says it, in English; in other languages one sentence for each kind. */
export function meaning({ name, text }) {
  const key = `health.about.${name}`;
  return (language() === "en" && text) || (has(key) ? t(key) : text);
}

/** Why there is no value. The gateway gives the reason in English; other languages have one sentence for each kind. */
export function reasonText({ reason, code, events }) {
  const key = `health.reason.${code}`;
  return language() === "en" || !has(key) ? reason : t(key, { events: number(events) });
}

/** What the value was made from: how many events, from when to when. */
export function basis({ events, since, until }) {
  const parts = [];
  if (events) parts.push(count("health.events", events));
  if (since && until) {
    const format = timeFormat({ day: "numeric", month: "short", year: "numeric" });
    parts.push(format.formatRange(new Date(since), new Date(until)));
  }
  return parts.join(" · ");
}

/** How much of a history was looked at. */
export function extent({ since, until, days }) {
  const length = duration((Date.parse(until) - Date.parse(since)) / 1000);
  return t("health.extent", { length, days: count("health.days", days) });
}
