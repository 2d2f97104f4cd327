// Alarms: what is wrong now, what nobody has looked at yet, and what there was.

import { html, nothing, repeat } from "../vendor/lit.js";
import { get, send } from "../api.js";
import { Watch, live } from "../live.js";
import { duration, fullMoment, moment } from "../format.js";
import { addTexts, count, said, t } from "../texts.js";
import { home } from "../router.js";
import { Light, define } from "../parts/light.js";
import { icon } from "../parts/icons.js";
import { toast, toastError } from "../parts/toast.js";
import { alarmWords, bySeverity } from "../parts/words.js";

await addTexts("alarms");

export const page = { tag: "bms-alarms-page", title: () => t("alarms.title"), styles: ["static/pages/finding.css", "static/pages/alarms.css"] };

const VIEWS = ["open", "active", "all"];
const AT_ONCE = 100;
const MOST = 1_000; // the API gives no more at once

class Alarms extends Light {
  static properties = {
    route: { attribute: false },
    view: { state: true },
    battery: { state: true },
    alarms: { state: true },
    limit: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.view = "open";
    this.battery = "";
    this.alarms = null;
    this.limit = AT_ONCE;
    new Watch(this);
  }

  connectedCallback() {
    super.connectedCallback();
    live.addEventListener("alarm", this.fetch);
    this.asking = setInterval(this.fetch, 30_000); // ages go on, and what another browser acknowledged shows
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    live.removeEventListener("alarm", this.fetch);
    clearInterval(this.asking);
  }

  willUpdate(changed) {
    if (changed.has("route") && this.route) this.battery = this.route.query.get("battery") ?? this.battery;
    if (["route", "view", "battery", "limit"].some((name) => changed.has(name))) this.fetch();
    const wasAway = this.away;
    this.away = live.offline;
    if (wasAway && !this.away) this.fetch();
  }

  fetch = async () => {
    const asked = { state: this.view, battery: this.battery, limit: this.limit };
    try {
      const { alarms } = await get("api/v1/alarms", asked);
      if (asked.state !== this.view || asked.battery !== this.battery) return;
      this.alarms = this.view === "all" ? alarms.sort(byTime) : alarms.sort(bySeverity);
      this.problem = "";
    } catch (error) {
      this.problem = error.message;
    }
  };

  render() {
    const unseen = (this.alarms ?? []).filter((alarm) => !alarm.acknowledged_at);
    return html`
      <div class="page-head">
        <h1>${t("alarms.title")}</h1>
        <div class="chips" role="group" aria-label=${t("alarms.show")}>
          ${VIEWS.map((view) => html`<button class="chip" aria-pressed=${view === this.view} @click=${() => this.look(view)}>${t(`alarms.view.${view}`)}</button>`)}
        </div>
        <div class="page-actions">
          ${this.choice()}
          ${unseen.length > 1 ? html`<button @click=${this.acknowledgeAll}>${icon("check")}${t("alarms.acknowledge_all")}</button>` : nothing}
        </div>
      </div>
      ${this.problem ? html`<p class="problem">${icon("warning")}${this.problem}</p>` : nothing} ${this.list()}
      <p class="quiet alarms-foot">${t("alarms.rules")} <a href="#/settings/alarm">${t("alarms.rules.link")}</a></p>
    `;
  }

  look(view) {
    this.alarms = null;
    this.view = view;
  }

  choice() {
    const batteries = [...live.batteries.values()].sort((a, b) => a.name.localeCompare(b.name));
    if (batteries.length < 2) return nothing;
    return html`<label>
      <span class="unseen">${t("alarms.battery")}</span>
      <select @change=${(event) => (this.battery = event.target.value)}>
        <option value="">${t("alarms.battery.all")}</option>
        ${batteries.map(({ slug, name }) => html`<option value=${slug} ?selected=${slug === this.battery}>${name}</option>`)}
      </select>
    </label>`;
  }

  list() {
    if (this.alarms === null) return html`<p class="quiet">${t("overview.loading")}</p>`;
    if (!this.alarms.length) {
      return html`<section class="empty">${icon("check")}<h2>${t(`alarms.none.${this.view}`)}</h2><p>${t("alarms.none.text")}</p></section>`;
    }
    return html`<ul class="alarms">
        ${repeat(this.alarms, (alarm) => alarm.id, (alarm) => this.one(alarm))}
      </ul>
      ${this.alarms.length >= this.limit && this.limit < MOST ? html`<button @click=${() => (this.limit = MOST)}>${t("alarms.more")}</button>` : nothing}`;
  }

  one(alarm) {
    const battery = live.batteries.get(alarm.battery);
    const active = !alarm.cleared_at;
    return html`<li class="card alarm severity-${alarm.severity} ${active ? "is-active" : "is-over"}">
      <span class="alarm-sign">${icon(alarm.severity)}</span>
      <div class="alarm-what">
        <p class="alarm-kind">
          <strong>${t(`severity.${alarm.severity}`)}</strong> · ${t(`alarms.category.${alarm.category}`)} ·
          ${battery ? html`<a href=${home(battery)}>${battery.name}</a>` : alarm.battery}
        </p>
        <h2>${alarmWords(alarm)}</h2>
        <p class="alarm-when">${this.when(alarm, active)}</p>
        ${alarm.note ? html`<p class="quiet">${said(alarm.note)}</p>` : nothing}
      </div>
      <div class="alarm-do">
        ${alarm.acknowledged_at
          ? html`<span class="quiet">${icon("check")}${t("alarms.acknowledged", { time: moment(alarm.acknowledged_at) })}</span>`
          : html`<button @click=${() => this.acknowledge(alarm)}>${icon("check")}${t("alarms.acknowledge")}<span class="unseen">: ${alarmWords(alarm)}</span></button>`}
      </div>
    </li>`;
  }

  when(alarm, active) {
    const raised = html`<time datetime=${alarm.raised_at} title=${fullMoment(alarm.raised_at)}>${moment(alarm.raised_at)}</time>`;
    const end = active ? Date.now() : new Date(alarm.cleared_at);
    const length = duration(Math.max(0, (end - new Date(alarm.raised_at)) / 1_000));
    const state = active ? t("alarms.active_for", { time: length }) : t("alarms.was_active_for", { time: length });
    const until = active ? nothing : html` ${t("alarms.until")} <time datetime=${alarm.cleared_at} title=${fullMoment(alarm.cleared_at)}>${moment(alarm.cleared_at)}</time>`;
    return html`<span class="alarm-state">${state}</span> · ${t("alarms.since")} ${raised}${until} · ${t(`alarms.source.${alarm.source}`)}`;
  }

  async acknowledge(alarm) {
    await this.told(send("POST", `api/v1/alarms/${alarm.id}/acknowledge`), t("alarms.done"));
  }

  async acknowledgeAll() {
    const n = this.alarms.filter((alarm) => !alarm.acknowledged_at).length;
    await this.told(send("POST", "api/v1/alarms/acknowledge-all"), count("alarms.done_all", n));
  }

  async told(request, words) {
    try {
      await request;
      toast(words);
    } catch (error) {
      toastError(error);
    }
    await Promise.all([this.fetch(), live.refresh()]);
    this.querySelector("h1")?.setAttribute("tabindex", "-1");
    if (!this.contains(document.activeElement)) this.querySelector("h1")?.focus();
  }
}

const byTime = (a, b) => new Date(b.raised_at) - new Date(a.raised_at);

define("bms-alarms-page", Alarms);
