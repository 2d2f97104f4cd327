// What figures mean in words: which way the current flows, how long it lasts, what an alarm says.

import { said } from "../texts.js";

const REST = 0.05; // A; below it nothing flows that these batteries could measure

/** charge, discharge or rest: which way the current flows; null when it is not known. */
export function direction(reading) {
  const current = reading?.current ?? null;
  if (current === null) return null;
  if (Math.abs(current) < REST) return "rest";
  return current > 0 ? "charge" : "discharge";
}

/** An alarm as a sentence, in the page's language where it is known. */
export function alarmWords(alarm) {
  return said(alarm.text) || plain(alarm.name);
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
