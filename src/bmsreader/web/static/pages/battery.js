// One battery: what is in it now, each of its cells, and how it came to this.

import { html } from "../vendor/lit.js";
import { Watch, live, shownState } from "../live.js";
import { addTexts, t } from "../texts.js";
import { batteryHead, noBattery } from "../parts/battery-head.js";
import { beside } from "../parts/beside.js";
import { cellsCard } from "../parts/cells-card.js";
import { chartsOf } from "../parts/fields.js";
import { Light, define } from "../parts/light.js";
import { alarmsCard, nowCard } from "../parts/now-card.js";
import { allValues } from "../parts/values.js";
import "../parts/charts.js";
import "../parts/energy-days.js";

await Promise.all([addTexts("battery"), addTexts("care")]);

export const page = {
  tag: "bms-battery-page",
  title: ({ slug }) => live.batteries.get(slug)?.name ?? t("battery.title"),
  styles: ["static/vendor/uplot.css", "static/charts.css", "static/range.css", "static/pages/battery.css", "static/pages/cells.css", "static/pages/values.css"],
};

class BatteryPage extends Light {
  static properties = { route: { attribute: false }, _ranges: { state: true } };

  constructor() {
    super();
    this._beside = beside();
    new Watch(this, () => this.route?.slug);
  }

  /** The charts' description stays the same object while nothing in it changes: new ones would be drawn anew. */
  _specs(battery) {
    const specs = chartsOf(battery);
    const key = JSON.stringify(specs);
    if (key !== this._key) [this._key, this._kept] = [key, specs];
    return this._kept;
  }

  updated() {
    const wanted = this.route?.tab === "history" && this.querySelector("#history");
    if (!wanted || this._went === this.route) return;
    this._went = this.route;
    wanted.scrollIntoView();
  }

  render() {
    const battery = live.batteries.get(this.route?.slug);
    if (!battery) return noBattery(this.route?.slug);
    const { old } = shownState(battery);
    return html`
      ${batteryHead(battery, "")}
      <div class="battery-page" @ranges=${({ detail }) => detail.key === "cells" && (this._ranges = detail.ranges)}>
        <div class="battery-now" ${this._beside}>
          ${nowCard(battery, old)} ${alarmsCard(battery)} ${cellsCard(battery, { ranges: this._ranges, old })}
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
}

define("bms-battery-page", BatteryPage);
