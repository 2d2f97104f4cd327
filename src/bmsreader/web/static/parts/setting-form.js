// One table of the configuration file as a form: change it, try it, keep it. Only what was changed is sent.

import { html, nothing } from "../vendor/lit.js";
import { send } from "../api.js";
import { count, said, t } from "../texts.js";
import { Light, define } from "./light.js";
import { ask } from "./dialog.js";
import { icon } from "./icons.js";
import { field, meantValue, shownValue } from "./setting-field.js";
import { toast } from "./toast.js";

const FEW = 5; // settings of a table are all shown; of more, those that are in use

let forms = 0;

/** Fires "saved" when the file was changed, "outdated" when somebody else did, and "cancelled" when a new table is not wanted after all. */
class SettingForm extends Light {
  static properties = {
    section: { attribute: false },
    /** Values of the table in the file; null: a new one. */
    table: { attribute: false },
    /** Which of several tables, from 0 on. */
    number: { attribute: false },
    origins: { attribute: false },
    writable: { attribute: false },
    /** Of the file as it was shown: a change is refused when somebody else changed it since. */
    stamp: { attribute: false },
    values: { state: true },
    problems: { state: true },
    failure: { state: true },
    tried: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.id_ = `f${(forms += 1)}`;
    this.problems = {};
    this.forgotten = new Set();
  }

  willUpdate(changed) {
    if (changed.has("table") && !this.touched) this.begin();
  }

  begin() {
    const rows = this.section.rows.map((row) => [row.key, shownValue(row, this.given(row.key) ? this.table[row.key] : null)]);
    this.values = Object.fromEntries(rows);
    this.before = { ...this.values };
    this.forgotten = new Set();
    this.problems = {};
    this.failure = null;
    this.tried = null;
    this.touched = false;
  }

  /** Whether a setting is given anywhere, and is no default. */
  given(key) {
    return Boolean(this.table) && (this.origins?.[key] ?? "default") !== "default";
  }

  /** What gives a setting that the file does not: an option of the command, the environment; it cannot be changed here. */
  fixedBy(key) {
    const origin = this.origins?.[key] ?? "";
    return /^(--set |environment |credential )/.test(origin) ? origin : "";
  }

  /** What differs from the file, ready to be sent; of a new table everything that is set. */
  get changes() {
    const changed = this.section.rows.filter(({ key }) => this.forgotten.has(key) || this.values[key] !== this.before[key]);
    return Object.fromEntries(changed.map((row) => [row.key, meantValue(row, this.values[row.key])]));
  }

  get address() {
    const { name, many } = this.section;
    const base = `api/v1/settings/${encodeURIComponent(name)}`;
    return many && this.table ? `${base}/${this.number}` : base;
  }

  render() {
    const { rows, name } = this.section;
    const form = {
      id: this.id_,
      section: name,
      values: this.values,
      problems: this.problems,
      set: (key, shown) => this.put(key, shown),
      secretSet: (key) => Boolean(this.table?.[`${key}_is_set`]) && !this.forgotten.has(key),
      forget: (key) => this.forget(key),
      fixedBy: (key) => this.fixedBy(key),
    };
    const inUse = rows.filter((row) => this.inUse(row));
    const shown = rows.length <= FEW || !inUse.length || this.section.name === "alarms" ? rows : inUse;
    const hidden = rows.filter((row) => !shown.includes(row));
    return html`<form class="settings-form" novalidate @submit=${this.save}>
      ${shown.map((row) => field(form, row))}
      ${hidden.length
        ? html`<details class="settings-more" ?open=${hidden.some((row) => this.problems[row.key])}>
            <summary>${count("settings.more", hidden.length)}</summary>
            ${hidden.map((row) => field(form, row))}
          </details>`
        : nothing}
      ${this.answer()} ${this.buttons()}
    </form>`;
  }

  /** Shown at once: what has to be set, what is set, and what belongs to nearly every table of its kind. */
  inUse({ key, required }) {
    const often = OFTEN.has(key) || OFTEN.has(`${this.section.name}.${key}`);
    return required || often || this.given(key) || this.table?.[`${key}_is_set`];
  }

  answer() {
    const { failure, tried } = this;
    return html`<div class="settings-answer" role="status">
      ${failure ? html`<p class="problem">${icon("warning")}<span>${said(failure.message)} ${said(failure.advice ?? "")}</span></p>` : nothing}
      ${tried
        ? html`<p class="${tried.ok ? "settings-works" : "problem"}">${icon(tried.ok ? "check" : "warning")}<span>${said(tried.text)} ${said(tried.advice ?? "")}</span></p>`
        : nothing}
    </div>`;
  }

  buttons() {
    const anything = Object.keys(this.changes).length > 0 || (!this.table && !this.section.rows.some((row) => row.required));
    const off = this.busy || !this.writable;
    return html`<div class="settings-buttons">
      <button class="primary" ?disabled=${off || !anything}>${t(this.table ? "settings.save" : "settings.add_this")}</button>
      ${this.section.testable ? html`<button type="button" ?disabled=${this.busy} @click=${this.try_}>${t(this.busy === "test" ? "settings.testing" : "settings.test")}</button>` : nothing}
      ${this.touched && this.table ? html`<button type="button" @click=${this.begin}>${t("settings.undo")}</button>` : nothing}
      ${this.table
        ? this.section.optional || this.section.many
          ? html`<button type="button" class="danger settings-remove" ?disabled=${off} @click=${this.remove_}>${icon("trash")}${t("settings.remove")}</button>`
          : nothing
        : html`<button type="button" @click=${() => this.tell("cancelled")}>${t("shell.cancel")}</button>`}
    </div>`;
  }

  put(key, shown) {
    this.touched = true;
    this.values = { ...this.values, [key]: shown };
    if (this.problems[key]) this.problems = { ...this.problems, [key]: "" };
  }

  forget(key) {
    this.forgotten.add(key);
    this.put(key, "");
    this.updateComplete.then(() => this.querySelector(`[id$="-${key}"]`)?.focus());
  }

  async save(event) {
    event.preventDefault();
    await this.doing("save", async () => {
      const { changed } = await send(this.table ? "PUT" : "POST", this.address, { values: this.changes, stamp: this.stamp });
      this.touched = false;
      toast(changed?.length ? t("settings.saved_what") : t("settings.saved"), { advice: (changed ?? []).map(said).join("; ") });
      this.tell("saved");
    });
  }

  try_() {
    return this.doing("test", async () => {
      const body = { values: this.changes, ...(this.section.many && this.table ? { number: this.number } : {}) };
      this.tried = await send("POST", `api/v1/settings/${encodeURIComponent(this.section.name)}/test`, body);
    });
  }

  async remove_() {
    const name = this.table.name ?? this.section.head;
    if (!(await ask({ title: t("settings.remove.title", { name }), text: t(`settings.remove.text`), action: t("settings.remove"), danger: true }))) return;
    await this.doing("remove", async () => {
      const { changed } = await send("DELETE", this.address, { stamp: this.stamp });
      toast(t("settings.removed"), { advice: (changed ?? []).map(said).join("; ") });
      this.tell("saved");
    });
  }

  async doing(what, action) {
    this.busy = what;
    this.failure = null;
    this.tried = null;
    this.problems = {};
    try {
      await action();
    } catch (error) {
      await this.failed(error);
    } finally {
      this.busy = "";
    }
  }

  async failed(error) {
    if (!("status" in error)) throw error;
    this.failure = error;
    this.problems = Object.fromEntries(error.problems.map(({ key, text }) => [key.split(".").at(-1), text]));
    if (error.status === 409) this.tell("outdated"); // it is shown as it is now, and what was typed is kept
    await this.updateComplete;
    this.querySelector('[aria-invalid="true"]')?.focus();
  }

  tell(name) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }
}

const OFTEN = new Set(
  "name address url host port username password token interval listen path text field above below battery severity enabled mqtt.topic gateway.interval gateway.discover store.keep_days".split(" "),
);

define("bms-setting-form", SettingForm);
