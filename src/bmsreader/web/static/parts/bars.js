// How well something is heard: four bars, and the figure in words.

import { html, svg } from "../vendor/lit.js";
import { quantity } from "../format.js";
import { t } from "../texts.js";

const STEPS = [-92, -82, -72, -62]; // dBm from which on a bar is full

export function bars(signal) {
  if (signal === null || signal === undefined) return html`<span class="bars-none">${t("bars.unknown")}</span>`;
  const full = STEPS.filter((step) => signal >= step).length;
  return html`<span class="bars">
    <svg class="bars-picture" viewBox="0 0 22 16" aria-hidden="true">
      ${STEPS.map((_, i) => svg`<rect class=${i < full ? "full" : ""} x=${i * 6} y=${12 - i * 4} width="4" height=${4 + i * 4} rx="1"></rect>`)}
    </svg>
    <span>${t(`bars.${full}`)} <span class="quiet">(${quantity(signal, "dBm")})</span></span>
  </span>`;
}
