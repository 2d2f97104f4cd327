// The event record: what the radio did and what it cost, with filters; new ones come in by themselves.

import { html, nothing, repeat } from "../vendor/lit.js";
import { get } from "../api.js";
import { live } from "../live.js";
import { duration, fullMoment, number } from "../format.js";
import { count, has, t } from "../texts.js";
import { frameView } from "./frames.js";
import { Light, define } from "./light.js";

const PAGE = 100;
const AGAIN = 10_000;
const SINCE = [
  ["hour", 3600],
  ["day", 86_400],
  ["week", 7 * 86_400],
  ["ever", null],
];

/** Kinds that are of interest together. */
const GROUPS = {
  all: [],
  trouble: ["rejected", "connect failed", "no answer", "link lost", "no services", "not identified", "unexpected answer", "disconnect hung", "frozen"],
  rejected: ["rejected"],
  connections: ["connected", "disconnected", "connect failed", "link lost", "released", "taken back", "stale link dropped"],
  states: ["state"],
  adapters: ["adapter found", "adapter gone", "adapter back", "adapter off", "adapter on", "adapter quiet", "adapter deaf", "adapter reset",
    "adapter reset failed", "switching on failed", "scanner started", "scanner stopped", "scanner failed", "bluetooth gone", "bluetooth back",
    "bluetooth limited", "proxy connected", "proxy lost", "proxy failed", "no bluetooth"],
};

class EventRecord extends Light {
  static properties = {
    slug: { attribute: false }, // only this battery; "" is everything
    _events: { state: true },
    _group: { state: true },
    _since: { state: true },
    _battery: { state: true },
    _limit: { state: true },
    _error: { state: true },
    _as: { state: true },
  };

  constructor() {
    super();
    this._group = "all";
    this._since = "day";
    this._battery = "";
    this._limit = PAGE;
    this._as = "text";
  }

  connectedCallback() {
    super.connectedCallback();
    this._ticking = setInterval(() => document.hidden || this._load(), AGAIN);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this._ticking);
    this._asking?.abort();
  }

  willUpdate(changed) {
    if (["slug", "_group", "_since", "_battery", "_limit"].some((name) => changed.has(name))) this._load();
  }

  async _load() {
    this._asking?.abort();
    const asking = (this._asking = new AbortController());
    const seconds = SINCE.find(([name]) => name === this._since)[1];
    const since = seconds ? new Date(Date.now() - 1000 * seconds).toISOString() : null;
    const wish = { battery: this.slug || this._battery, kind: GROUPS[this._group].join(","), since, limit: this._limit };
    try {
      this._events = (await get("api/v1/events", wish, { signal: asking.signal })).events.reverse();
      this._error = "";
    } catch (error) {
      if (error.name !== "AbortError") this._error = error.message;
    }
  }

  render() {
    const events = this._events ?? [];
    return html`
      <header class="record-head">
        <h2>${t("radio.record")}</h2>
        <div class="filters">
          ${this._select("kind", "_group", Object.keys(GROUPS))} ${this._select("since", "_since", SINCE.map(([name]) => name))}
          ${this.slug ? nothing : this._batteries()}
          <button type="button" class="small" aria-pressed=${this._as === "hex"} @click=${() => (this._as = this._as === "hex" ? "text" : "hex")}>
            ${t(this._as === "hex" ? "radio.as_text" : "radio.as_hex")}
          </button>
        </div>
      </header>
      ${this._error ? html`<p role="status">${this._error}</p>` : nothing}
      ${events.length ? this._table(events) : html`<p class="quiet">${this._events ? t("radio.no_events") : t("chart.loading")}</p>`}
      ${events.length >= this._limit
        ? html`<button type="button" class="small" @click=${() => (this._limit += 4 * PAGE)}>${t("radio.more")}</button>`
        : nothing}
    `;
  }

  _select(name, property, choices) {
    return html`<label><span class="unseen">${t(`radio.filter.${name}`)}</span>
      <select data-filter=${name} @change=${(event) => {
        this[property] = event.target.value;
        this._limit = PAGE;
      }}>
        ${choices.map((choice) => html`<option value=${choice} ?selected=${choice === this[property]}>${t(`radio.${name}.${choice}`)}</option>`)}
      </select>
    </label>`;
  }

  _batteries() {
    return html`<label><span class="unseen">${t("radio.filter.battery")}</span>
      <select data-filter="battery" @change=${(event) => (this._battery = event.target.value)}>
        <option value="">${t("radio.every_battery")}</option>
        ${[...live.batteries.values()].filter(({ kind }) => kind !== "bank").map(({ slug, name }) => html`<option value=${slug}>${name}</option>`)}
      </select>
    </label>`;
  }

  _table(events) {
    return html`<div class="scrolls record" tabindex="0" role="region" aria-label=${t("radio.record")}>
      <table>
        <caption class="unseen">${count("radio.shown", events.length)}</caption>
        <thead><tr>
          <th scope="col">${t("chart.time")}</th>
          ${this.slug ? nothing : html`<th scope="col">${t("radio.who")}</th>`}
          <th scope="col">${t("radio.what")}</th><th scope="col">${t("radio.took")}</th><th scope="col">${t("radio.detail")}</th>
        </tr></thead>
        <tbody>
          ${repeat(events, (one) => `${one.at} ${one.kind} ${one.battery} ${one.detail}`, (one) => this._row(one))}
        </tbody>
      </table>
    </div>`;
  }

  _row({ at, kind, battery, adapter, duration: took, detail, frame }) {
    return html`<tr class=${GROUPS.trouble.includes(kind) ? "trouble" : ""}>
      <td class="when">${fullMoment(at)}</td>
      ${this.slug ? nothing : html`<td>${live.batteries.get(battery)?.name ?? (battery || adapter)}</td>`}
      <td><b>${kindText(kind)}</b></td>
      <td class="took">${took === null ? "" : tookText(took)}</td>
      <td class="detail">${kind === "state" ? stateText(detail) : detail}${frameView(frame, detail, this._as)}</td>
    </tr>`;
  }
}

/** A kind of event in words. */
export function kindText(kind) {
  const key = `radio.event.${kind.replaceAll(" ", "_")}`;
  return has(key) ? t(key) : kind;
}

/** "unreachable -> live: why" in the page's words. */
function stateText(detail) {
  const [, before, after, why] = /^(\w+) -> (\w+)(?:: (.*))?$/.exec(detail) ?? [];
  if (!after) return detail;
  const word = (state) => (has(`state.${state}`) ? t(`state.${state}`) : state);
  return [`${word(before)} → ${word(after)}`, why].filter(Boolean).join(": ");
}

/** How long something took. */
export function tookText(seconds) {
  return seconds < 10 ? `${number(seconds, 2)}\u202fs` : duration(seconds);
}

define("bms-events", EventRecord);
