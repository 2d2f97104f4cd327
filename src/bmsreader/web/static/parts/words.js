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

const OURS = ["cell_low", "cell_high", "cell_spread", "cold_charging", "hot", "low_charge", "no_data"]; // rules of every battery

/** An alarm as a sentence, in the page's language where it is known; a rule of the owner's begins with the name that it has. */
export function alarmWords(alarm) {
  const words = said(alarm.text) || plain(alarm.name);
  return alarm.source === "battery" || OURS.includes(alarm.name) ? words : `${alarm.name}: ${words}`;
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
