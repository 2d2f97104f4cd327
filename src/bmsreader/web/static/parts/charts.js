// Several charts of one battery with one axis of time: range, cursor, markers and the live end are shared.

import { html, repeat } from "../vendor/lit.js";
import { get } from "../api.js";
import { t } from "../texts.js";
import { remember, remembered } from "../memory.js";
import { Light, define } from "./light.js";
import { alarmMarker, loadMarkers, shownMarkers } from "./markers.js";
import { RANGES, Timeline } from "./timeline.js";
import "./range-bar.js";
import "./time-chart.js";

const TICK = 5_000; // ms after which the present has moved visibly
const AGAIN = 60_000; // ms after which events are asked for again
const SETTLE = 400; // ms of rest before the markers of a new stretch are asked for

let groups = 0;

class Charts extends Light {
  static properties = {
    battery: { attribute: false },
    specs: { attribute: false },
    heading: { attribute: false },
    _markers: { state: true },
    _show: { state: true },
  };

  constructor() {
    super();
    this.group = `charts-${(groups += 1)}`;
    this.timeline = new Timeline({ length: RANGES.find(([name]) => name === remembered("range", "day"))?.[1] ?? RANGES[2][1] });
    this._show = { alarms: remembered("markers.alarms", "on") === "on", radio: remembered("markers.radio", "on") === "on" };
    this._markers = {};
    this._ask = (fields, wish, signal) => get(this._address("history"), { fields: fields.join(","), ...wish }, { signal });
    this.timeline.addEventListener("change", () => this._moved());
  }

  connectedCallback() {
    super.connectedCallback();
    this._ticking = setInterval(() => document.hidden || this._tick(), TICK);
    this._extent();
    this._loadMarkers();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this._ticking);
    clearTimeout(this._settling);
    this._asking?.abort();
  }

  _address(what) {
    return `api/v1/batteries/${encodeURIComponent(this.battery.slug)}/${what}`;
  }

  async _extent() {
    try {
      const { first } = await get(this._address("extent"));
      this.timeline.reaches(first);
      this._fit(first);
    } catch {
      // Without it, one can go back for a year; the charts themselves say what is wrong.
    }
  }

  /** Begin with what there is: a history of minutes would be a dot in a day. What the owner chose before comes first. */
  _fit(first) {
    if (!first || remembered("range")) return;
    const [name, length] = RANGES.find(([, one]) => one >= this.timeline.now() - first) ?? RANGES.at(-1);
    if (length === null || length >= this.timeline.length) return;
    this._fitting = true;
    this.timeline.choose(name);
    this._fitting = false;
  }

  _tick() {
    this.timeline.advance();
    if (Date.now() - (this._marked ?? 0) > AGAIN) this._loadMarkers();
  }

  _moved() {
    if (this.timeline.chosen && !this._fitting) remember("range", this.timeline.chosen);
    this.requestUpdate();
    if (this._since !== undefined && this.timeline.start >= this._since) return;
    clearTimeout(this._settling);
    this._settling = setTimeout(() => this._loadMarkers(), SETTLE);
  }

  async _loadMarkers() {
    this._asking?.abort();
    const asking = (this._asking = new AbortController());
    this._marked = Date.now();
    const since = this.timeline.start - this.timeline.length;
    try {
      this._markers = await loadMarkers(this.battery.slug, since, asking.signal);
      this._since = since;
    } catch {
      // Markers are an addition: the values are shown without them, and they are asked for again in a minute.
    }
  }

  willUpdate(changed) {
    if (!changed.has("battery") || !this._markers.alarms) return;
    const told = new Map((this.battery.alarms ?? []).map((alarm) => [alarm.id, alarmMarker(alarm)]));
    const known = this._markers.alarms.map((one) => told.get(one.id) ?? one);
    const fresh = [...told.values()].filter(({ id }) => !known.some((one) => one.id === id));
    if (told.size) this._markers = { ...this._markers, alarms: [...known, ...fresh] };
  }

  _switch({ detail }) {
    this._show = detail;
    for (const [kind, on] of Object.entries(detail)) remember(`markers.${kind}`, on ? "on" : "off");
  }

  render() {
    const { start, edge: end } = this.timeline;
    const markers = shownMarkers(this._markers, { start, end, show: this._show });
    return html`
      <range-bar .timeline=${this.timeline} .show=${this._show} @markers=${this._switch}></range-bar>
      <div class="charts" role="region" aria-label=${this.heading ?? t("charts.label")}>
        ${repeat(
          this.specs,
          ({ key }) => key,
          (spec) => html`<time-chart
            class="card chart"
            .spec=${spec}
            .battery=${this.battery}
            .timeline=${this.timeline}
            .markers=${markers}
            .ask=${this._ask}
            .group=${this.group}
          ></time-chart>`,
        )}
      </div>
    `;
  }
}

define("bms-charts", Charts);
