// The present: what the gateway knows now, kept current by the event stream, by asking when the stream is silent, and
// marked as old when nothing answers. Pages read from `live` and are told of changes by a `Watch`.

import { ApiError, ZONE, get, session } from "./api.js";
import { readStream } from "./stream.js";

const SILENCE = 5_000; // ms without a sign of life after which the gateway is asked
const DEAD = 20_000; // ms without a sign of life after which the stream is opened anew; the server beats each 15 s
const ASK = 5_000; // ms between two questions while the stream is held back, as some proxies do
const KNOCK = 2_000; // ms between two questions while nobody answers
const RENEW = 300_000; // ms after which sparklines are asked for again; the stream carries none
const TOGETHER = 30; // ms within which changes are shown together
const LATE = 5; // s beyond its time after which a reading is not shown as live, whatever was said about it last

class Live extends EventTarget {
  batteries = new Map();
  session = null;
  gateway = null;
  /** connecting, stream, polling or offline. */
  mode = "connecting";
  /** When something was heard of the gateway, ms since 1970. */
  heardAt = 0;
  loaded = false;
  #streamHeardAt = 0;
  #streaming = null;
  #asking = false;
  #askedAt = 0;
  #renewedAt = 0;
  #changed = new Set();
  #timer = 0;
  #stopped = true;

  /** Whether a password has to be given first. */
  get locked() {
    return Boolean(this.session?.required && !this.session.logged_in);
  }

  get offline() {
    return this.mode === "offline";
  }

  /** Begin, or begin again after a login. */
  start() {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#ask();
    this.#open();
    setInterval(() => this.#look(), 1_000);
    document.addEventListener("visibilitychange", () => this.#look());
    window.addEventListener("online", () => this.#ask());
    this.start = () => this.#resume();
  }

  /** Be quiet until `start`: nobody is logged in. */
  stop() {
    if (this.session) this.session = { ...this.session, required: true, logged_in: false };
    this.#stopped = true;
    this.#streaming?.abort();
    this.batteries.clear();
    this.loaded = false;
  }

  /** Ask for everything now, such as after a change of settings. */
  refresh() {
    return this.#ask();
  }

  /** Tell all watching pages to render again. */
  touch(...slugs) {
    for (const slug of slugs) this.#changed.add(slug);
    this.#timer ||= setTimeout(() => this.#tell(), TOGETHER);
  }

  #tell() {
    const slugs = this.#changed;
    this.#changed = new Set();
    this.#timer = 0;
    this.dispatchEvent(new CustomEvent("change", { detail: { slugs } }));
  }

  #resume() {
    this.#stopped = false;
    this.#ask();
    if (!this.#streaming) this.#open();
  }

  /** Once a second: is the gateway still there, and the stream still open? */
  #look() {
    if (this.#stopped) return;
    const now = Date.now();
    const pause = this.offline ? KNOCK : ASK;
    const silent = now - this.heardAt > SILENCE || this.mode === "polling";
    if ((silent && now - this.#askedAt > pause) || now - this.#renewedAt > RENEW) this.#ask();
    if (this.#streaming && now - this.#streamHeardAt > DEAD) this.#streaming.abort();
  }

  async #ask() {
    if (this.#asking || this.#stopped) return;
    this.#asking = true;
    this.#askedAt = Date.now();
    try {
      // A stream that works and is only quiet needs no more than a sign of life.
      const quiet = this.mode === "stream" && this.#askedAt - this.#renewedAt < RENEW / 2 && this.loaded;
      const limit = { signal: AbortSignal.timeout(SILENCE) };
      if (quiet && this.#askedAt - this.#streamHeardAt < DEAD) await get("api/v1/session", {}, limit);
      else this.#replace(await get("api/v1/batteries", { tz: ZONE }, { signal: AbortSignal.timeout(4 * SILENCE) }));
      this.#heard();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#asking = false;
    }
  }

  #failed(error) {
    const timedOut = error.name === "TimeoutError" || error.name === "AbortError";
    if (!timedOut && !(error instanceof ApiError)) throw error;
    if (timedOut || error.gone) this.#become("offline");
  }

  #replace({ batteries }) {
    if (this.#stopped) return;
    const now = Date.now();
    this.batteries = new Map(batteries.map((battery) => [battery.slug, { ...battery, heardAt: now }]));
    this.loaded = true;
    this.#renewedAt = now;
    this.touch(...this.batteries.keys());
  }

  async #open() {
    if (this.#streaming || this.#stopped) return;
    this.#streaming = new AbortController();
    this.#streamHeardAt = Date.now();
    try {
      await readStream(`api/v1/stream?tz=${encodeURIComponent(ZONE)}`, {
        signal: this.#streaming.signal,
        heard: () => this.#streamed(),
        take: (name, data) => this.#take(name, data),
      });
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof ApiError)) throw error;
    } finally {
      this.#streaming = null;
      if (this.mode === "stream") this.#become("polling");
      this.#ask();
      setTimeout(() => this.#open(), KNOCK);
    }
  }

  #streamed() {
    this.#streamHeardAt = Date.now();
    this.heardAt = this.#streamHeardAt;
    this.#become("stream");
  }

  #heard() {
    this.heardAt = Date.now();
    if (this.mode === "stream") return;
    this.#become(this.heardAt - this.#streamHeardAt < SILENCE && this.mode === "connecting" ? "connecting" : "polling");
  }

  /** The gateway is back; it may be another version, ask for a password now, or know other batteries. */
  async #return() {
    try {
      this.session = await session();
    } catch {
      return; // gone again: the next question will tell
    }
    this.#ask();
  }

  #become(mode) {
    if (this.mode === mode) return;
    const returned = this.mode === "offline";
    this.mode = mode;
    if (mode === "offline") this.#renewedAt = 0; // all is asked for again when it is back
    if (returned) this.#return();
    this.touch(...this.batteries.keys());
  }

  #take(name, data) {
    if (name === "battery") this.#battery(data);
    else if (name === "gone") this.batteries.delete(data.slug);
    else if (name === "gateway") this.gateway = data;
    else if (name === "alarm") this.dispatchEvent(new CustomEvent("alarm", { detail: data }));
    this.touch(data.slug ?? data.battery ?? "");
  }

  #battery(data) {
    const before = this.batteries.get(data.slug);
    const kept = { sparkline: data.sparkline ?? before?.sparkline ?? null, today: data.today ?? before?.today ?? null };
    this.batteries.set(data.slug, { ...data, ...kept, heardAt: Date.now() });
  }
}

export const live = new Live();

/** s since the battery's last accepted reading, now; null when there never was one. */
export function ageOf(battery) {
  return battery.age === null ? null : battery.age + (Date.now() - battery.heardAt) / 1000;
}

/** The state to show: what the gateway said, unless it cannot be true any more. `old`: values are not the present. */
export function shownState(battery) {
  if (live.offline) return { state: "offline", old: true };
  const late = Math.max(15, 3 * battery.interval) + LATE;
  if (battery.state === "live" && (ageOf(battery) ?? 0) > late) return { state: "stale", old: true };
  return { state: battery.state, old: battery.state !== "live" };
}

/** Renders a Lit element again when something changed; with a slug (or a function that returns it), only for that battery. */
export class Watch {
  constructor(host, slug = null) {
    this.host = host;
    this.slug = typeof slug === "function" ? slug : () => slug;
    host.addController(this);
  }

  #changed = (event) => {
    const slug = this.slug();
    if (!slug || event.detail.slugs.size === 0 || event.detail.slugs.has(slug)) this.host.requestUpdate();
  };

  #language = () => this.host.requestUpdate();

  hostConnected() {
    live.addEventListener("change", this.#changed);
    document.addEventListener("bms-language", this.#language);
  }

  hostDisconnected() {
    live.removeEventListener("change", this.#changed);
    document.removeEventListener("bms-language", this.#language);
  }
}
