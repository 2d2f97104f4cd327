// All words that people see, in their language: the browser's, or the one that they chose.

import { remember, remembered } from "./memory.js";

const LOADERS = { en: () => import("./texts/en.js"), de: () => import("./texts/de.js") };

export const LANGUAGES = { en: "English", de: "Deutsch" };

let texts = {};
let current = "en";

export function language() {
  return current;
}

/** How numbers and times are written: as in the browser's country, where it speaks the chosen language. */
export function locale() {
  return (navigator.languages ?? []).find((tag) => tag.slice(0, 2).toLowerCase() === current) ?? current;
}

export function chosenLanguage() {
  return remembered("language");
}

/** Load the texts of the chosen language, else of the first of the browser's that exists, else English. */
export async function loadTexts() {
  const wanted = [chosenLanguage(), ...(navigator.languages ?? [])].map((tag) => tag.slice(0, 2).toLowerCase());
  current = wanted.find((tag) => tag in LOADERS) ?? "en";
  texts = (await LOADERS[current]()).default;
  document.documentElement.lang = current;
}

/** Choose a language ("" = the browser's); everything on the page is rendered anew. */
export async function chooseLanguage(tag) {
  remember("language", tag);
  await loadTexts();
  document.dispatchEvent(new CustomEvent("bms-language"));
}

/** The text of a key, with {names} replaced by values. A key that does not exist shows itself: tests look for these. */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function has(key) {
  return key in texts;
}

/** Text for a number of things: `key.one` or `key.other`, with {n}. */
export function count(key, n, values = {}) {
  const form = new Intl.PluralRules(current).select(n) === "one" ? "one" : "other";
  return t(`${key}.${form}`, { n, ...values });
}
