// A day in one small line. Where nothing was recorded there is no line.

import { html, nothing, svg } from "../vendor/lit.js";
import { moment, quantity } from "../format.js";
import { t } from "../texts.js";

const WIDTH = 240;
const HEIGHT = 44;
const GAP = 2.5; // steps without a value that are a gap

/** The line of a sparkline {field, stamps, values}: 0 to 100 % for a charge, what it spans otherwise. */
export function spark(data) {
  const points = (data?.stamps ?? []).map((at, i) => [at, data.values[i]]).filter(([, value]) => value !== null);
  if (points.length < 2) return nothing;
  const { path, area } = drawn(points, data.field === "soc");
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const words = t("card.spark", { low: quantity(low, "%"), high: quantity(high, "%"), since: moment(points[0][0]) });
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${words}>
    ${svg`<path class="spark-area" d=${area}></path><path class="spark-line" d=${path}></path>`}
  </svg>`;
}

function drawn(points, percent) {
  const end = Math.max(points.at(-1)[0], points[0][0] + 1);
  const start = Math.min(points[0][0], end - 1);
  const values = points.map(([, value]) => value);
  const [low, high] = percent ? window(values) : [Math.min(...values), Math.max(...values)];
  const x = (at) => (((at - start) / (end - start)) * WIDTH).toFixed(1);
  const y = (value) => (HEIGHT - 3 - ((value - low) / (high - low || 1)) * (HEIGHT - 6)).toFixed(1);
  const step = (end - start) / Math.max(1, points.length - 1);
  const usual = median(points.slice(1).map(([at], i) => at - points[i][0])) || step;
  const pieces = pieced(points, usual * GAP);
  const path = pieces.map((piece) => `M${piece.map(([at, value]) => `${x(at)} ${y(value)}`).join("L")}`).join("");
  const area = pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => `M${x(piece[0][0])} ${HEIGHT}L${piece.map(([at, v]) => `${x(at)} ${y(v)}`).join("L")}L${x(piece.at(-1)[0])} ${HEIGHT}Z`)
    .join("");
  return { path, area };
}

/** The part of 0 to 100 % to show: all of it, unless the charge hardly moves; then at least 20 points around it. */
function window(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high - low > 40) return [0, 100];
  const middle = (low + high) / 2;
  const half = Math.max(10, ((high - low) / 2) * 1.3);
  const base = Math.max(0, Math.min(100 - 2 * half, middle - half));
  return [base, Math.min(100, base + 2 * half)];
}

function pieced(points, longest) {
  const pieces = [];
  for (const point of points) {
    const last = pieces.at(-1)?.at(-1);
    if (last && point[0] - last[0] <= longest) pieces.at(-1).push(point);
    else pieces.push([point]);
  }
  return pieces;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
