// What a chart shows besides its lines: stretches without readings, alarms and radio events on the same axis.

import { colours, thin } from "./chart-palette.js";

const STRIPES = 7; // px between two stripes of a gap
const FLAG = 7; // px, the mark of an alarm at the top
const TICK = 5; // px, the mark of a radio event at the bottom

/** Draws the gaps below the lines; `gaps` returns them. */
export function gapPainter(gaps) {
  return {
    hooks: {
      drawClear: (plot) => {
        for (const gap of gaps()) paintGap(plot, gap);
      },
    },
  };
}

function paintGap(plot, { start, end }) {
  const box = clipped(plot, start, end);
  if (!box) return;
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  ctx.fillStyle = thin(colours().gap, 0.1);
  ctx.fillRect(box.left, box.top, box.width, box.height);
  ctx.strokeStyle = thin(colours().gap, 0.45);
  ctx.lineWidth = ratio;
  ctx.beginPath();
  const step = STRIPES * ratio;
  const first = Math.floor((box.left - box.height) / step) * step; // on one grid, so that stripes stand still
  for (let x = first; x < box.left + box.width; x += step) {
    ctx.moveTo(x, box.top + box.height);
    ctx.lineTo(x + box.height, box.top);
  }
  ctx.stroke();
  ctx.restore();
}

/** The part of the plot between two times, in px of the canvas, at least one wide; null when it lies outside. */
function clipped(plot, start, end) {
  const { left, top, width, height } = plot.bbox;
  if (end < plot.scales.x.min || start > plot.scales.x.max) return null;
  const from = Math.max(plot.valToPos(start, "x", true), left);
  const to = Math.min(plot.valToPos(end, "x", true), left + width);
  return { left: from, top, width: Math.max(to - from, devicePixelRatio), height };
}

/** Draws alarms and radio events over the lines; `markers` returns them, see markers.js. */
export function markerPainter(markers) {
  return {
    hooks: {
      draw: (plot) => {
        const { ctx } = plot;
        ctx.save();
        for (const marker of markers()) (marker.kind === "alarm" ? paintAlarm : paintRadio)(plot, marker);
        ctx.restore();
      },
    },
  };
}

/** A flag where it was raised, and a bar along the top for as long as it lasted. */
function paintAlarm(plot, { start, end, severity }) {
  const box = clipped(plot, start, end ?? plot.scales.x.max);
  if (!box) return;
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const colour = colours()[severity];
  ctx.fillStyle = colour;
  ctx.fillRect(box.left, box.top, box.width, 2 * ratio);
  if (start < plot.scales.x.min) return;
  ctx.strokeStyle = thin(colour, 0.7);
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(box.left, box.top);
  ctx.lineTo(box.left, box.top + box.height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(box.left, box.top);
  ctx.lineTo(box.left + FLAG * ratio, box.top + (FLAG / 2) * ratio);
  ctx.lineTo(box.left, box.top + FLAG * ratio);
  ctx.fill();
}

/** A short stroke at the bottom. */
function paintRadio(plot, { start, severity }) {
  const box = clipped(plot, start, start);
  if (!box) return;
  const ratio = devicePixelRatio;
  plot.ctx.fillStyle = severity === "info" ? colours().radio : colours()[severity];
  plot.ctx.fillRect(box.left - ratio, box.top + box.height - TICK * ratio, 2 * ratio, TICK * ratio);
}
