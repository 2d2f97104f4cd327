// From the answers of the history to the columns that a chart draws: gaps stay gaps, the newest readings join the end.

/** The value of one field in a battery's newest reading; null where it does not report it. */
export function valueOf(battery, field) {
  if (field === "signal") return battery.signal ?? null;
  const reading = battery.reading;
  if (!reading) return null;
  const [, list, number] = /^(cell|temperature)_(\d+)$/.exec(field) ?? [];
  if (!list) return reading[field] ?? null;
  return (list === "cell" ? reading.cell_voltages : reading.temperatures)[number - 1] ?? null;
}

/** An answer of the history as one that owns its columns and can grow; the server's is left as it is. */
export function begun(answer) {
  const series = {};
  for (const [field, one] of Object.entries(answer.series)) {
    series[field] = { unit: one.unit, min: [...one.min], mean: [...one.mean], max: [...one.max], count: [...one.count] };
  }
  return { ...answer, stamps: [...answer.stamps], gaps: [...answer.gaps], series };
}

/** Add a reading at the end: as a point of its own, or to the last point where points stand for a stretch of time. */
export function grow(history, stamp, values) {
  const { stamps, width } = history;
  const last = stamps.at(-1);
  if (last !== undefined && stamp <= last) return false;
  if (!history.until || stamp > history.until) history.until = stamp;
  if (width && last !== undefined && stamp < last + width) merge(history, stamps.length - 1, values);
  else append(history, width && last !== undefined ? last + width * Math.floor((stamp - last) / width) : stamp, values);
  return true;
}

function append(history, stamp, values) {
  history.stamps.push(stamp);
  for (const [field, one] of Object.entries(history.series)) {
    const value = values(field);
    one.min.push(value);
    one.mean.push(value);
    one.max.push(value);
    one.count.push(value === null ? 0 : 1);
  }
}

function merge(history, at, values) {
  for (const [field, one] of Object.entries(history.series)) {
    const value = values(field);
    if (value === null) continue;
    const count = one.count[at];
    one.min[at] = count ? Math.min(one.min[at], value) : value;
    one.max[at] = count ? Math.max(one.max[at], value) : value;
    one.mean[at] = count ? (one.mean[at] * count + value) / (count + 1) : value;
    one.count[at] = count + 1;
  }
}

/** When the newest reading was that is drawn; null when there is none. */
export function newest(history) {
  const last = history.stamps.at(-1);
  if (last === undefined) return null;
  return history.until ?? (history.width ? Math.min(last + history.width, history.end) : last);
}

/**
 * The gaps, and the one that is still open: `now` is more than `patience` ms after the newest reading, which was at
 * `known` where that is known better than from the points.
 */
export function gapsUntil(history, now, patience, known = null) {
  const last = known ?? newest(history);
  const open = last !== null && history.end >= last && now - last > Math.max(patience, 1.5 * (history.width ?? 0));
  return open ? [...history.gaps, { start: last, end: now, open: true }] : history.gaps;
}

/**
 * The columns for uPlot: times, then what `pick` makes of each field. A point that stands for a stretch is drawn in its
 * middle; wherever points are missing, one without values keeps the line from crossing.
 */
export function columns(history, picks) {
  const { stamps, width } = history;
  const half = (width ?? 0) / 2;
  const breaks = breaksOf(history);
  const times = [];
  const out = picks.map(() => []);
  for (let at = 0; at < stamps.length; at++) {
    const stop = at && breaks(stamps[at - 1], stamps[at]);
    if (stop) {
      times.push(stop);
      for (const column of out) column.push(null);
    }
    times.push(stamps[at] + half);
    picks.forEach((pick, number) => out[number].push(pick(at)));
  }
  return [times, ...out];
}

/**
 * Returns a function that says where, between two successive points, the line has to stop; 0: nowhere. Points may be
 * further apart than their width where the battery is read more seldom than that: only a gap is a gap.
 */
function breaksOf({ gaps, width }) {
  let next = 0;
  return (before, after) => {
    while (next < gaps.length && gaps[next].end < after) next++;
    const gap = gaps[next];
    return gap && gap.start <= before + (width ?? 0) ? (before + after + (width ?? 0)) / 2 : 0;
  };
}

/** The indexes of the points that lie from `start` to `end`: the first, and the one after the last. */
export function within(history, start, end) {
  const half = (history.width ?? 0) / 2;
  const { stamps } = history;
  let from = 0;
  while (from < stamps.length && stamps[from] + half < start) from++;
  let to = stamps.length;
  while (to > from && stamps[to - 1] + half > end) to--;
  return [from, to];
}

/** Lowest, mean and highest value of a field in some points, and how many readings that were; null: none. */
export function summary(history, field, from, to) {
  const one = history.series[field];
  let [low, high, sum, count] = [Infinity, -Infinity, 0, 0];
  for (let at = from; one && at < to; at++) {
    if (!one.count[at] || one.mean[at] === null) continue;
    low = Math.min(low, one.min[at]);
    high = Math.max(high, one.max[at]);
    sum += one.mean[at] * one.count[at];
    count += one.count[at];
  }
  return count ? { min: low, mean: sum / count, max: high, count } : null;
}
