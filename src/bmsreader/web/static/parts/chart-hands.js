// Moving through time with mouse, wheel, fingers and keys: like a map, drag moves it, the wheel and two fingers zoom.

const TAP = 6; // px that a finger may tremble
const STEP = 1.25; // zoom of one notch of the wheel, or one key
const JUMP = 0.2; // part of the stretch that an arrow key moves

/**
 * Let the owner move `timeline` on this plot. `hint` is called when the wheel turns without effect, since the page
 * scrolls: it zooms with Ctrl, or once the plot has the focus.
 */
export function addHands(plot, timeline, { hint }) {
  const over = plot.over;
  const box = plot.root.closest(".plot");
  const fingers = new Map();
  let dragged = null;
  let waiting = null;

  const at = (event) => {
    const { left, width } = over.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - left) / width, 0), 1);
  };
  /** Once for each picture, however often the mouse moves. */
  const soon = (move) => {
    if (!waiting) requestAnimationFrame(() => waiting = void waiting());
    waiting = move;
  };

  const down = (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, event.clientX);
    dragged = { x: event.clientX, moved: false, start: timeline.start, end: timeline.end, selects: event.shiftKey, at: at(event) };
    if (fingers.size === 2) dragged.pinch = [...fingers.values()];
    box.focus({ preventScroll: true });
  };
  const move = (event) => {
    if (!fingers.has(event.pointerId) || !dragged) return;
    fingers.set(event.pointerId, event.clientX);
    if (!dragged.moved && Math.abs(event.clientX - dragged.x) < TAP && fingers.size < 2) return;
    if (!dragged.moved) over.setPointerCapture(event.pointerId);
    dragged.moved = true;
    box.classList.add("moving");
    if (dragged.selects) select(event);
    else soon(() => dragged && (fingers.size === 2 ? pinch() : drag(event)));
  };
  const select = (event) => {
    const width = over.clientWidth;
    const [from, to] = [dragged.at, at(event)].sort((a, b) => a - b);
    plot.setSelect({ left: from * width, width: (to - from) * width, top: 0, height: over.clientHeight }, false);
    dragged.selected = [from, to];
  };
  const drag = (event) => {
    const by = ((dragged.x - event.clientX) / over.clientWidth) * (dragged.end - dragged.start);
    timeline.show(dragged.start + by, dragged.end + by);
  };
  const pinch = () => {
    const { left, width } = over.getBoundingClientRect();
    const length = dragged.end - dragged.start;
    const time = (x) => dragged.start + ((x - left) / width) * length;
    const [before, after] = [dragged.pinch, [...fingers.values()]];
    const factor = Math.abs(before[1] - before[0]) / Math.max(Math.abs(after[1] - after[0]), 10);
    const held = time((before[0] + before[1]) / 2);
    const part = ((after[0] + after[1]) / 2 - left) / width;
    timeline.show(held - part * length * factor, held + (1 - part) * length * factor);
  };
  const up = (event) => {
    if (!fingers.delete(event.pointerId) || !dragged) return;
    box.classList.remove("moving");
    if (dragged.selected && event.type === "pointerup") {
      const [from, to] = dragged.selected;
      const length = timeline.length;
      plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      if (to - from > 0.005) timeline.show(timeline.start + from * length, timeline.start + to * length);
    }
    dragged = null; // after a pinch, the finger that stays does nothing until it is lifted
  };
  const wheel = (event) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const zooms = event.ctrlKey || event.metaKey || box.contains(document.activeElement);
    if (!sideways && !event.shiftKey && !zooms) return hint();
    event.preventDefault();
    const turned = (sideways ? event.deltaX : event.deltaY) * (event.deltaMode ? 30 : 1);
    if (sideways || (event.shiftKey && !event.ctrlKey)) timeline.pan(turned / over.clientWidth);
    else timeline.zoom(STEP ** Math.min(Math.max(turned / 60, -3), 3), at(event));
  };
  const twice = (event) => timeline.zoom(event.shiftKey ? 2 : 0.5, at(event));

  over.addEventListener("pointerdown", down);
  over.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) over.addEventListener(end, up);
  over.addEventListener("wheel", wheel, { passive: false });
  over.addEventListener("dblclick", twice);
  box.onkeydown = (event) => key(event, timeline, plot);
}

function key(event, timeline, plot) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const acts = {
    "+": () => timeline.zoom(1 / STEP ** 2),
    "=": () => timeline.zoom(1 / STEP ** 2),
    "-": () => timeline.zoom(STEP ** 2),
    ArrowLeft: () => (event.shiftKey ? step(plot, -1) : timeline.pan(-JUMP)),
    ArrowRight: () => (event.shiftKey ? step(plot, 1) : timeline.pan(JUMP)),
    PageUp: () => timeline.pan(-1),
    PageDown: () => timeline.pan(1),
    Home: () => timeline.choose("all"),
    End: () => timeline.show(timeline.now() - timeline.length, timeline.now()),
    Escape: () => plot.setCursor({ left: -10, top: -10 }),
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** Move the cursor from point to point. */
function step(plot, by) {
  const times = plot.data[0];
  if (!times.length) return;
  const inside = (index) => times[index] >= plot.scales.x.min && times[index] <= plot.scales.x.max;
  const here = plot.cursor.left >= 0 ? plot.cursor.idx : null;
  let next = here === null ? times.findLastIndex((_time, at) => inside(at)) : here + by;
  while (next > 0 && next < times.length - 1 && plot.data[1][next] == null) next += by || 1;
  if (!inside(next)) return;
  plot.setCursor({ left: plot.valToPos(times[next], "x"), top: plot.over.clientHeight / 2 }, true);
}
