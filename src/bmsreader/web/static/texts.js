// All words that people see, in their language: the browser's, or the one that they chose.

import { remember, remembered } from "./memory.js";

const TAGS = ["en", "de"];

export const LANGUAGES = { en: "English", de: "Deutsch" };

let texts = {};
let phrases = { exact: new Map(), forms: [] };
let current = "en";
const more = new Map(); // parts that are loaded, or being loaded, by name

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
  current = wanted.find((tag) => TAGS.includes(tag)) ?? "en";
  const loaded = await Promise.all([import(`./texts/${current}.js`), ...[...more.keys()].map(part)]);
  texts = Object.assign({}, ...loaded.map((one) => one.default));
  phrases = compiled(loaded.flatMap((one) => one.said ?? []));
  document.documentElement.lang = current;
}

/** Load the texts of a part that only some pages need, texts/<language>-<name>.js: `await addTexts("settings")`. */
export function addTexts(name) {
  if (!more.has(name)) more.set(name, part(name).then(added));
  return more.get(name);
}

function added(loaded) {
  texts = { ...texts, ...loaded.default };
  const said = compiled(loaded.said ?? []);
  phrases = { exact: new Map([...phrases.exact, ...said.exact]), forms: [...phrases.forms, ...said.forms] };
}

function part(name) {
  return import(`./texts/${current}-${name}.js`);
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

/**
 * What the program says in English, such as why a battery is stale, in the page's language; as it is where nobody has
 * translated it. Phrases may have {places}: what stands there is looked up, too.
 */
export function said(text) {
  if (!text || current === "en") return text;
  const whole = phrases.exact.get(text);
  if (whole !== undefined) return whole;
  for (const { form, translation } of phrases.forms) {
    const found = form.exec(text);
    if (found) return translation.replace(/\{(\w+)\}/g, (_, name) => said(found.groups[name] ?? ""));
  }
  return figure(text);
}

/** A figure that stands alone, such as "0.082 V", with the decimal sign of the language. */
function figure(text) {
  const decimal = new Intl.NumberFormat(locale()).format(1.5).slice(1, 2);
  return /^[+−-]?\d+\.\d+( \S{1,3})?$/.test(text) ? text.replace(".", decimal) : text;
}

function compiled(pairs) {
  const exact = new Map(pairs.filter(([english]) => !english.includes("{")));
  const forms = pairs.filter(([english]) => english.includes("{")).map(([english, translation]) => ({ form: pattern(english), translation }));
  return { exact, forms };
}

function pattern(english) {
  const escaped = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, "(?<$1>.+?)")}$`);
}
