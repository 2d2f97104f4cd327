// One uPlot for one chart: a band from lowest to highest, and a line of means for each value.

import uPlot from "../vendor/uplot.js";
import { numberLabels, timeLabels } from "./chart-axis.js";
import { colours, lineStyle, thin } from "./chart-palette.js";

export const LEFT = 52; // px for the numbers: the same in all charts, so that their times lie below each other
const RIGHT = 10;
const ROOM = 0.08; // part of the range of values that stays free above and below

/**
 * Make the plot of `spec` in `target`: {lines: [{field, label}], fixed: [low, high] or least: smallest range of the
 * axis, zero: the axis has 0 in it and what is above and below it differs}. `plugins` paint the rest.
 */
export function makePlot(spec, target, { size, timeline, key, plugins, hooks }) {
  const options = {
    ...size,
    ms: 1,
    padding: [8, RIGHT, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      sync: { key, scales: ["x", null], setSeries: false },
      points: { show: (plot, number) => (number > 2 ? cursorPoint(plot, number) : null) },
    },
    scales: {
      x: { time: true, auto: false, range: () => [timeline.start, timeline.edge] },
      y: { range: (_plot, low, high) => rangeOf(spec, low, high) },
    },
    axes: [timeAxis(), valueAxis()],
    bands: [{ series: [2, 1], fill: () => thin(bandColour(spec), 0.22) }],
    series: [{}, edge(), edge(), ...spec.lines.map((_line, number) => lineSeries(spec, number))],
    plugins,
    hooks,
  };
  return new uPlot(options, [[], ...options.series.slice(1).map(() => [])], target);
}

function bandColour(spec) {
  return spec.lines.length > 1 ? colours().muted : lineStyle(spec.tone ?? 0).colour;
}

/** The lowest or the highest values: they carry the band and have no line of their own. */
function edge() {
  return { stroke: "transparent", width: 0, points: { show: false } };
}

function lineSeries(spec, number) {
  const style = () => lineStyle((spec.tone ?? 0) + number);
  return {
    stroke: () => style().colour,
    width: spec.lines.length > 4 ? 1.25 : 1.75,
    dash: style().dash,
    points: { show: lonely, size: 4, stroke: () => style().colour, fill: () => style().colour },
    ...(spec.zero ? { fill: signFill, fillTo: 0 } : {}),
  };
}

/** Dots only where few points are wide apart. */
function lonely(plot, _number, from, to) {
  return to - from < plot.bbox.width / devicePixelRatio / 14;
}

/** What is above zero flows in, what is below flows out: each in its colour. */
function signFill(plot) {
  const { top, height } = plot.bbox;
  const zero = Math.min(Math.max((plot.valToPos(0, "y", true) - top) / height, 0), 1);
  if (!Number.isFinite(zero)) return "transparent";
  const fill = plot.ctx.createLinearGradient(0, top, 0, top + height);
  fill.addColorStop(0, thin(colours().in, 0.3));
  fill.addColorStop(zero, thin(colours().in, 0.16));
  fill.addColorStop(zero, thin(colours().out, 0.16));
  fill.addColorStop(1, thin(colours().out, 0.3));
  return fill;
}

function cursorPoint(plot, number) {
  const point = document.createElement("div");
  point.className = "u-cursor-pt";
  point.style.borderColor = colours().card;
  point.style.background = plot.series[number].stroke(plot, number);
  return point;
}

/** From where to where the axis of values goes; null where there is no value at all. */
function rangeOf({ fixed, least = 1, zero }, low, high) {
  if (fixed) return fixed;
  if (low === null || high === null) return [0, least];
  if (zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
  const missing = Math.max(least - (high - low), 0) / 2;
  const room = ROOM * (high - low + 2 * missing);
  return [low - missing - (zero && low === 0 ? 0 : room), high + missing + (zero && high === 0 ? 0 : room)];
}

function timeAxis() {
  return {
    ...axisLook(),
    size: 38,
    gap: 4,
    space: 76,
    values: (_plot, times, _axis, _space, step) => timeLabels(times, step),
    ticks: { stroke: () => colours().grid, size: 4, width: 1 },
    grid: { stroke: () => colours().grid, width: 1 },
  };
}

function valueAxis() {
  return {
    ...axisLook(),
    size: LEFT,
    gap: 6,
    space: 34,
    values: (_plot, values, _axis, _space, step) => values.map(numberLabels(step)),
    ticks: { show: false },
    grid: { stroke: () => colours().grid, width: 1 },
  };
}

function axisLook() {
  return { stroke: () => colours().muted, font: colours().font };
}
