// Settings: every table of the configuration file, written back with its comments kept.

import { html, keyed, nothing } from "../vendor/lit.js";
import { get } from "../api.js";
import { Watch, live } from "../live.js";
import { addTexts, has, said, t } from "../texts.js";
import { Light, define } from "../parts/light.js";
import { icon } from "../parts/icons.js";
import { markedUp } from "../parts/setting-field.js";
import { plain } from "../parts/words.js";
import "../parts/setting-form.js";

await addTexts("settings");

export const page = {
  tag: "bms-settings-page",
  title: ({ section }) => (section ? `${titleOf(section)} · ${t("settings.title")}` : t("settings.title")),
  styles: ["static/pages/settings.css"],
};

const GROUPS = {
  batteries: ["battery", "bank"],
  alarms: ["alarms", "alarm", "notify"],
  outward: ["mqtt", "prometheus", "influx", "webhook", "lines"],
  gateway: ["gateway", "store", "web", "proxy"],
};

function titleOf(name) {
  return has(`settings.section.${name}`) ? t(`settings.section.${name}`) : plain(name);
}

class Settings extends Light {
  static properties = {
    route: { attribute: false },
    told: { state: true },
    adding: { state: true },
    problem: { state: true },
    version: { state: true },
  };

  constructor() {
    super();
    this.told = null;
    this.adding = "";
    this.version = 0;
    new Watch(this);
    this.fetch();
  }

  // Whoever changes the file by hand comes back from another window.
  connectedCallback() {
    super.connectedCallback();
    window.addEventListener("focus", this.fetch);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("focus", this.fetch);
  }

  fetch = async () => {
    try {
      this.told = await get("api/v1/settings");
      this.problem = "";
    } catch (error) {
      this.problem = error.message;
    }
  };

  willUpdate(changed) {
    if (changed.has("route")) this.adding = "";
    const wasAway = this.away;
    this.away = live.offline;
    if (wasAway && !this.away) this.fetch();
  }

  get groups() {
    const names = this.told.sections.map((section) => section.name);
    const placed = Object.values(GROUPS).flat();
    const groups = Object.entries(GROUPS).map(([group, sections]) => [group, sections.filter((name) => names.includes(name))]);
    return [...groups, ["other", names.filter((name) => !placed.includes(name))]].filter(([, sections]) => sections.length);
  }

  render() {
    if (!this.told) return html`<h1>${t("settings.title")}</h1><p class=${this.problem ? "problem" : "quiet"}>${this.problem || t("overview.loading")}</p>`;
    const chosen = this.told.sections.find((section) => section.name === this.route?.section);
    const shown = chosen ?? this.told.sections.find((section) => section.name === this.groups[0][1][0]);
    return html`<div class="settings ${chosen ? "is-chosen" : ""}">
      <div class="settings-side">
        ${chosen ? html`<p class="settings-title">${t("settings.title")}</p>` : html`<h1 class="settings-title">${t("settings.title")}</h1>`}
        <nav aria-label=${t("settings.sections")}>${this.groups.map(([group, names]) => this.group(group, names, shown.name))}</nav>
        <p class="quiet settings-file">${t("settings.file")} <code>${this.told.file ?? "–"}</code></p>
      </div>
      <section class="settings-main" aria-labelledby="settings-section">${this.section(shown)}</section>
    </div>`;
  }

  group(group, names, here) {
    return html`<h2>${t(`settings.group.${group}`)}</h2>
      <ul>
        ${names.map((name) => {
          const { tables, many, optional } = this.told.sections.find((section) => section.name === name);
          const doubtful = this.warnings(name).length ? html`${icon("warning")}<span class="unseen">${t("settings.doubtful")}</span>` : nothing;
          const amount = many ? tables.length || "" : optional && tables.length ? icon("check") : "";
          return html`<li><a href="#/settings/${name}" aria-current=${name === here ? "page" : nothing}><span>${titleOf(name)}</span><span class="quiet">${doubtful} ${amount}</span></a></li>`;
        })}
      </ul>`;
  }

  /** What the program finds doubtful in a table: "bmsreader.toml:12: alarm.0.batteries: no battery ...". */
  warnings(name) {
    return (this.told.warnings ?? []).filter((warning) => warning.split(": ").some((part) => part.startsWith(`${name}.`)));
  }

  section(section) {
    const { name, head, text, many, optional, tables } = section;
    return html`
      <a class="settings-back" href="#/settings">${icon("next")}${t("settings.back")}</a>
      <header class="settings-head">
        ${this.route?.section ? html`<h1 id="settings-section">${titleOf(name)}</h1>` : html`<h2 id="settings-section">${titleOf(name)}</h2>`}
        <p>${has(`settings.intro.${name}`) ? t(`settings.intro.${name}`) : markedUp(said(text))}</p>
      </header>
      ${this.frozen()} ${this.problem ? html`<p class="problem">${icon("warning")}${this.problem}</p>` : nothing}
      ${this.warnings(name).map((warning) => html`<p class="problem">${icon("warning")}<span>${said(warning)}</span></p>`)}
      ${name === "battery" ? html`<p><a class="button" href="#/welcome">${icon("radio")}${t("settings.find")}</a></p>` : nothing}
      ${tables.map((table, number) => this.table(section, table, number, many))}
      ${!tables.length && !optional && !many ? this.form(section, {}, 0) : nothing}
      ${this.adding === name ? html`<div class="card settings-table"><h3>${t("settings.new")}</h3>${this.form(section, null, tables.length)}</div>` : nothing}
      ${this.adding !== name && (many || (optional && !tables.length)) ? this.invitation(section) : nothing}
      <p class="quiet settings-place">${t("settings.place")} <code>${head}</code></p>
    `;
  }

  table(section, table, number, many) {
    const key = `${this.version} ${section.name} ${number} ${section.tables.length}`;
    if (!many) return keyed(key, html`<div class="card settings-table">${this.form(section, table, number)}</div>`);
    return keyed(key, html`<details class="card settings-table" ?open=${section.tables.length === 1}>
      <summary><h3>${heading(section, table)}</h3>${icon("next")}</summary>
      ${this.form(section, table, number)}
    </details>`);
  }

  form(section, table, number) {
    return html`<bms-setting-form
      .section=${section} .table=${table} .number=${number} .origins=${table ? section.origins[number] : null}
      .writable=${this.told.writable} .stamp=${this.told.stamp} @saved=${this.saved} @outdated=${this.fetch} @cancelled=${() => (this.adding = "")}
    ></bms-setting-form>`;
  }

  invitation({ name, many, tables }) {
    return html`<div class="settings-invite">
      ${tables.length ? nothing : html`<p class="quiet">${t(many ? "settings.none" : "settings.unused")}</p>`}
      <button ?disabled=${!this.told.writable} @click=${() => this.add(name)}>${icon("plus")}${t(many ? "settings.add" : "settings.use")}</button>
    </div>`;
  }

  async add(name) {
    this.adding = name;
    await this.updateComplete;
    const forms = [...this.querySelectorAll("bms-setting-form")];
    await forms.at(-1)?.updateComplete;
    forms.at(-1)?.querySelector("input, select, textarea")?.focus();
  }

  frozen() {
    if (this.told.writable) return nothing;
    const why = this.told.why_not_writable ?? live.session?.why_not_writable ?? "";
    return html`<div class="banner severity-info">${icon("info")}<p><strong>${t("settings.frozen")}</strong>${said(why)}</p></div>`;
  }

  async saved() {
    this.adding = "";
    this.version += 1; // tables may have moved: forms begin anew from the file
    await this.fetch();
    await live.refresh();
  }
}

function heading({ head }, table) {
  const name = ["name", "host", "url", "field"].map((key) => table[key]).find(Boolean);
  const second = ["address", "arrangement", "packs"].map((key) => table[key]).find(Boolean);
  return html`${name ?? head}${second ? html` <span class="quiet">${second}</span>` : nothing}`;
}

define("bms-settings-page", Settings);
