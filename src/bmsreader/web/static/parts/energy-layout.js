// Where the bars of energy stand: in above, out below zero, with the hatched rest that gaps leave open; and as a picture.

import { number } from "../format.js";
import { timeFormat } from "./chart-axis.js";
import { colours, thin } from "./chart-palette.js";

const HEIGHT = 220;
const LEFT = 44;
const FOOT = 26;
const HEAD = 16;

/** Boxes, grid lines and labels for `bars`, each of which stands for a `unit`: day or month. */
export function layout(bars, { width, unit }) {
  const most = (bar, kind) => Math.max(bar.missing?.[kind]?.[1] ?? 0, 0);
  const up = Math.max(...bars.map((bar) => bar.energy_in + Math.min(most(bar, "energy_in"), 3 * highest(bars))), 1);
  const down = Math.max(...bars.map((bar) => bar.energy_out + Math.min(most(bar, "energy_out"), 3 * highest(bars))), 1);
  const room = HEIGHT - FOOT - HEAD;
  const scale = room / (up + down);
  const zero = HEAD + up * scale;
  const step = (width - LEFT) / bars.length;
  const thick = Math.max(Math.min(step * 0.68, 26), 1);
  const boxes = bars.flatMap((bar, at) => {
    const x = LEFT + step * at + (step - thick) / 2;
    const box = (y, height, kind, sure) => (height > 0.2 ? [{ x, y, width: thick, height, kind, sure, at }] : []);
    const [above, below] = [bar.energy_in * scale, bar.energy_out * scale];
    const [moreAbove, moreBelow] = [most(bar, "energy_in") * scale, most(bar, "energy_out") * scale];
    return [
      ...box(zero - above, above, "in", true),
      ...box(Math.max(zero - above - moreAbove, HEAD), Math.min(moreAbove, zero - above - HEAD), "in", false),
      ...box(zero, below, "out", true),
      ...box(zero + below, Math.min(moreBelow, HEIGHT - FOOT - zero - below), "out", false),
    ];
  });
  return { width, height: HEIGHT, left: LEFT, step, zero, boxes, lines: lines(up, down, scale, zero), labels: labels(bars, step, unit) };
}

/** The largest energy that was counted, Wh: what gaps leave open must not make it invisible. */
function highest(bars) {
  return Math.max(...bars.flatMap((bar) => [bar.energy_in, bar.energy_out]), 50);
}

function lines(up, down, scale, zero) {
  const wanted = (up + down) / 6;
  const size = 10 ** Math.floor(Math.log10(wanted));
  const step = size * [1, 2, 5, 10].find((one) => one * size >= wanted);
  const digits = step >= 1000 ? 0 : step >= 100 ? 1 : 2;
  const out = [];
  for (let value = -Math.floor(down / step) * step; value <= up; value += step) {
    out.push({ y: Math.round(zero - value * scale) + 0.5, text: number(Math.abs(value) / 1000, digits) });
  }
  return out;
}

function labels(bars, step, unit) {
  const format = unit === "month" ? timeFormat({ month: "short" }) : timeFormat({ day: "numeric", month: "short" });
  const year = timeFormat({ year: "numeric" });
  const each = Math.max(Math.ceil((unit === "month" ? 40 : 56) / step), 1);
  return bars.flatMap((bar, at) => {
    if ((bars.length - 1 - at) % each) return [];
    const january = unit === "month" && new Date(bar.start).getMonth() === 0;
    return [{ x: LEFT + step * (at + 0.5), text: january ? year.format(bar.start) : format.format(bar.start) }];
  });
}

/** The same as a picture, with title and names. */
export function drawEnergy(plan, { title, name, stretch }) {
  const [pad, head, ratio] = [20, 64, 2];
  const canvas = document.createElement("canvas");
  canvas.width = (plan.width + 2 * pad) * ratio;
  canvas.height = (plan.height + head + pad) * ratio;
  const ctx = canvas.getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const paint = colours();
  ctx.scale(ratio, ratio);
  ctx.fillStyle = paint.card;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  text(ctx, `${title} (kWh)`, pad, 30, `600 16px ${family}`, paint.text);
  text(ctx, `${name} · ${stretch}`, pad, 50, `12px ${family}`, paint.muted);
  ctx.translate(pad, head);
  for (const { y, text: words } of plan.lines) {
    ctx.fillStyle = paint.grid;
    ctx.fillRect(plan.left, y - 0.5, plan.width - plan.left, 1);
    text(ctx, words, plan.left - 6, y + 4, `11px ${family}`, paint.muted, "right");
  }
  for (const box of plan.boxes) drawBox(ctx, box, paint[box.kind]);
  for (const { x, text: words } of plan.labels) text(ctx, words, x, plan.height - 6, `11px ${family}`, paint.muted, "center");
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function text(ctx, words, x, y, font, colour, align = "left") {
  ctx.font = font;
  ctx.fillStyle = colour;
  ctx.textAlign = align;
  ctx.fillText(words, x, y);
}

function drawBox(ctx, { x, y, width, height, sure }, colour) {
  ctx.fillStyle = sure ? colour : thin(colour, 0.12);
  ctx.fillRect(x, y, width, height);
  if (sure) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.strokeStyle = thin(colour, 0.7);
  ctx.beginPath();
  for (let at = -height; at < width; at += 6) {
    ctx.moveTo(x + at, y + height);
    ctx.lineTo(x + at + height, y);
  }
  ctx.stroke();
  ctx.restore();
}
