// One setting as a field of a form, and back from the field to its value. All comes from the table of settings that the
// program checks its file with, so that a setting that is new there is here, too.

import { html, live as current, nothing } from "../vendor/lit.js";
import { has, said, t } from "../texts.js";
import { icon } from "./icons.js";
import { plain } from "./words.js";

/** What people call a setting: its key, where it has no name of its own here. */
export function label(section, key) {
  const own = `settings.${section}.${key}`;
  if (has(own)) return t(own);
  return has(`settings.any.${key}`) ? t(`settings.any.${key}`) : plain(key);
}

/** What stands in the field: text for all kinds but flags. */
export function shownValue(row, value) {
  if (row.kind === "flag") return Boolean(value ?? row.default);
  if (value === null || value === undefined) return "";
  if (row.kind === "texts") return value.join("\n");
  return String(value);
}

/** The value that a field means; null = not set, so that the default holds. */
export function meantValue(row, shown) {
  if (row.kind === "flag") return shown;
  const text = shown.trim();
  if (!text) return null;
  if (row.kind === "texts") return text.split(/[\n,]/).map((one) => one.trim()).filter(Boolean);
  if (row.kind === "whole" || row.kind === "number") {
    const number = Number(text.replace(",", "."));
    return Number.isNaN(number) ? text : number; // what is no number, the program refuses in words
  }
  return text;
}

/** A setting as a field. form: {section, values, problems, set(key, shown), secretSet(key), forget(key), fixedBy(key)}. */
export function field(form, row) {
  const id = `setting-${form.id}-${row.key}`;
  const problem = form.problems[row.key];
  const notes = [`${id}-text`, problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
  const parts = { id, notes, invalid: problem ? "true" : "false" };
  const flag = row.kind === "flag";
  const fixed = form.fixedBy(row.key);
  if (fixed) parts.fixed = true;
  return html`<div class="setting ${flag ? "setting-flag" : ""}">
    <label for=${id}>${label(form.section, row.key)}${row.required ? html`<span class="needed"> · ${t("settings.required")}</span>` : nothing}</label>
    ${flag ? checkbox(form, row, parts) : row.secret ? secret(form, row, parts) : input(form, row, parts)}
    ${problem ? html`<p class="problem" id="${id}-problem">${icon("warning")}<span>${said(problem)}</span></p>` : nothing}
    <p class="setting-text" id="${id}-text">${markedUp(said(row.text))}${unset(row)}${fixed ? html` <span class="setting-unset">${t("settings.fixed", { by: fixed })}</span>` : nothing}</p>
  </div>`;
}

function input(form, row, parts) {
  if (row.kind === "choice") return choice(form, row, parts);
  const value = form.values[row.key];
  const change = (event) => form.set(row.key, event.target.value);
  if (row.kind === "texts") {
    return html`<textarea id=${parts.id} rows="2" spellcheck="false" ?disabled=${parts.fixed} aria-describedby=${parts.notes} aria-invalid=${parts.invalid}
      placeholder=${placeholder(row)} .value=${current(value)} @input=${change}></textarea>`;
  }
  const numeric = row.kind === "whole" ? "numeric" : row.kind === "number" ? "decimal" : nothing;
  return html`<input id=${parts.id} type="text" inputmode=${numeric} autocomplete="off" spellcheck="false" ?disabled=${parts.fixed} aria-describedby=${parts.notes}
    aria-invalid=${parts.invalid} placeholder=${placeholder(row)} .value=${current(value)} @input=${change} />`;
}

function choice(form, row, parts) {
  const value = form.values[row.key];
  return html`<select id=${parts.id} ?disabled=${parts.fixed} aria-describedby=${parts.notes} aria-invalid=${parts.invalid} @change=${(event) => form.set(row.key, event.target.value)}>
    ${row.required ? nothing : html`<option value="" ?selected=${!value}>${row.default ? t("settings.default", { value: choiceWords(row.default) }) : t("settings.unset")}</option>`}
    ${row.choices.map((one) => html`<option value=${one} ?selected=${one === value}>${choiceWords(one)}</option>`)}
  </select>`;
}

function choiceWords(one) {
  return has(`settings.choice.${one}`) ? `${t(`settings.choice.${one}`)} (${one})` : one;
}

function checkbox(form, row, parts) {
  return html`<input id=${parts.id} type="checkbox" ?disabled=${parts.fixed} aria-describedby=${parts.notes} aria-invalid=${parts.invalid}
    .checked=${current(Boolean(form.values[row.key]))} @change=${(event) => form.set(row.key, event.target.checked)} />`;
}

function secret(form, row, parts) {
  const set = form.secretSet(row.key);
  return html`<div class="setting-secret">
    <input id=${parts.id} type="password" autocomplete="new-password" ?disabled=${parts.fixed} aria-describedby=${parts.notes} aria-invalid=${parts.invalid}
      placeholder=${set ? t("settings.secret_set") : ""} .value=${current(form.values[row.key])} @input=${(event) => form.set(row.key, event.target.value)} />
    ${set ? html`<button type="button" @click=${() => form.forget(row.key)}>${t("settings.secret_remove")}</button>` : nothing}
  </div>`;
}

function placeholder(row) {
  const value = row.default ?? null;
  if (value !== null && value !== "" && !(Array.isArray(value) && !value.length)) return [value].flat().join(", ");
  return row.required && row.example !== null && row.example !== undefined ? t("settings.example", { value: [row.example].flat().join(", ") }) : "";
}

function unset(row) {
  return row.unset ? html` <span class="setting-unset">${t("settings.when_unset", { what: said(row.unset) })}</span>` : nothing;
}

/** Text with `code` in it. */
export function markedUp(text) {
  return text.split("`").map((piece, i) => (i % 2 ? html`<code>${piece}</code>` : piece));
}
