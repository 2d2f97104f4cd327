// The colours of the charts, as the style sheet says for the theme that is shown.

const NAMES = ["text", "muted", "grid", "card", "gap", "in", "out", "accent", "info", "warning", "critical", "radio"];
const LINES = 8;

let palette = null;
const watchers = new Set();

/** The colours now: by name, and `lines`, one for each of several lines. */
export function colours() {
  if (!palette) {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--chart-${name}`).trim();
    palette = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
    palette.lines = Array.from({ length: LINES }, (_, at) => read(at + 1));
    palette.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  }
  return palette;
}

/** The colour and the dashes of the line with this number: after eight colours they begin again, dashed. */
export function lineStyle(number) {
  const { lines } = colours();
  return { colour: lines[number % LINES], dash: number < LINES ? undefined : number < 2 * LINES ? [6, 3] : [2, 3] };
}

/** Call `redraw` whenever the theme changes; returns a function that ends it. */
export function onTheme(redraw) {
  watchers.add(redraw);
  return () => watchers.delete(redraw);
}

function changed() {
  palette = null;
  for (const redraw of watchers) redraw();
}

/** A colour of the style sheet (#rrggbb), seen through so far: 0 to 1. */
export function thin(colour, opacity) {
  return `${colour}${Math.round(255 * opacity).toString(16).padStart(2, "0")}`;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
