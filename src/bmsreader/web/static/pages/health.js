// How a battery ages: each figure with its confidence, or the reason why there is none; by month, and cell by cell.

import { html, nothing } from "../vendor/lit.js";
import { get } from "../api.js";
import { Watch, live } from "../live.js";
import { addTexts, t } from "../texts.js";
import { batteryHead, noBattery } from "../parts/battery-head.js";
import { amount, basis, extent, interval, meaning, reasonText, title, unitText } from "../parts/health-words.js";
import { icon } from "../parts/icons.js";
import { Light, define } from "../parts/light.js";
import { monthChart } from "../parts/month-chart.js";

await Promise.all([addTexts("battery"), addTexts("care")]);

export const page = {
  tag: "bms-health-page",
  title: ({ slug }) => `${live.batteries.get(slug)?.name ?? ""} · ${t("battery.page.health")}`,
  styles: ["static/charts.css", "static/pages/battery.css", "static/pages/health.css"],
};

class HealthPage extends Light {
  static properties = { route: { attribute: false }, _report: { state: true }, _error: { state: true } };

  constructor() {
    super();
    new Watch(this, () => this.route?.slug);
  }

  updated() {
    if (this._asked === this.route?.slug || !live.batteries.has(this.route?.slug)) return;
    this._asked = this.route.slug;
    this._load();
  }

  async _load() {
    this._error = null;
    this._report = undefined;
    try {
      this._report = await get(`api/v1/batteries/${encodeURIComponent(this.route.slug)}/health`);
    } catch (error) {
      this._error = error;
    }
  }

  render() {
    const battery = live.batteries.get(this.route?.slug);
    if (!battery) return noBattery(this.route?.slug);
    return html`${batteryHead(battery, "health")} ${this._body()}`;
  }

  _body() {
    if (this._error) {
      return html`<section class="empty">
        ${icon("warning")}
        <h2>${this._error.message}</h2>
        <p>${this._error.advice}</p>
        <button type="button" @click=${() => this._load()}>${t("shell.again")}</button>
      </section>`;
    }
    if (this._report === undefined) return html`<p class="quiet" role="status">${t("health.loading")}</p>`;
    const report = this._report;
    if (!report?.items?.length) return html`<p class="quiet">${t("health.none")}</p>`;
    const known = report.items.filter(({ value }) => value !== null);
    const unknown = report.items.filter(({ value }) => value === null);
    return html`
      <p class="quiet health-extent">${extent(report)}</p>
      <section class="findings" aria-label=${t("health.known")}>${known.map(finding)}</section>
      ${this._curves(report)} ${cells(report)}
      ${unknown.length
        ? html`<section class="card unknown" aria-labelledby="unknown-title">
            <h2 id="unknown-title">${t("health.unknown")}</h2>
            <dl>
              ${unknown.map((item) => html`<div>
                <dt>${title(item)}</dt>
                <dd>${interval(item) ? html`<b>${interval(item)}.</b> ` : nothing}${reasonText(item)}</dd>
              </div>`)}
            </dl>
          </section>`
        : nothing}
      <p class="quiet health-note">${t("health.note")}</p>
    `;
  }

  _curves({ series }) {
    const groups = grouped(series ?? {});
    if (!groups.length) return nothing;
    return html`<section class="card months" aria-labelledby="months-title">
      <h2 id="months-title">${t("health.months")}</h2>
      <div class="month-charts">
        ${groups.map(({ name, unit, lines }) => monthChart(lines, {
          key: name,
          title: `${title({ name })} (${unitText(unit === "V" ? "mV" : unit === "Ω" ? "mΩ" : unit)})`,
          text: (value) => amount(value, unit).split("\u202f")[0],
        }))}
      </div>
    </section>`;
  }
}

function finding(item) {
  return html`<article class="card finding" data-name=${item.name}>
    <h2>${title(item)}</h2>
    <p class="finding-value">${amount(item.value, item.unit)}</p>
    <p class="finding-trust">
      <span class="trust trust-${item.grade}">${t(`health.grade.${item.grade ?? "poor"}`)}</span>
      ${interval(item) ? html`<span>${interval(item)}</span>` : nothing}
    </p>
    <p class="quiet">${meaning(item)}</p>
    <p class="quiet finding-basis">${basis(item)}</p>
  </article>`;
}

/** Curves of single cells belong into one chart each: cell_3_offset_load to offset_load. */
function grouped(series) {
  const groups = new Map();
  for (const [name, curve] of Object.entries(series)) {
    const [, cell, what] = /^cell_(\d+)_(.+)$/.exec(name) ?? [];
    const key = cell ? `cells_${what}` : name;
    if (!groups.has(key)) groups.set(key, { name: key, unit: curve.unit, lines: [] });
    groups.get(key).lines.push({ label: cell ? t("field.cell", { n: cell }) : title({ name }), ...curve });
  }
  return [...groups.values()];
}

function cells({ cells: found }) {
  if (!found?.length) return nothing;
  const names = found[0].items.map(({ name }) => name);
  return html`<section class="card cells-health" aria-labelledby="cells-health-title">
    <h2 id="cells-health-title">${t("health.cells")}</h2>
    <div class="scrolls" tabindex="0" role="region" aria-labelledby="cells-health-title">
      <table class="numbers">
        <thead>
          <tr><th scope="col">${t("health.cell")}</th>${names.map((name) => html`<th scope="col">${title({ name: `cell_${name}` })}</th>`)}</tr>
        </thead>
        <tbody>
          ${found.map(({ cell, items }) => html`<tr>
            <th scope="row">${cell}</th>
            ${items.map((item) => html`<td title=${item.value === null ? reasonText(item) : basis(item)}>
              ${item.value === null
                ? html`<span class="quiet">–<span class="unseen">${reasonText(item)}</span></span>`
                : html`<b>${amount(item.value, item.unit, { sign: item.name.startsWith("offset") })}</b>
                    <span class="quiet">${plusMinus(item)}</span> <span class="trust trust-${item.grade}">${t(`health.grade.${item.grade}`)}</span>`}
            </td>`)}
          </tr>`)}
        </tbody>
      </table>
    </div>
    ${missingInCells(found)}
  </section>`;
}

function plusMinus({ low, high, unit }) {
  if (low === null || high === null) return "";
  return `± ${amount((high - low) / 2, unit).split("\u202f")[0]}`;
}

/** Why columns are empty, once for all cells. */
function missingInCells(found) {
  const reasons = new Map();
  for (const { items } of found) {
    for (const item of items) if (item.value === null) reasons.set(`${title({ name: `cell_${item.name}` })}: ${reasonText(item)}`, true);
  }
  return reasons.size ? html`<ul class="quiet cell-reasons">${[...reasons.keys()].map((text) => html`<li>${text}</li>`)}</ul>` : nothing;
}

define("bms-health-page", HealthPage);
