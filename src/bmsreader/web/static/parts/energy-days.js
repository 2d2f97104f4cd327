// Energy in and out by day or month: what was counted is solid, what can have flowed while nothing was read is hatched.

import { html, nothing, svg } from "../vendor/lit.js";
import { ZONE, get } from "../api.js";
import { t } from "../texts.js";
import { duration, energy, quantity } from "../format.js";
import { timeFormat } from "./chart-axis.js";
import { fileName, save } from "./chart-export.js";
import { Light, define } from "./light.js";
import { drawEnergy, layout } from "./energy-layout.js";
import { icon } from "./icons.js";

const SPANS = [
  ["weeks", 14, "day"],
  ["month", 31, "day"],
  ["quarter", 92, "day"],
  ["year", 366, "month"],
  ["all", 3660, "month"],
];
const AGAIN = 60_000;

class EnergyDays extends Light {
  static properties = {
    battery: { attribute: false },
    _days: { state: true },
    _span: { state: true },
    _error: { state: true },
    _width: { state: true },
    _at: { state: true },
  };

  constructor() {
    super();
    this._span = SPANS[0];
    this._width = 600;
  }

  connectedCallback() {
    super.connectedCallback();
    this._load();
    this._ticking = setInterval(() => document.hidden || this._load(), AGAIN);
    this._resize = new ResizeObserver(() => (this._width = Math.max(this.clientWidth - 36, 240)));
    this._resize.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this._ticking);
    this._resize.disconnect();
  }

  async _load() {
    const [, days] = this._span;
    try {
      const path = `api/v1/batteries/${encodeURIComponent(this.battery.slug)}/energy`;
      const answer = await get(path, { days, tz: ZONE });
      if (days === this._span[1]) this._days = answer.days;
      this._error = "";
    } catch (error) {
      this._error = error.message;
    }
  }

  _choose(span) {
    this._span = span;
    this._at = null;
    this._load();
  }

  /** One entry for each bar: days as they are, or put together by month. */
  _bars() {
    const known = this._days ?? [];
    const first = known.findIndex((day) => day.energy_in || day.energy_out || day.gaps);
    const days = this._span[0] === "all" ? known.slice(Math.max(first, 0)) : known;
    return this._span[2] === "day" ? days : months(days);
  }

  render() {
    const bars = this._bars();
    return html`
      <header class="chart-head">
        <h3>${this._title()}</h3>
        <output class="readout">${this._at === undefined || !bars[this._at] ? nothing : this._words(bars[this._at])}</output>
        ${this._saveMenu(bars)}
      </header>
      <div class="energy-spans" role="group" aria-label=${t("energy.span")}>
        ${SPANS.map((span) => html`<button type="button" class="small" aria-pressed=${span === this._span} @click=${() => this._choose(span)}>
          ${t(`energy.span.${span[0]}`)}
        </button>`)}
      </div>
      ${this._error ? html`<p class="over error" role="status">${this._error}</p>` : nothing}
      ${bars.length ? this._picture(bars) : html`<p class="quiet">${this._days ? t("energy.none") : t("chart.loading")}</p>`}
      <ul class="legend">
        <li><i class="swatch in"></i>${t("energy.in")} <b>${energy(total(bars, "energy_in"))}</b></li>
        <li><i class="swatch out"></i>${t("energy.out")} <b>${energy(total(bars, "energy_out"))}</b></li>
        ${bars.some(({ gaps }) => gaps) ? html`<li><i class="swatch gap"></i>${t("energy.missing")}</li>` : nothing}
      </ul>
      ${bars.length ? this._table(bars) : nothing}
    `;
  }

  _title() {
    return t(this._span[2] === "month" ? "energy.title_month" : "energy.title");
  }

  _name(bar) {
    return this._span[2] === "month"
      ? timeFormat({ month: "short", year: "numeric" }).format(bar.start)
      : timeFormat({ weekday: "short", day: "numeric", month: "short" }).format(bar.start);
  }

  _words(bar) {
    const parts = [this._name(bar), `${t("energy.in")} ${energy(bar.energy_in)}`, `${t("energy.out")} ${energy(bar.energy_out)}`];
    if (bar.gaps) parts.push(missingText(bar));
    return parts.join(" · ");
  }

  _picture(bars) {
    const plan = layout(bars, { width: this._width, unit: this._span[2] });
    return html`<svg class="energy-bars" viewBox="0 0 ${plan.width} ${plan.height}" width=${plan.width} height=${plan.height}
      role="img" aria-label=${t("energy.label", { bars: bars.length, in: energy(total(bars, "energy_in")), out: energy(total(bars, "energy_out")) })}
      @pointermove=${(event) => this._over(event, plan, bars)} @pointerleave=${() => (this._at = null)}>
      <defs>
        ${["in", "out"].map((kind) => svg`<pattern id="hatch-${kind}" class="hatch ${kind}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V6" />
        </pattern>`)}
      </defs>
      ${plan.lines.map(({ y, text }) => svg`<path class="grid" d="M${plan.left} ${y}H${plan.width}" /><text class="axis" x=${plan.left - 6} y=${y + 4} text-anchor="end">${text}</text>`)}
      ${plan.boxes.map(({ x, y, width, height, kind, sure, at }) => svg`<rect class="${sure ? "sure" : "unsure"} ${kind} ${at === this._at ? "hot" : ""}"
        x=${x} y=${y} width=${width} height=${height} fill=${sure ? nothing : `url(#hatch-${kind})`} rx=${sure ? 1.5 : 0} />`)}
      ${plan.labels.map(({ x, text }) => svg`<text class="axis" x=${x} y=${plan.height - 6} text-anchor="middle">${text}</text>`)}
      <text class="axis" x="0" y="10">kWh</text>
    </svg>`;
  }

  _over(event, plan, bars) {
    const box = event.currentTarget.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * plan.width - plan.left;
    this._at = Math.min(Math.max(Math.floor(x / plan.step), 0), bars.length - 1);
  }

  _table(bars) {
    return html`<details class="behind">
      <summary>${t("chart.table")}</summary>
      <div class="scrolls" tabindex="0" role="region" aria-label=${t("chart.table_of", { title: this._title() })}>
        <table class="numbers">
          <caption class="unseen">${this._title()}</caption>
          <thead><tr>
            <th scope="col">${t(`energy.${this._span[2]}`)}</th>
            <th scope="col">${t("energy.in")}</th><th scope="col">${t("energy.out")}</th>
            <th scope="col">${t("energy.charge_in")}</th><th scope="col">${t("energy.charge_out")}</th>
            <th scope="col">${t("energy.gaps")}</th>
          </tr></thead>
          <tbody>
            ${bars.map((bar) => html`<tr>
              <th scope="row">${this._name(bar)}</th>
              <td>${energy(bar.energy_in)}</td><td>${energy(bar.energy_out)}</td>
              <td>${quantity(bar.charge_in, "Ah")}</td><td>${quantity(bar.charge_out, "Ah")}</td>
              <td class="words">${bar.gaps ? missingText(bar) : "–"}</td>
            </tr>`)}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  _saveMenu(bars) {
    const name = t("chart.save", { title: this._title() });
    return html`<details class="menu save">
      <summary aria-label=${name} title=${name}>${icon("charge")}</summary>
      <div class="menu-panel menu-list">
        ${["csv", "json", "png"].map((kind) => html`<button type="button" data-kind=${kind} ?disabled=${!bars.length} @click=${() => this._save(kind, bars)}>
          ${t(`chart.save_${kind}`)}
        </button>`)}
      </div>
    </details>`;
  }

  async _save(kind, bars) {
    this.querySelector("details.save").open = false;
    const name = fileName(this.battery.slug, "energy", bars[0].start, Date.now(), kind);
    if (kind === "csv") save(csv(bars), "text/csv", name);
    else if (kind === "json") save(`${JSON.stringify({ battery: this.battery.slug, tz: ZONE, unit: this._span[2], bars }, null, 1)}\n`, "application/json", name);
    else {
      const plan = layout(bars, { width: Math.max(this._width, 560), unit: this._span[2] });
      save(await drawEnergy(plan, { title: this._title(), name: this.battery.name, stretch: `${this._name(bars[0])} – ${this._name(bars.at(-1))}` }), "image/png", name);
    }
  }
}

/** How long nothing was read, and between which bounds what flowed then lies. */
function missingText({ gaps, missing }) {
  const length = duration(gaps);
  const bounds = ["energy_in", "energy_out"].flatMap((kind) => {
    const [low, high] = missing?.[kind] ?? [];
    if (low === undefined || (low === 0 && high === 0)) return [];
    return [t(`energy.bound_${kind}`, { low: energy(low ?? 0), high: high === null ? "?" : energy(high) })];
  });
  return [t("energy.gap", { length }), ...bounds].join(", ");
}

function total(bars, kind) {
  return bars.reduce((sum, bar) => sum + bar[kind], 0);
}

/** Days put together by calendar month. */
function months(days) {
  const found = new Map();
  for (const day of days) {
    const key = day.date.slice(0, 7);
    const one = found.get(key);
    if (!one) found.set(key, structuredClone({ ...day, date: key }));
    else {
      for (const kind of ["energy_in", "energy_out", "charge_in", "charge_out", "gaps"]) one[kind] += day[kind];
      for (const kind of Object.keys(one.missing)) {
        one.missing[kind] = one.missing[kind].map((bound, at) => (bound === null || day.missing[kind][at] === null ? null : bound + day.missing[kind][at]));
      }
    }
  }
  return [...found.values()];
}

function csv(bars) {
  const names = ["energy_in", "energy_out", "charge_in", "charge_out", "gaps"];
  const kinds = names.slice(0, 4);
  const bounds = (bar) => kinds.flatMap((kind) => bar.missing?.[kind] ?? [null, null]);
  const head = ["date", ...names, ...kinds.flatMap((kind) => [`missing_${kind}_least`, `missing_${kind}_most`])];
  const rows = bars.map((bar) => [bar.date, ...names.map((name) => bar[name]), ...bounds(bar)]);
  return `${[head, ...rows].map((row) => row.map((value) => value ?? "").join(",")).join("\r\n")}\r\n`;
}

define("bms-energy", EnergyDays);
