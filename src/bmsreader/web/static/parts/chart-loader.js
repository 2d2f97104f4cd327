// Fetches what a chart needs for what is on screen: in the right resolution, not too often, and never an old answer.

import { DAY, MINUTE } from "./timeline.js";

const PAUSE = 120; // ms of rest before something is asked for
const MARGIN = 0.25; // part of the stretch that is fetched beyond both edges, to be there when the owner moves
const MOST = 1000; // points of one answer
const COARSE = 1.6; // a point may stand for so many px before finer ones are fetched
const LONGEST_REST = 15 * MINUTE;
const LONG = 100 * DAY; // from here on, points are whole days: parts of days would only show that nights are dark

export class HistoryLoader {
  /**
   * `ask({start, end, points}, signal)` returns the answer of the history; `arrived(answer)` is called with it,
   * `failed(error)` when there is none, `busy(yes)` when waiting begins and ends.
   */
  constructor({ ask, arrived, failed, busy }) {
    Object.assign(this, { ask, arrived, failed, busy });
    this.have = null;
    this._timer = 0;
    this._running = null;
  }

  /** See to it that there is what this timeline shows, on so many px; the battery is read every `interval` s. */
  want(timeline, pixels, interval) {
    if (!this._running && this._suffices(timeline, pixels)) return;
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._load(timeline, pixels, interval), this.have ? PAUSE : 0);
  }

  /** Forget what there is: the next wish fetches it anew. */
  renew() {
    this.have = null;
  }

  stop() {
    clearTimeout(this._timer);
    this._running?.abort();
    this._running = null;
  }

  _suffices({ start, end, length, follow, now }, pixels) {
    const have = this.have;
    if (!have) return false;
    const complete = have.start <= start && (have.live ? follow : have.end >= end);
    const rest = Math.min(Math.max(length / 200, MINUTE), LONGEST_REST);
    const fresh = !have.live || now() - have.loaded < rest;
    return complete && fresh && (have.width === null || have.width <= Math.max((COARSE * length) / Math.min(pixels, MOST), length > LONG ? DAY : 0));
  }

  async _load({ start, end, length, follow, first, now }, pixels, interval) {
    this._running?.abort();
    const running = (this._running = new AbortController());
    const from = Math.max(start - MARGIN * length, Math.min(first ?? start, start));
    const to = follow ? now() : Math.min(end + MARGIN * length, now());
    const wish = wishOf(from, to, Math.min(Math.ceil((pixels * (to - from)) / length), MOST), interval);
    this.busy(true);
    try {
      const answer = await this.ask(wish, running.signal);
      if (this._running !== running) return;
      this.have = { start: from, end: wish.end, width: answer.width && answer.width * 1000, live: follow, loaded: now() };
      this.arrived({ ...answer, start: wish.start, end: wish.end, width: this.have.width });
    } catch (error) {
      if (running.signal.aborted) return;
      this.failed(error);
    } finally {
      if (this._running === running) {
        this._running = null;
        this.busy(false);
      }
    }
  }
}

/** What to ask for: single readings (0 points) where these are few enough, whole days where the stretch is long. */
function wishOf(from, to, points, interval) {
  if ((to - from) / (1000 * interval) <= points) return { start: Math.floor(from), end: Math.ceil(to), points: 0 };
  if (to - from < LONG) return { start: Math.floor(from), end: Math.ceil(to), points: Math.max(points, 50) };
  const start = Math.floor(from / DAY) * DAY;
  const days = Math.ceil((to - start) / DAY);
  const each = Math.ceil(days / (points - 1));
  const count = Math.ceil(days / each);
  return { start, end: start + count * each * DAY, points: count + 1 }; // one more than fit: none is cut into two
}
