// How long answers took lately: a dot for each, or for each quarter of an hour, with the usual and the slowest in words.

import { html, svg } from "../vendor/lit.js";
import { get } from "../api.js";
import { number } from "../format.js";
import { t } from "../texts.js";
import { momentText, timeFormat } from "./chart-axis.js";
import { Light, define } from "./light.js";

const DAY = 86_400_000;
const AGAIN = 30_000;
const [HEIGHT, LEFT, FOOT, TOP] = [150, 44, 22, 8];
const LIMIT = 2000;

class AnswerTimes extends Light {
  static properties = { slug: { attribute: false }, _times: { state: true }, _width: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this._ticking = setInterval(() => document.hidden || this._load(), AGAIN);
    this._resize = new ResizeObserver(() => (this._width = Math.max(this.clientWidth - 34, 240)));
    this._resize.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this._ticking);
    this._resize.disconnect();
  }

  willUpdate(changed) {
    if (changed.has("slug")) this._load();
  }

  async _load() {
    const since = new Date(Date.now() - DAY).toISOString();
    try {
      const { events } = await get("api/v1/events", { battery: this.slug, kind: "answered,reads,connected", since, limit: LIMIT });
      this._times = events
        .filter(({ duration }) => duration !== null)
        .map(({ at, duration, kind }) => ({ at: Date.parse(at), took: duration, kind: kind === "connected" ? "connected" : "answered" }));
    } catch {
      this._times ??= []; // the record below says what is wrong
    }
  }

  render() {
    const times = this._times ?? [];
    const answers = times.filter(({ kind }) => kind === "answered").map(({ took }) => took).sort((a, b) => a - b);
    return html`<section class="card chart times" aria-labelledby="times-title">
      <header class="chart-head">
        <h3 id="times-title">${t("radio.times")}</h3>
        <output class="readout">${answers.length ? t("radio.times_words", words(answers)) : ""}</output>
      </header>
      ${times.length ? picture(times, answers, this._width ?? 600) : html`<p class="quiet">${this._times ? t("radio.no_times") : t("chart.loading")}</p>`}
      <ul class="legend">
        <li><i class="line-0 dash-0"></i>${t("radio.event.answered")}</li>
        <li><i class="line-2 dash-0"></i>${t("radio.event.connected")}</li>
      </ul>
    </section>`;
  }
}

function words(sorted) {
  const at = (part) => sorted[Math.min(Math.floor(part * sorted.length), sorted.length - 1)];
  return { median: number(at(0.5), 2), slow: number(at(0.95), 2) };
}

function picture(times, answers, width) {
  const end = Date.now();
  const start = Math.min(times[0].at, end - 3_600_000);
  const most = Math.max(...times.map(({ took }) => took), 0.5);
  const step = [0.2, 0.5, 1, 2, 5, 10, 20, 60].find((one) => most / one <= 4) ?? 120;
  const high = Math.ceil(most / step) * step;
  const x = (at) => LEFT + ((at - start) / (end - start)) * (width - LEFT - 8);
  const y = (took) => TOP + (1 - took / high) * (HEIGHT - TOP - FOOT);
  const lines = Array.from({ length: Math.round(high / step) + 1 }, (_, at) => at * step);
  const label = t("radio.times_label", { count: times.length, ...(answers.length ? words(answers) : { median: "–", slow: "–" }) });
  return html`<svg class="times-picture" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${label}>
    ${lines.map((took) => svg`<path class="grid" d="M${LEFT} ${y(took)}H${width}" /><text class="axis" x=${LEFT - 6} y=${y(took) + 4} text-anchor="end">${number(took, step < 1 ? 1 : 0)}</text>`)}
    <text class="axis" x=${LEFT} y=${HEIGHT - 5}>${momentText(start, DAY)}</text>
    <text class="axis" x=${width - 4} y=${HEIGHT - 5} text-anchor="end">${timeFormat({ hour: "2-digit", minute: "2-digit" }).format(end)}</text>
    ${times.map(({ at, took, kind }) => svg`<circle class=${kind === "connected" ? "line-2" : "line-0"} cx=${x(at).toFixed(1)} cy=${y(took).toFixed(1)} r="2.2" />`)}
  </svg>`;
}

define("bms-times", AnswerTimes);
