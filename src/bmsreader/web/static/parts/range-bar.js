// The buttons that choose which stretch of time the charts show; they do what mouse and keys do on the charts too.

import { html } from "../vendor/lit.js";
import { t } from "../texts.js";
import { stretchText } from "./chart-axis.js";
import { icon } from "./icons.js";
import { Light, define } from "./light.js";
import { RANGES } from "./timeline.js";

const ICONS = {
  back: "M12 4 6 10l6 6",
  forward: "m8 4 6 6-6 6",
  out: "M4 10h12",
  in: "M4 10h12M10 4v12",
};

class RangeBar extends Light {
  static properties = {
    timeline: { attribute: false },
    show: { attribute: false }, // {alarms, radio}: which markers are shown
  };

  connectedCallback() {
    super.connectedCallback();
    this._changed = () => this.requestUpdate();
    for (const kind of ["change", "advance"]) this.timeline.addEventListener(kind, this._changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const kind of ["change", "advance"]) this.timeline.removeEventListener(kind, this._changed);
  }

  render() {
    const line = this.timeline;
    return html`
      <div class="range-bar" role="group" aria-label=${t("range.label")}>
        <div class="ranges">
          ${RANGES.map(([name]) => html`<button
            type="button"
            aria-pressed=${line.chosen === name && line.follow}
            @click=${() => line.choose(name)}
          >${t(`range.${name}`)}</button>`)}
        </div>
        <div class="moves">
          ${this._button("back", () => line.pan(-0.5))}
          ${this._button("out", () => line.zoom(2))}
          ${this._button("in", () => line.zoom(0.5))}
          ${this._button("forward", () => line.pan(0.5), line.follow)}
        </div>
        <p class="shown">${stretchText(line.start, line.end)}${line.follow ? html` <b>${t("range.live")}</b>` : ""}</p>
        ${this.show ? this._markers() : ""}
      </div>
      <p class="unseen" id="chart-keys">${t("chart.keys")}</p>
    `;
  }

  _button(name, act, disabled = false) {
    return html`<button type="button" class="icon" ?disabled=${disabled} @click=${act}
      aria-label=${t(`range.${name}`)} title=${t(`range.${name}`)}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d=${ICONS[name]} /></svg>
    </button>`;
  }

  _markers() {
    return html`<div class="switches">
      ${["alarms", "radio"].map((kind) => html`<button
        type="button"
        aria-pressed=${this.show[kind]}
        title=${t(`range.${kind}`)}
        @click=${() => this._switch(kind, !this.show[kind])}
      >${icon(kind)}<span>${t(`range.${kind}`)}</span></button>`)}
    </div>`;
  }

  _switch(kind, on) {
    this.dispatchEvent(new CustomEvent("markers", { detail: { ...this.show, [kind]: on } }));
  }
}

define("range-bar", RangeBar);
