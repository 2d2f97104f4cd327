// What a chart shows, for people who do not see it, and as a table for those who want the numbers.

import { html, nothing } from "../vendor/lit.js";
import { count, t } from "../texts.js";
import { duration, number } from "../format.js";
import { momentText, stretchText } from "./chart-axis.js";
import { summary, within } from "./chart-history.js";

const ROWS = 48; // of the table; more points are put together

/** One sentence for each value: from when to when, lowest, mean and highest, and what is missing. */
export function summaryText(history, spec, { title, start, end, gaps }) {
  const [from, to] = within(history, start, end);
  const parts = [`${title}, ${stretchText(start, end)}.`];
  for (const { field, label } of spec.lines.slice(0, 16)) {
    const all = summary(history, field, from, to);
    const values = all && Object.fromEntries(["min", "mean", "max"].map((kind) => [kind, withUnit(all[kind], spec)]));
    parts.push(all ? t("chart.summary", { label, ...values }) : t("chart.summary_none", { label }));
  }
  const missing = gaps.filter((gap) => gap.end > start && gap.start < end);
  const length = missing.reduce((sum, gap) => sum + Math.min(gap.end, end) - Math.max(gap.start, start), 0);
  if (missing.length) parts.push(count("chart.summary_gaps", missing.length, { length: duration(length / 1000) }));
  return parts.join(" ");
}

function withUnit(value, spec) {
  return `${number(value, spec.digits)} ${spec.unit}`;
}

/** The table behind the chart: at most ROWS rows, each with lowest, mean and highest of its stretch. */
export function table(history, spec, { title, start, end }) {
  const [from, to] = within(history, start, end);
  const size = Math.max(Math.ceil((to - from) / ROWS), 1);
  const rows = [];
  for (let at = from; at < to; at += size) rows.push([at, Math.min(at + size, to)]);
  const many = spec.lines.length > 1;
  const spread = !many && (size > 1 || history.width !== null);
  if (!rows.length) return html`<p class="quiet">${t("chart.nothing")}</p>`;
  return html`
    <p class="quiet">${size > 1 ? t("chart.table_many", { count: size }) : nothing}</p>
    <div class="scrolls" tabindex="0" role="region" aria-label=${t("chart.table_of", { title })}>
      <table class="numbers">
        <caption class="unseen">${title}, ${stretchText(start, end)}, ${spec.unit}</caption>
        <thead>
          <tr>
            <th scope="col">${t("chart.time")}</th>
            ${many
              ? spec.lines.map(({ label }) => html`<th scope="col">${label}</th>`)
              : (spread ? ["min", "mean", "max"] : ["mean"]).map(
                  (kind) => html`<th scope="col">${spread ? t(`chart.${kind}`) : title} (${spec.unit})</th>`,
                )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(([first, last]) => tableRow(history, spec, first, last, { many, spread, length: end - start }))}
        </tbody>
      </table>
    </div>`;
}

function tableRow(history, spec, first, last, { many, spread, length }) {
  const cells = spec.lines.flatMap(({ field }) => {
    const all = summary(history, field, first, last);
    const kinds = many || !spread ? ["mean"] : ["min", "mean", "max"];
    return kinds.map((kind) => html`<td>${number(all?.[kind] ?? null, spec.digits)}</td>`);
  });
  return html`<tr><th scope="row">${momentText(history.stamps[first], length)}</th>${cells}</tr>`;
}
