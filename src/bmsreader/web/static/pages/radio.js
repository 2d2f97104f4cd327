// Bluetooth: how well every battery is heard and answers, what was rejected and why, and what `doctor` says about it.

import { html, nothing } from "../vendor/lit.js";
import { get } from "../api.js";
import { Watch, live } from "../live.js";
import { addTexts, t } from "../texts.js";
import { batteryHead, noBattery } from "../parts/battery-head.js";
import { label } from "../parts/fields.js";
import { icon } from "../parts/icons.js";
import { Light, define } from "../parts/light.js";
import { adapterList, linkFigures, linkTable } from "../parts/link-quality.js";
import "../parts/answer-times.js";
import "../parts/charts.js";
import "../parts/event-record.js";

await Promise.all([addTexts("battery"), addTexts("care")]);

export const page = {
  tag: "bms-radio-page",
  title: ({ slug }) => (slug ? `${live.batteries.get(slug)?.name ?? slug} · ${t("shell.radio")}` : t("shell.radio")),
  styles: ["static/vendor/uplot.css", "static/charts.css", "static/range.css", "static/pages/battery.css", "static/pages/radio.css"],
};

const AGAIN = 60_000;

class RadioPage extends Light {
  static properties = { route: { attribute: false }, _findings: { state: true } };

  constructor() {
    super();
    new Watch(this, () => this.route?.slug ?? null);
  }

  connectedCallback() {
    super.connectedCallback();
    this._diagnose();
    this._ticking = setInterval(() => document.hidden || this._diagnose(), AGAIN);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this._ticking);
  }

  async _diagnose() {
    try {
      [this._findings, live.gateway] = [(await get("api/v1/doctor")).findings, live.gateway ?? (await get("api/v1/gateway"))];
    } catch {
      this._findings ??= null; // asked again in a minute; the record below says what is wrong
    }
  }

  render() {
    return this.route?.slug ? this._one() : this._all();
  }

  _all() {
    const batteries = [...live.batteries.values()].filter(({ kind }) => kind !== "bank");
    return html`
      <div class="page-head"><h1>${t("shell.radio")}</h1></div>
      <div class="radio-page">
        ${this._doctor(this._findings)}
        <section class="card" aria-labelledby="links-title">
          <h2 id="links-title">${t("radio.links")}</h2>
          ${batteries.length ? linkTable(batteries) : html`<p class="quiet">${live.loaded ? t("overview.none") : t("overview.loading")}</p>`}
          ${adapterList(live.gateway)}
        </section>
        <bms-events class="card" .slug=${""}></bms-events>
      </div>
    `;
  }

  _one() {
    const battery = live.batteries.get(this.route.slug);
    if (!battery) return noBattery(this.route.slug);
    const own = this._findings?.filter(({ title }) => title === battery.name);
    this._signal ??= [
      { key: "signal", title: t("battery.chart.signal"), unit: "dBm", digits: 0, least: 20, tone: 1, lines: [{ field: "signal", label: label("signal") }] },
    ];
    return html`
      ${batteryHead(battery, "radio")}
      <div class="radio-page">
        ${linkFigures(battery)} ${this._doctor(own)}
        <div><bms-charts .battery=${battery} .specs=${this._signal} .heading=${t("battery.chart.signal")}></bms-charts></div>
        <bms-times .slug=${battery.slug}></bms-times>
        <bms-events class="card" .slug=${battery.slug}></bms-events>
      </div>
    `;
  }

  _doctor(findings) {
    if (!findings) return nothing;
    return html`<section class="card doctor" aria-labelledby="doctor-title">
      <h2 id="doctor-title">${t("radio.doctor")}</h2>
      ${findings.length
        ? html`<ul>
            ${findings.map((one) => html`<li class="severity-${one.severity}">
              ${icon(one.severity)}
              <div lang="en"><strong>${one.title}</strong><p>${one.text}</p><p class="quiet">${one.advice}</p></div>
            </li>`)}
          </ul>`
        : html`<p class="doctor-well">${icon("check")}${t("radio.doctor_well")}</p>`}
    </section>`;
  }
}

define("bms-radio-page", RadioPage);
