// What figures mean in words: which way the current flows, how long it lasts, what an alarm says.

import { has, t } from "../texts.js";
import { quantity } from "../format.js";

const REST = 0.05; // A; below it nothing flows that these batteries could measure

/** charge, discharge or rest: which way the current flows; null when it is not known. */
export function direction(reading) {
  const current = reading?.current ?? null;
  if (current === null) return null;
  if (Math.abs(current) < REST) return "rest";
  return current > 0 ? "charge" : "discharge";
}

/** An alarm as a sentence: its name in the page's language with value and limit; unknown ones as the gateway says it. */
export function alarmWords(alarm) {
  const key = `alarm.name.${alarm.name}`;
  if (!has(key)) return alarm.text || plain(alarm.name);
  const value = figureOf(alarm.value, alarm.unit);
  const limit = figureOf(alarm.limit, alarm.unit);
  if (!value) return t(key);
  return limit ? t("alarm.with_limit", { name: t(key), value, limit }) : t("alarm.with_value", { name: t(key), value });
}

function figureOf(value, unit) {
  if (value === null || value === undefined) return "";
  return unit ? quantity(value, unit, { digits: unit === "V" ? 3 : undefined }) : String(value);
}

/** A name of the program's as words: "cell_over_voltage" becomes "Cell over voltage". */
export function plain(name) {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The severest first, then the newest. */
const ORDER = ["critical", "warning", "info"];

export function bySeverity(a, b) {
  const order = ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity);
  return order || new Date(b.raised_at) - new Date(a.raised_at);
}
