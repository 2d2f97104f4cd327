// Cells as bars: each with its voltage, how far it is from the middle, and where it has been in the time that is shown.

import { html, nothing, svg } from "../vendor/lit.js";
import { t } from "../texts.js";
import { number } from "../format.js";

const DEAD = 0.5; // V: a cell below this gives nothing
const LEAST = 0.06; // V that the scale covers at least, so that level cells look level
const WIDTH = 200;
const HEIGHT = 14;

/** From where to where the scale of the bars goes: around the living cells and where they have been. */
function scaleOf(cells, ranges) {
  const living = cells.filter((volts) => volts > DEAD);
  if (!living.length) return { low: 0, high: 4 };
  const been = cells.flatMap((volts, at) => (volts > DEAD && ranges?.[at] ? [ranges[at].min, ranges[at].max] : []));
  const inside = been.filter((volts) => volts > DEAD);
  const [least, most] = [Math.min(...living, ...inside), Math.max(...living, ...inside)];
  const room = Math.max(LEAST - (most - least), 0) / 2 + 0.15 * Math.max(most - least, LEAST);
  return { low: Math.floor((least - room) * 100) / 100, high: Math.ceil((most + room / 2) * 100) / 100 };
}

/** The bars of a battery; `ranges` is {min, max} of each cell in the shown time, null where that is not known. */
export function cellBars(cells, ranges, { old = false } = {}) {
  if (!cells.length) return nothing;
  const { low, high } = scaleOf(cells, ranges);
  const x = (volts) => Math.min(Math.max((volts - low) / (high - low), 0), 1) * WIDTH;
  const living = cells.filter((volts) => volts > DEAD);
  const middle = living.reduce((sum, volts) => sum + volts, 0) / (living.length || 1);
  const [least, most] = [Math.min(...living), Math.max(...living)];
  const extremes = living.length > 1 && most > least;
  return html`
    <ol class="cells ${old ? "old" : ""}">
      ${cells.map((volts, at) => {
        const mark = volts <= DEAD ? "dead" : extremes && volts === least ? "weakest" : extremes && volts === most ? "strongest" : "";
        return html`<li class="cell ${mark}" data-cell=${at + 1}>
          <span class="cell-name">${at + 1}</span>
          ${bar(volts, ranges?.[at], mark, x)}
          <span class="cell-volts">${number(volts, 3)}<small> V</small></span>
          <span class="cell-off">${mark === "dead" ? t("cells.dead") : offText(volts - middle)}</span>
          <span class="cell-mark" title=${t(`cells.${mark || "none"}`)}>
            ${mark === "weakest" ? "▼" : mark === "strongest" ? "▲" : ""}<span class="unseen">${mark && mark !== "dead" ? t(`cells.${mark}`) : ""}</span>
          </span>
        </li>`;
      })}
    </ol>
    <p class="cells-scale quiet"><span>${number(low, 2)} V</span><span>${number(high, 2)} V</span></p>
  `;
}

function offText(volts) {
  return `${number(1000 * volts, 0, { sign: true })} mV`;
}

function bar(volts, range, mark, x) {
  const y = HEIGHT / 2;
  const been = range && range.max > DEAD && mark !== "dead";
  return html`<svg class="cell-bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width=${WIDTH} height=${HEIGHT} rx="2"></rect>
    ${mark === "dead" ? svg`<rect class="nothing" width=${WIDTH} height=${HEIGHT} rx="2"></rect>` : svg`<rect class="fill" width=${x(volts)} height=${HEIGHT} rx="2"></rect>`}
    ${been
      ? svg`<path class="whisker" vector-effect="non-scaling-stroke"
          d="M${x(range.min)} ${y}H${x(range.max)}M${x(range.min)} 3v8M${x(range.max)} 3v8"></path>`
      : nothing}
  </svg>`;
}

/** Spread between the living cells and of all of them, V. */
export function spreadOf(cells) {
  const living = cells.filter((volts) => volts > DEAD);
  return living.length > 1 ? Math.max(...living) - Math.min(...living) : null;
}

/** Numbers of the cells that give nothing. */
export function deadCells(cells) {
  return cells.flatMap((volts, at) => (volts <= DEAD ? [at + 1] : []));
}
