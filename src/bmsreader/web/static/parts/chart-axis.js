// Words along the axes: times as the owner's country writes them, numbers with no more digits than they need.

import { locale } from "../texts.js";
import { DAY, HOUR, MINUTE } from "./timeline.js";

const formats = new Map();

/** A formatter of times in the owner's locale and the browser's time zone. */
export function timeFormat(options) {
  const key = `${locale()} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), options));
  return formats.get(key);
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const DATE = { day: "numeric", month: "short" };

/** One label for each of these times, which lie about `step` ms apart; the date stands below where it begins. */
export function timeLabels(times, step) {
  if (step >= 360 * DAY) return times.map((time) => timeFormat({ year: "numeric" }).format(time));
  if (step >= 27 * DAY) {
    return times.map((time, at) => {
      const shows = at === 0 || new Date(time).getMonth() === 0;
      return two(timeFormat({ month: "short" }).format(time), shows && timeFormat({ year: "numeric" }).format(time));
    });
  }
  if (step >= DAY - 2 * HOUR) {
    return times.map((time, at) => {
      const shows = at === 0 && times.length > 1;
      return two(timeFormat(DATE).format(time), shows && timeFormat({ year: "numeric" }).format(time));
    });
  }
  const clock = timeFormat(step < MINUTE ? { ...CLOCK, second: "2-digit" } : CLOCK);
  let day = "";
  return times.map((time) => {
    const date = timeFormat(DATE).format(time);
    const shows = date !== day && date;
    day = date;
    return two(clock.format(time), shows);
  });
}

function two(above, below) {
  return below ? `${above}\n${below}` : above;
}

/** A function that writes numbers that lie about `step` apart. */
export function numberLabels(step) {
  const digits = Math.max(0, Math.min(3, Math.ceil(-Math.log10(step) - 1e-9)));
  const format = new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (value) => format.format(value).replace(/^-(?=[0.,]*$)/, "").replace("-", "−");
}

/** A moment in words, as exact as a stretch of `length` ms needs it. */
export function momentText(time, length) {
  if (length <= 2 * HOUR) return timeFormat({ ...DATE, ...CLOCK, second: "2-digit" }).format(time);
  if (length <= 100 * DAY) return timeFormat({ weekday: "short", ...DATE, ...CLOCK }).format(time);
  return timeFormat({ ...DATE, year: "numeric", ...(length <= 800 * DAY ? CLOCK : {}) }).format(time);
}

/** From when to when, in words, with everything once that is the same on both sides. */
export function stretchText(start, end) {
  const short = end - start < 3 * DAY;
  const thisYear = new Date(start).getFullYear() === new Date().getFullYear();
  return timeFormat({ ...DATE, ...(thisYear ? {} : { year: "numeric" }), ...(short ? CLOCK : {}) }).formatRange(start, end);
}
