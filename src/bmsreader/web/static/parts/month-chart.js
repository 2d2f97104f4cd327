// A small chart of a few values by month: for figures that take months to change.

import { html, svg } from "../vendor/lit.js";
import { t } from "../texts.js";
import { timeFormat } from "./chart-axis.js";

const WIDTH = 340;
const HEIGHT = 150;
const [LEFT, RIGHT, TOP, FOOT] = [58, 10, 12, 24];
const COLOURS = 8;

/** `lines` is [{label, stamps, values}] in one unit; `text` writes a value with its unit. */
export function monthChart(lines, { title, text, key }) {
  const stamps = [...new Set(lines.flatMap((line) => line.stamps))].sort((a, b) => a - b);
  const values = lines.flatMap((line) => line.values).filter((value) => value !== null);
  if (!values.length) return "";
  const scale = scaleOf(values);
  const span = Math.max(stamps.at(-1) - stamps[0], 1);
  const x = (stamp) => (stamps.length === 1 ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + 8 + ((stamp - stamps[0]) / span) * (WIDTH - LEFT - RIGHT - 16));
  const y = (value) => TOP + ((scale.high - value) / (scale.high - scale.low)) * (HEIGHT - TOP - FOOT);
  const first = timeFormat({ month: "short", year: "numeric" });
  return html`<figure class="month-chart" data-key=${key}>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${describe(lines, { title, text, first })}>
      ${scale.steps.map((value) => svg`<path class="grid" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}" />
        <text class="axis" x=${LEFT - 7} y=${y(value) + 4} text-anchor="end">${text(value)}</text>`)}
      <text class="axis" x=${LEFT} y=${HEIGHT - 6}>${first.format(stamps[0])}</text>
      ${stamps.length > 1 ? svg`<text class="axis" x=${WIDTH - RIGHT} y=${HEIGHT - 6} text-anchor="end">${first.format(stamps.at(-1))}</text>` : ""}
      ${lines.map((line, number) => svg`<g class="line-${number % COLOURS}">
        <path class="month-line" d=${pathOf(line, x, y)} />
        ${line.stamps.map((stamp, at) => (line.values[at] === null ? "" : svg`<circle cx=${x(stamp)} cy=${y(line.values[at])} r="2.6"><title>${first.format(stamp)}: ${text(line.values[at])}</title></circle>`))}
      </g>`)}
    </svg>
    ${lines.length > 1
      ? html`<ul class="legend">${lines.map(({ label }, number) => html`<li><i class="line-${number % COLOURS} dash-0"></i>${label}</li>`)}</ul>`
      : ""}
    <details class="behind">
      <summary>${t("chart.table")}</summary>
      <div class="scrolls" tabindex="0" role="region" aria-label=${t("chart.table_of", { title })}>
        <table class="numbers">
          <caption class="unseen">${title}</caption>
          <thead><tr><th scope="col">${t("energy.month")}</th>${lines.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
          <tbody>
            ${stamps.map((stamp) => html`<tr>
              <th scope="row">${first.format(stamp)}</th>
              ${lines.map((line) => html`<td>${line.stamps.includes(stamp) ? text(line.values[line.stamps.indexOf(stamp)]) : "–"}</td>`)}
            </tr>`)}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}

function pathOf({ stamps, values }, x, y) {
  let pen = "M";
  let path = "";
  stamps.forEach((stamp, at) => {
    if (values[at] === null) return void (pen = "M");
    path += `${pen}${x(stamp).toFixed(1)} ${y(values[at]).toFixed(1)}`;
    pen = "L";
  });
  return path;
}

/** Round limits around the values, and three or four round steps between them. */
function scaleOf(values) {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const least = Math.max(Math.abs(high), Math.abs(low)) * 0.02 || 1;
  const room = Math.max(least - (high - low), 0) / 2 + (high - low) * 0.1;
  [low, high] = [low - room, high + room];
  const wanted = (high - low) / 4;
  const size = 10 ** Math.floor(Math.log10(wanted));
  const step = size * [1, 2, 2.5, 5, 10].find((one) => one * size >= wanted);
  const steps = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) steps.push(value);
  return { low, high, steps };
}

function describe(lines, { title, text, first }) {
  const parts = lines.map(({ label, stamps, values }) => `${label}: ${first.format(stamps[0])} ${text(values[0])}, ${first.format(stamps.at(-1))} ${text(values.at(-1))}`);
  return `${title}. ${parts.join("; ")}`;
}
