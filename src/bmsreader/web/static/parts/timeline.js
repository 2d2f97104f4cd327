// The stretch of time that all charts of a page show together: zoomed, panned, or following the present.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The lengths that the owner can choose; null is everything there is. */
export const RANGES = [
  ["hour", HOUR],
  ["six_hours", 6 * HOUR],
  ["day", DAY],
  ["week", 7 * DAY],
  ["month", 31 * DAY],
  ["year", 366 * DAY],
  ["all", null],
];

const SHORTEST = MINUTE;
const ROOM = 0.015; // part of the stretch that stays free after the present, so that the newest value is not at the edge

export class Timeline extends EventTarget {
  /** `now` returns ms since 1970; `length` is what is shown first, ending now. */
  constructor({ now = Date.now, length = DAY } = {}) {
    super();
    this.now = now;
    this.first = null; // ms of the first reading ever; null = not known, or none
    this.follow = true; // the present stays at the right edge
    this.chosen = null; // name in RANGES, while it is what the owner chose and nothing was zoomed since
    this._set(now() - length, now());
    this.chosen = RANGES.find(([, one]) => one === length)?.[0] ?? null;
  }

  get length() {
    return this.end - this.start;
  }

  /** Where the axis ends: a little after the present while it is followed. */
  get edge() {
    return this.follow ? this.end + ROOM * this.length : this.end;
  }

  /** Show one of RANGES by its name, ending now. */
  choose(name) {
    const length = RANGES.find(([one]) => one === name)[1] ?? this._everything();
    const end = this.now();
    this._set(end - length, end);
    this.follow = true;
    this.chosen = name;
    this._tell();
  }

  /** Show from `start` to `end`, as far as there can be anything. */
  show(start, end) {
    const before = [this.start, this.end, this.follow].join();
    const now = this.now();
    const least = SHORTEST / 2;
    const longest = Math.max(this._everything(), 366 * DAY) * 1.1;
    const half = Math.min(Math.max((end - start) / 2, least), longest / 2);
    let middle = (start + end) / 2;
    const earliest = Math.min(this.first ?? now, now - 366 * DAY);
    middle = Math.max(middle, earliest);
    this.follow = middle + half >= now - ROOM * half;
    if (this.follow) middle = now - half;
    this._set(middle - half, middle + half);
    this.chosen = null;
    if ([this.start, this.end, this.follow].join() !== before) this._tell();
  }

  /** Show `factor` times as long a stretch; `at` (0 to 1) stays where it is. */
  zoom(factor, at = this.follow ? 1 : 0.5) {
    const fixed = this.start + at * this.length;
    const length = Math.max(this.length * factor, SHORTEST);
    this.show(fixed - at * length, fixed + (1 - at) * length);
  }

  /** Move by a part of what is shown; positive is later. */
  pan(part) {
    const by = part * this.length;
    this.show(this.start + by, this.end + by);
  }

  /** Go on with the present, if it is followed; to be called as time passes. */
  advance() {
    if (!this.follow) return;
    const length = this.chosen === "all" ? this._everything() : this.length;
    const end = this.now();
    this._set(end - length, end);
    this._tell("advance");
  }

  /** Learn when the first reading was. */
  reaches(first) {
    this.first = first;
    if (this.chosen === "all") this.choose("all");
  }

  _everything() {
    return Math.max(this.now() - (this.first ?? this.now()), HOUR);
  }

  _set(start, end) {
    this.start = start;
    this.end = end;
  }

  _tell(kind = "change") {
    this.dispatchEvent(new Event(kind));
  }
}
