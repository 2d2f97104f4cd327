// A bank of packs: how they are wired, which of them are seen, which one ends it, and the whole as one battery.

import { html, nothing } from "../vendor/lit.js";
import { Watch, live, shownState } from "../live.js";
import { number, quantity } from "../format.js";
import { addTexts, t } from "../texts.js";
import { arrangementView, parseArrangement } from "../parts/arrangement.js";
import { batteryHead, noBattery } from "../parts/battery-head.js";
import { beside } from "../parts/beside.js";
import { cellsCard } from "../parts/cells-card.js";
import { chartsOf } from "../parts/fields.js";
import { icon } from "../parts/icons.js";
import { Light, define } from "../parts/light.js";
import { alarmsCard, nowCard } from "../parts/now-card.js";
import { allValues } from "../parts/values.js";
import "../parts/charts.js";
import "../parts/energy-days.js";

await Promise.all([addTexts("battery"), addTexts("care")]);

export const page = {
  tag: "bms-bank-page",
  title: ({ slug }) => live.batteries.get(slug)?.name ?? t("bank.title"),
  styles: ["static/vendor/uplot.css", "static/charts.css", "static/range.css", "static/pages/battery.css", "static/pages/cells.css", "static/pages/values.css", "static/pages/bank.css"],
};

class BankPage extends Light {
  static properties = { route: { attribute: false }, _ranges: { state: true } };

  constructor() {
    super();
    this._beside = beside();
    new Watch(this); // its packs matter as much as itself
  }

  _specs(battery) {
    const specs = chartsOf(battery);
    const key = JSON.stringify(specs);
    if (key !== this._key) [this._key, this._kept] = [key, specs];
    return this._kept;
  }

  render() {
    const battery = live.batteries.get(this.route?.slug);
    if (!battery?.bank) return noBattery(this.route?.slug);
    const { old } = shownState(battery);
    return html`
      ${batteryHead(battery, "")} ${degraded(battery.bank)}
      <div class="battery-page" @ranges=${({ detail }) => detail.key === "cells" && (this._ranges = detail.ranges)}>
        <div class="battery-now" ${this._beside}>
          ${nowCard(battery, old)} ${alarmsCard(battery)} ${this._arrangement(battery.bank)}
          ${cellsCard(battery, { ranges: this._ranges, old })}
        </div>
        <section class="battery-past" id="history" aria-label=${t("battery.history")}>
          <bms-charts .battery=${battery} .specs=${this._specs(battery)}></bms-charts>
          <bms-energy class="card chart" .battery=${battery}></bms-energy>
        </section>
      </div>
      <section class="card battery-values" aria-labelledby="values-title">
        <h2 id="values-title">${t("values.title")}</h2>
        ${allValues(battery)}
      </section>
    `;
  }

  _arrangement(bank) {
    const tree = parseArrangement(bank.arrangement);
    return html`<section class="card arrangement" aria-labelledby="arrangement-title">
      <h2 id="arrangement-title">${t("bank.arrangement")}</h2>
      ${tree ? arrangementView(bank, tree) : html`<p>${bank.arrangement}</p>`}
      ${facts(bank)}
    </section>`;
  }
}

function facts(bank) {
  const name = (slug) => live.batteries.get(slug)?.name ?? slug;
  const rows = [
    [t("bank.seen"), t("bank.seen_short", { seen: number(bank.seen.length), packs: number(bank.packs.length), share: number(bank.capacity_share, 0) })],
    bank.limiting ? [t("bank.limiting"), name(bank.limiting)] : null,
    bank.imbalance === null ? null : [t("bank.imbalance"), t("bank.points", { value: number(bank.imbalance, 1) })],
    bank.midpoint_drift === null ? null : [t("bank.midpoint"), quantity(1000 * bank.midpoint_drift, "mV", { digits: 0 })],
  ].filter(Boolean);
  return html`<dl class="bank-facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** What is missing, and that nothing is invented for it. */
function degraded(bank) {
  if (!bank.words) return nothing;
  const missing = bank.packs.filter((slug) => !bank.seen.includes(slug)).map((slug) => live.batteries.get(slug)?.name ?? slug);
  const values = { seen: number(bank.seen.length), packs: number(bank.packs.length), share: number(bank.capacity_share, 0) };
  return html`<p class="degraded severity-warning" role="status">
    ${icon("warning")}<span><strong>${t("bank.seen_of", values)}.</strong> ${t("bank.missing", { names: missing.join(", ") })}</span>
  </p>`;
}

define("bms-bank-page", BankPage);
