// The small box beside the cursor: when, how much, and what happened there.

import { duration } from "../format.js";
import { t } from "../texts.js";
import { momentText, stretchText } from "./chart-axis.js";

const NEAR = 7; // px within which a marker belongs to the cursor

/** A box in `box` for this plot; `told(index)` returns {label, text, colour} of each line at a point. */
export class Tip {
  constructor(box) {
    this.element = document.createElement("div");
    this.element.className = "tip";
    this.element.hidden = true;
    box.append(this.element);
  }

  hide() {
    this.element.hidden = true;
  }

  /** Show what is at the cursor. */
  show(plot, { rows, gaps, markers }) {
    const left = plot.cursor.left;
    if (left < 0) return this.hide();
    const time = plot.posToVal(left, "x");
    const gap = gaps.find(({ start, end }) => start <= time && time <= end);
    const width = plot.over.clientWidth;
    const reach = (NEAR / width) * (plot.scales.x.max - plot.scales.x.min);
    const near = markers.filter(({ start, end, kind }) => touches(kind === "alarm" ? (end ?? Infinity) : start, start, time, reach));
    const parts = [line("when", momentText(gap || !rows ? time : rows.time, plot.scales.x.max - plot.scales.x.min))];
    if (gap) parts.push(line("nothing", gapText(gap)));
    else for (const row of rows?.values ?? []) parts.push(valueLine(row));
    for (const marker of near.slice(0, 4)) parts.push(line(`marker ${marker.severity}`, marker.text));
    if (near.length > 4) parts.push(line("marker", t("chart.more_markers", { count: near.length - 4 })));
    this.element.replaceChildren(...parts);
    this.element.hidden = false;
    this._place(plot, left, width);
  }

  _place(plot, left, width) {
    const offset = plot.over.offsetLeft;
    const own = this.element.offsetWidth;
    const x = left + own + 24 > width ? left - own - 12 : left + 12;
    this.element.style.transform = `translate(${Math.round(Math.max(offset + x, 0))}px, 12px)`;
  }
}

function touches(end, start, time, reach) {
  return start - reach <= time && time <= end + reach;
}

/** That nothing was read, for how long and when. */
export function gapText({ start, end, open }, { short = false } = {}) {
  const values = { length: duration((end - start) / 1000), stretch: stretchText(start, end) };
  if (short) return t("chart.gap_short", values);
  return open ? t("chart.gap_open", values) : t("chart.gap", values);
}

function line(name, text) {
  const element = document.createElement("div");
  element.className = name;
  element.textContent = text;
  return element;
}

function valueLine({ label, text, colour }) {
  const element = line("value", "");
  const dot = document.createElement("i");
  dot.style.background = colour;
  const words = document.createElement("span");
  words.textContent = label;
  const value = document.createElement("b");
  value.textContent = text;
  element.append(dot, words, value);
  return element;
}
