// A column that stays in sight beside a longer one: it stops at its top, or, if it is taller than the window, its bottom.

import { ref } from "../vendor/lit.js";

const TOP = 76; // px below the head of the page
const ROOM = 16; // px left free below a column that is taller than the window

/** Put this on the column's element; its style sheet makes it sticky where there are two columns. */
export function beside() {
  let sizes = null;
  const fit = (element) => {
    element.style.top = `${Math.round(Math.min(TOP, innerHeight - element.offsetHeight - ROOM))}px`;
  };
  return ref((element) => {
    sizes?.disconnect();
    if (!element) return;
    sizes = new ResizeObserver(() => fit(element));
    sizes.observe(element);
    sizes.observe(document.documentElement);
  });
}
