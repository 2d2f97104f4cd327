// The overview: every battery and bank at a glance.

import { html, nothing, repeat } from "../vendor/lit.js";
import { get } from "../api.js";
import { Watch, live, shownState } from "../live.js";
import { said, t } from "../texts.js";
import { remember, remembered } from "../memory.js";
import { number } from "../format.js";
import { Light, define } from "../parts/light.js";
import { icon } from "../parts/icons.js";
import { statesOf } from "../parts/state.js";
import { bySeverity } from "../parts/words.js";
import "../parts/card.js";

export const page = { tag: "bms-overview-page", title: () => t("overview.title"), styles: ["static/pages/overview.css", "static/pages/finding.css"] };

const MANY = 6; // batteries from which on searching and sorting helps
const LATER = 1_500; // ms: a hint must not hold up the first look
const CROWD = 16; // batteries from which on those that are not in sight are not laid out
const ORDERS = ["name", "attention", "soc"];

class Overview extends Light {
  static properties = { route: { attribute: false }, sought: { state: true }, only: { state: true }, order: { state: true }, dense: { state: true }, nameless: { state: true } };

  constructor() {
    super();
    this.sought = "";
    this.only = "";
    this.order = remembered("overview.order", "name");
    this.dense = remembered("overview.dense");
    this.nameless = false;
    new Watch(this);
  }

  connectedCallback() {
    super.connectedCallback();
    if (remembered("overview.nameless") !== "well") this.asking = setTimeout(() => this.askNames(), LATER);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.asking);
  }

  /** Whether nobody has named a battery yet: then they are read as they were found. */
  async askNames() {
    try {
      const { sections, writable } = await get("api/v1/settings");
      this.nameless = writable && !sections.find((section) => section.name === "battery")?.tables.length;
    } catch {
      this.nameless = false; // a hint is worth no message about what went wrong
    }
  }

  get batteries() {
    const words = this.sought.trim().toLowerCase();
    return [...live.batteries.values()]
      .filter((battery) => !this.only || shownState(battery).state === this.only)
      .filter((battery) => !words || `${battery.name} ${battery.address ?? ""}`.toLowerCase().includes(words))
      .sort(COMPARE[this.order] ?? COMPARE.name);
  }

  render() {
    const all = [...live.batteries.values()];
    const states = statesOf(all);
    if (this.only && !states.some(([state]) => state === this.only)) this.only = "";
    const shown = this.batteries;
    return html`
      <div class="page-head">
        <h1>${t("overview.title")}</h1>
        ${all.length > 1 ? this.filters(states, all.length) : nothing} ${all.length >= MANY ? this.tools() : nothing}
      </div>
      ${this.demo()} ${all.length ? this.hint() : nothing} ${this.empty(all, shown)}
      <div class="batteries ${this.dense && all.length >= MANY ? "dense" : ""} ${all.length > CROWD ? "many" : ""}">
        ${repeat(shown, (battery) => battery.slug, (battery) => html`<bms-card .slug=${battery.slug}></bms-card>`)}
      </div>
    `;
  }

  filters(states, n) {
    const chip = (state, words, amount) => html`<button
      class="chip ${state ? `state-${state}` : ""}"
      aria-pressed=${this.only === state}
      @click=${() => (this.only = this.only === state ? "" : state)}
    >
      ${state ? icon(state) : nothing}${words} <b>${number(amount)}</b>
    </button>`;
    return html`<div class="chips" role="group" aria-label=${t("overview.filter")}>
      ${chip("", t("overview.all"), n)} ${states.map(([state, amount]) => chip(state, t(`state.${state}`), amount))}
    </div>`;
  }

  tools() {
    return html`<div class="page-actions">
      <label class="search">
        <span class="unseen">${t("overview.search")}</span>${icon("search")}
        <input type="search" placeholder=${t("overview.search")} .value=${this.sought} @input=${(event) => (this.sought = event.target.value)} />
      </label>
      <label>
        <span class="unseen">${t("overview.order")}</span>
        <select @change=${this.sort}>
          ${ORDERS.map((one) => html`<option value=${one} ?selected=${one === this.order}>${t(`overview.order.${one}`)}</option>`)}
        </select>
      </label>
      <button class="plain" aria-pressed=${Boolean(this.dense)} aria-label=${t("overview.dense")} title=${t("overview.dense")} @click=${this.densely}>
        ${icon("list")}
      </button>
    </div>`;
  }

  sort(event) {
    this.order = event.target.value;
    remember("overview.order", this.order);
  }

  densely() {
    this.dense = this.dense ? "" : "yes";
    remember("overview.dense", this.dense);
  }

  demo() {
    const session = live.session;
    if (!session?.problem) return nothing;
    return html`<div class="banner severity-${session.demo ? "info" : "warning"}">
      ${icon(session.demo ? "info" : "warning")}
      <p>
        <strong>${session.demo ? t("overview.demo") : t("overview.problem")}</strong>
        ${said(session.problem)} <a href="#/welcome">${t("overview.demo.more")}</a>
      </p>
    </div>`;
  }

  hint() {
    if (!this.nameless || live.session?.problem) return nothing;
    return html`<div class="banner severity-info">
      ${icon("info")}
      <p><strong>${t("overview.nameless")}</strong><a href="#/welcome">${t("overview.nameless.do")}</a></p>
      <button class="plain" aria-label=${t("overview.nameless.well")} title=${t("overview.nameless.well")} @click=${this.well}>${icon("close")}</button>
    </div>`;
  }

  well() {
    this.nameless = false;
    remember("overview.nameless", "well");
  }

  empty(all, shown) {
    if (shown.length) return nothing;
    if (!live.loaded) return html`<p class="quiet">${t("overview.loading")}</p>`;
    if (all.length) return html`<p class="quiet">${t("overview.none_match")}</p>`;
    return html`<section class="empty">
      ${icon("radio")}
      <h2>${t("overview.none")}</h2>
      <p>${t("overview.none.text")}</p>
      <a class="button primary" href="#/welcome">${t("overview.none.search")}</a>
    </section>`;
  }
}

const byName = (a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name, undefined, { numeric: true }) : a.kind === "bank" ? -1 : 1);
const URGENCY = ["unreachable", "stale", "offline", "busy", "asleep", "live"];
const severest = (battery) => ["critical", "warning", "info"].indexOf([...(battery.alarms ?? [])].sort(bySeverity)[0]?.severity);

const COMPARE = {
  name: byName,
  attention: (a, b) =>
    (severest(a) < 0 ? 9 : severest(a)) - (severest(b) < 0 ? 9 : severest(b)) ||
    URGENCY.indexOf(shownState(a).state) - URGENCY.indexOf(shownState(b).state) ||
    byName(a, b),
  soc: (a, b) => (a.reading?.soc ?? 101) - (b.reading?.soc ?? 101) || byName(a, b),
};

define("bms-overview-page", Overview);
