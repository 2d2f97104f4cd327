// What is on screen, as a file: CSV, JSON, or a picture with title, legend and time.

import { stretchText } from "./chart-axis.js";
import { within } from "./chart-history.js";
import { colours, lineStyle } from "./chart-palette.js";

const KINDS = ["min", "mean", "max"];

/** The points that are on screen as rows of values: single readings have one value for each field, others three. */
export function rowsOf(history, spec, start, end) {
  const [from, to] = within(history, start, end);
  const fields = spec.lines.map(({ field }) => field).filter((field) => history.series[field]);
  const single = history.width === null;
  const names = fields.flatMap((field) => (single ? [field] : [...KINDS.map((kind) => `${field}_${kind}`), `${field}_count`]));
  const rows = [];
  for (let at = from; at < to; at++) {
    const values = fields.flatMap((field) => {
      const one = history.series[field];
      return single ? [one.mean[at]] : [...KINDS.map((kind) => one[kind][at]), one.count[at]];
    });
    rows.push([new Date(history.stamps[at]).toISOString(), ...values]);
  }
  return { names: ["time", ...names], rows };
}

/** Lines of comma-separated values; times are UTC, what was not reported is empty. */
export function csvOf(history, spec, start, end) {
  const { names, rows } = rowsOf(history, spec, start, end);
  return [names, ...rows].map((row) => row.map((value) => value ?? "").join(",")).join("\r\n") + "\r\n";
}

/** The same with names, units, the width of a point in s, and the gaps. */
export function jsonOf(history, spec, start, end) {
  const { names, rows } = rowsOf(history, spec, start, end);
  const iso = (time) => new Date(time).toISOString();
  const gaps = history.gaps.filter((gap) => gap.end > start && gap.start < end);
  const whole = {
    battery: history.battery,
    start: iso(start),
    end: iso(end),
    width: history.width === null ? null : history.width / 1000,
    units: Object.fromEntries(spec.lines.map(({ field }) => [field, history.series[field]?.unit ?? ""])),
    points: rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at], value]))),
    gaps: gaps.map((gap) => ({ start: iso(gap.start), end: iso(gap.end) })),
  };
  return `${JSON.stringify(whole, null, 1)}\n`;
}

/** A picture of the plot with what it shows in words. */
export function pictureOf(plot, spec, { name, title, start, end }) {
  const drawn = plot.ctx.canvas;
  const ratio = drawn.width / plot.width;
  const [pad, head] = [20, spec.lines.length > 1 ? 84 : 64];
  const canvas = document.createElement("canvas");
  canvas.width = drawn.width + 2 * pad * ratio;
  canvas.height = drawn.height + (head + pad) * ratio;
  const ctx = canvas.getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const paint = colours();
  ctx.fillStyle = paint.card;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.scale(ratio, ratio);
  ctx.textBaseline = "alphabetic";
  write(ctx, title, pad, 30, `600 16px ${family}`, paint.text);
  write(ctx, `${name} · ${stretchText(start, end)}`, pad, 50, `12px ${family}`, paint.muted);
  if (spec.lines.length > 1) legend(ctx, spec, pad, 70, canvas.width / ratio - pad, `12px ${family}`);
  ctx.drawImage(drawn, pad, head, plot.width, plot.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function write(ctx, text, x, y, font, colour) {
  ctx.font = font;
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
  return ctx.measureText(text).width;
}

function legend(ctx, spec, x, y, right, font) {
  spec.lines.forEach(({ label }, number) => {
    const { colour, dash } = lineStyle((spec.tone ?? 0) + number);
    ctx.font = font;
    if (x + 22 + ctx.measureText(label).width > right) return;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.setLineDash(dash ?? []);
    ctx.beginPath();
    ctx.moveTo(x, y - 4);
    ctx.lineTo(x + 16, y - 4);
    ctx.stroke();
    ctx.setLineDash([]);
    x += 22 + write(ctx, label, x + 22, y, font, colours().muted) + 16;
  });
}

/** Hand a file to the owner. */
export function save(content, type, name) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A name for the file: what, whose and when, without what file systems dislike. */
export function fileName(slug, key, start, end, suffix) {
  const day = (time) => new Date(time).toISOString().slice(0, 16).replace(/[:T]/g, "-");
  return `${slug}-${key}-${day(start)}-${day(end)}.${suffix}`;
}
