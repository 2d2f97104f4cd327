// One chart over time: what was measured, from the history and from the live stream, with its words, table and files.

import { html, nothing } from "../vendor/lit.js";
import { t } from "../texts.js";
import { number } from "../format.js";
import { csvOf, fileName, jsonOf, pictureOf, save } from "./chart-export.js";
import { addHands } from "./chart-hands.js";
import { begun, columns, gapsUntil, grow, summary, valueOf, within } from "./chart-history.js";
import { HistoryLoader } from "./chart-loader.js";
import { gapPainter, markerPainter } from "./chart-paint.js";
import { lineStyle, onTheme } from "./chart-palette.js";
import { LEFT, makePlot } from "./chart-plot.js";
import { Tip, gapText } from "./chart-tip.js";
import { summaryText, table } from "./chart-words.js";
import { icon } from "./icons.js";
import { Light, define } from "./light.js";

const HINT = 1_600; // ms for which the hint about the wheel stays
const FILES = ["csv", "json", "png"];

class TimeChart extends Light {
  static properties = {
    spec: { attribute: false }, // {key, title, unit, digits, lines: [{field, label}], fixed, least, zero, tone}
    battery: { attribute: false }, // as the stream tells it: its newest reading joins the end
    timeline: { attribute: false },
    markers: { attribute: false }, // what shownMarkers() gives
    ask: { attribute: false }, // ask(fields, {start, end, points}, signal) returns what the history answers
    group: { attribute: false }, // name of the cursor that several charts share
    _history: { state: true },
    _error: { state: true },
    _busy: { state: true },
    _cursor: { state: true },
    _open: { state: true },
    _hint: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this._changed = () => this._look();
    this._advanced = () => this._look();
    this._resize = new ResizeObserver(() => this._fit());
    this._seen = new IntersectionObserver(([entry]) => this._appear(entry.isIntersecting), { rootMargin: "300px" });
    this._themed = onTheme(() => this._plot?.redraw(false));
    this.updateComplete.then(() => this.isConnected && this._begin());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.timeline.removeEventListener("change", this._changed);
    this.timeline.removeEventListener("advance", this._advanced);
    this._loader?.stop();
    this._resize.disconnect();
    this._seen.disconnect();
    this._themed();
    this._plot?.destroy();
    this._plot = this._loader = null;
  }

  /** The plot is made once; what it shows comes later. */
  _begin() {
    this._box = this.querySelector(".plot");
    this._tip = new Tip(this._box);
    this._loader = new HistoryLoader({
      ask: (wish, signal) => this.ask(this.spec.lines.map(({ field }) => field), wish, signal),
      arrived: (answer) => this._arrived(answer),
      failed: (error) => (this._error = error.message),
      busy: (yes) => (this._busy = yes),
    });
    this._plot = makePlot(this.spec, this._box, {
      size: { width: Math.max(this._box.clientWidth, 200), height: this._box.clientHeight },
      timeline: this.timeline,
      key: this.group,
      plugins: [gapPainter(() => this._gaps()), markerPainter(() => this.markers ?? [])],
      hooks: { setCursor: [() => this._point()] },
    });
    addHands(this._plot, this.timeline, { hint: () => this._wheelHint() });
    this._box.addEventListener("pointerleave", () => this._tip.hide());
    this.timeline.addEventListener("change", this._changed);
    this.timeline.addEventListener("advance", this._advanced);
    this._resize.observe(this._box);
    this._seen.observe(this);
  }

  _appear(visible) {
    this._visible = visible;
    if (visible || this.spec.eager) this._look();
  }

  _fit() {
    const { clientWidth: width, clientHeight: height } = this._box;
    if (!width || (this._plot.width === width && this._plot.height === height)) return;
    this._plot.setSize({ width, height });
    this._look();
  }

  /** Show the stretch of the timeline: the old picture at once, moved, and better data when they are there. */
  _look() {
    if (!this._plot || !(this._visible || this.spec.eager)) return;
    this._plot.setScale("x", { min: this.timeline.start, max: this.timeline.edge });
    this._loader.want(this.timeline, Math.max(this._box.clientWidth - LEFT, 100), this.battery?.interval ?? 10);
    this._told();
    this.requestUpdate();
  }

  _arrived(answer) {
    this._error = "";
    this._history = begun(answer);
    this._last = Date.parse(this.battery?.reading?.taken_at ?? "") || null;
    this._draw();
  }

  /** Fetch everything anew: somebody knows that the past has changed. */
  renew() {
    this._loader?.renew();
    this._look();
  }

  willUpdate(changed) {
    if (changed.has("battery") && this._history && this._loader?.have?.live) this._grow();
    if (changed.has("markers") && this._plot) this._plot.redraw(false);
  }

  _grow() {
    const stamp = Date.parse(this.battery?.reading?.taken_at ?? "");
    if (!stamp) return;
    this._last = stamp;
    if (grow(this._history, stamp, (field) => valueOf(this.battery, field))) this._draw();
  }

  _draw() {
    const series = this.spec.lines.map(({ field }) => this._history.series[field]);
    const edge = (kind, pick) => (at) => {
      const values = series.map((one) => one?.[kind][at]).filter((value) => value !== null && value !== undefined);
      return values.length ? pick(...values) : null;
    };
    const picks = [edge("min", Math.min), edge("max", Math.max), ...series.map((one) => (at) => one?.mean[at] ?? null)];
    const data = columns(this._history, picks);
    this._plot.batch(() => {
      this._plot.setData(data, false);
      this._plot.setScale("x", { min: this.timeline.start, max: this.timeline.edge });
    });
    this._told();
  }

  /** Tell whoever is interested how low and how high each value was in what is shown. */
  _told() {
    if (!this._history || !this.spec.eager) return;
    const shown = within(this._history, this.timeline.start, this.timeline.end);
    const ranges = this.spec.lines.map(({ field }) => summary(this._history, field, ...shown));
    this.dispatchEvent(new CustomEvent("ranges", { detail: { key: this.spec.key, ranges }, bubbles: true }));
  }

  _gaps() {
    if (!this._history) return [];
    const patience = Math.max(15, 3 * (this.battery?.interval ?? 10)) * 1000;
    return gapsUntil(this._history, this.timeline.now(), patience, this._last);
  }

  /** The cursor moved here, or in another chart of the group. */
  _point() {
    const { idx, left } = this._plot.cursor;
    const shows = left >= 0 && idx !== null && this._plot.data[0].length > 0;
    this._cursor = shows ? { idx, time: this._plot.posToVal(left, "x") } : null;
    if (!this._box.matches(":hover, :focus")) return this._tip.hide();
    this._tip.show(this._plot, { rows: shows ? this._rows(idx) : null, gaps: this._gaps(), markers: this.markers ?? [] });
  }

  _rows(idx) {
    const values = this.spec.lines.map(({ label }, line) => ({
      label,
      text: this._text(idx, line),
      colour: lineStyle((this.spec.tone ?? 0) + line).colour,
    }));
    return { time: this._plot.data[0][idx], values };
  }

  _text(idx, line) {
    const [, low, high, ...means] = this._plot.data;
    const { unit, digits, lines } = this.spec;
    const value = means[line][idx];
    if (value === null || value === undefined) return "–";
    const spread = lines.length === 1 && high[idx] - low[idx] > 0.5 * 10 ** -digits;
    const around = spread ? ` (${number(low[idx], digits)} … ${number(high[idx], digits)})` : "";
    return `${number(value, digits)} ${unit}${around}`;
  }

  _wheelHint() {
    this._hint = true;
    clearTimeout(this._hinting);
    this._hinting = setTimeout(() => (this._hint = false), HINT);
  }

  async _save(event) {
    const kind = event.target.closest("button").dataset.kind;
    const { start, end } = this.timeline;
    const name = fileName(this.battery?.slug ?? "battery", this.spec.key, start, end, kind);
    this.querySelector("details.save").open = false;
    if (kind === "csv") save(csvOf(this._history, this.spec, start, end), "text/csv", name);
    else if (kind === "json") save(jsonOf(this._history, this.spec, start, end), "application/json", name);
    else {
      const words = { name: this.battery?.name ?? "", title: `${this.spec.title} (${this.spec.unit})`, start, end };
      save(await pictureOf(this._plot, this.spec, words), "image/png", name);
    }
  }

  render() {
    const { spec } = this;
    return html`
      <header class="chart-head">
        <h3>${spec.title}</h3>
        <output class="readout ${this._cursor ? "past" : ""}">${this._readout()}</output>
        ${this._saveMenu()}
      </header>
      ${spec.lines.length > 1 ? this._legend() : nothing}
      <div
        class="plot ${spec.lines.length > 4 ? "tall" : ""}"
        tabindex="0"
        role="group"
        aria-label=${t("chart.label", { title: spec.title })}
        aria-describedby="${this.group}-${spec.key}-words chart-keys"
      ></div>
      ${this._state()}
      <p class="unseen" id="${this.group}-${spec.key}-words">${this._words()}</p>
      <details class="behind" @toggle=${(event) => (this._open = event.target.open)}>
        <summary>${t("chart.table")}</summary>
        ${this._open && this._history ? table(this._history, spec, this._stretch()) : nothing}
      </details>
    `;
  }

  _stretch() {
    const { start, end } = this.timeline;
    return { title: this.spec.title, start, end, gaps: this._gaps() };
  }

  _words() {
    return this._history ? summaryText(this._history, this.spec, this._stretch()) : t("chart.loading");
  }

  /** The value at the cursor, else the newest one, else nothing: several lines have theirs in the legend. */
  _readout() {
    if (this.spec.lines.length > 1) return nothing;
    const gap = this._cursor && this._gaps().find(({ start, end }) => start < this._cursor.time && this._cursor.time < end);
    if (gap) return gapText(gap, { short: true });
    if (this._cursor) return this._text(this._cursor.idx, 0);
    const value = this.battery ? valueOf(this.battery, this.spec.lines[0].field) : null;
    return value === null ? nothing : `${number(value, this.spec.digits)} ${this.spec.unit}`;
  }

  _legend() {
    return html`<ul class="legend">
      ${this.spec.lines.map(({ field, label }, line) => {
        const value = this.battery ? valueOf(this.battery, field) : null;
        const text = this._cursor ? this._text(this._cursor.idx, line) : `${number(value, this.spec.digits)} ${this.spec.unit}`;
        return html`<li><i class="line-${line % 8} dash-${Math.floor(line / 8)}"></i>${label} <b>${text}</b></li>`;
      })}
    </ul>`;
  }

  _saveMenu() {
    const name = t("chart.save", { title: this.spec.title });
    return html`<details class="menu save" @keydown=${this._escape} @focusout=${this._leave}>
      <summary aria-label=${name} title=${name}>${icon("charge")}</summary>
      <div class="menu-panel menu-list">
        ${FILES.map((kind) => html`<button type="button" data-kind=${kind} ?disabled=${!this._history} @click=${this._save}>
          ${t(`chart.save_${kind}`)}
        </button>`)}
      </div>
    </details>`;
  }

  _escape(event) {
    if (event.key !== "Escape") return;
    event.currentTarget.open = false;
    event.currentTarget.querySelector("summary").focus();
  }

  _leave(event) {
    if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
  }

  _state() {
    const nothingHere = this._history && !this._error && !this._busy && !this._inSight();
    return html`
      <p class="over ${this._busy && !this._history ? "" : "gone"}">${t("chart.loading")}</p>
      <p class="over error" role="status">${this._error || nothing}</p>
      <p class="over ${nothingHere ? "" : "gone"}">${t("chart.nothing")}</p>
      <p class="over hint ${this._hint ? "" : "gone"}">${t("chart.wheel")}</p>
      <span class="busy ${this._busy && this._history ? "" : "gone"}"></span>
    `;
  }

  _inSight() {
    const { start, edge } = this.timeline;
    const half = (this._history.width ?? 0) / 2;
    return this._history.stamps.some((stamp) => stamp + half >= start && stamp + half <= edge);
  }
}

define("time-chart", TimeChart);
