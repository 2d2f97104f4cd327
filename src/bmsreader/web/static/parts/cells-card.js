// The card of the cells: bars, the spread between them, and in words which one is weakest, strongest or dead.

import { html, nothing } from "../vendor/lit.js";
import { number } from "../format.js";
import { t } from "../texts.js";
import { cellBars, deadCells, spreadOf } from "./cells.js";
import { icon } from "./icons.js";
import { gradeChip } from "./values.js";

/** `ranges`: {min, max} of each cell in the time that the charts show. */
export function cellsCard(battery, { ranges, old }) {
  const cells = battery.reading?.cell_voltages ?? [];
  if (!cells.length) return nothing;
  const dead = deadCells(cells);
  const spread = spreadOf(cells);
  return html`<section class="card cells-card" aria-labelledby="cells-title">
    <header>
      <h2 id="cells-title">${t("cells.title")}</h2>
      ${gradeChip(battery.evidence?.cell_voltages)}
      ${spread === null ? nothing : html`<p class="cells-spread"><span class="quiet">${t("cells.spread")}</span> <b>${number(1000 * spread, 0)}<small> mV</small></b></p>`}
    </header>
    ${dead.length ? html`<p class="cells-dead severity-critical">${icon("critical")}${t("cells.dead_text", { cells: dead.join(", ") })}</p>` : nothing}
    ${cellBars(cells, ranges, { old })}
    <p class="quiet cells-legend">${t("cells.legend")} ${ranges?.some(Boolean) ? t("cells.whisker") : nothing}</p>
  </section>`;
}
