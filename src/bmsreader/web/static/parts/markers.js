// Alarms and radio events of a battery as marks on the time axis.

import { get } from "../api.js";
import { duration } from "../format.js";
import { t } from "../texts.js";
import { momentText } from "./chart-axis.js";

const LIMIT = 1000;
const NEAR = 1.5; // ms per mark that are put together, as a part of 1/1000 of what is shown

/** Kinds of the event record that say something about the battery; those of each reading would cover all others. */
const SEVERITY = {
  rejected: "warning",
  "connect failed": "warning",
  "no answer": "warning",
  "link lost": "warning",
  "no services": "warning",
  "not identified": "warning",
  "disconnect hung": "warning",
  frozen: "warning",
  state: "info",
  released: "info",
  "taken back": "info",
};

/** All alarms and radio events of a battery since `start` (ms). */
export async function loadMarkers(slug, start, signal) {
  const since = new Date(Math.floor(start)).toISOString();
  const [alarms, events] = await Promise.all([
    get("api/v1/alarms", { battery: slug, state: "all", since, limit: LIMIT }, { signal }),
    get("api/v1/events", { battery: slug, since, limit: LIMIT, kind: Object.keys(SEVERITY).join(",") }, { signal }),
  ]);
  return { alarms: alarms.alarms.map(alarmMarker), radio: events.events.map(radioMarker) };
}

/** An alarm as a mark that lasts as long as it did. */
export function alarmMarker(alarm) {
  const start = Date.parse(alarm.raised_at);
  const end = alarm.cleared_at ? Date.parse(alarm.cleared_at) : null;
  const length = end === null ? t("chart.still") : duration((end - start) / 1000);
  return { kind: "alarm", id: alarm.id, start, end, severity: alarm.severity, text: `${alarm.text} (${length})` };
}

function radioMarker({ at, kind, detail }) {
  const start = Date.parse(at);
  const text = [momentText(start, 0), kind, detail].filter(Boolean).join(" · ");
  return { kind: "radio", start, end: start, severity: SEVERITY[kind], text };
}

/** Those between two times; where many fall on one spot, the first of each severity and the number of all. */
export function shownMarkers({ alarms = [], radio = [] }, { start, end, show }) {
  const step = (NEAR * (end - start)) / 1000;
  const out = show.alarms ? alarms.filter((one) => one.start <= end && (one.end ?? Infinity) >= start) : [];
  const last = {};
  for (const one of show.radio ? radio : []) {
    if (one.start < start || one.start > end) continue;
    if (last[one.severity] && one.start - last[one.severity].start < step) last[one.severity].count++;
    else out.push((last[one.severity] = { ...one, count: 1 }));
  }
  return out.map((one) => (one.count > 1 ? { ...one, text: `${one.text} (+${one.count - 1})` } : one));
}
