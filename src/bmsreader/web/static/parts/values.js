// Every value that a battery reports, with where it comes from and how old it is.

import { html, nothing } from "../vendor/lit.js";
import { has, said, t } from "../texts.js";
import { GROUPS, label, valueText } from "./fields.js";

const GRADES = ["vendor", "measured", "claimed", "disputed", "derived"];

/** All values in groups, the ones that are not reported by name, and what the grades mean. */
export function allValues(battery) {
  const { reading } = battery;
  if (!reading) return html`<p class="quiet">${t("card.never")}</p>`;
  const silent = Object.values(GROUPS)
    .flat()
    .filter((field) => isSilent(reading[field]) && !field.startsWith("time_to"));
  return html`
    <div class="value-groups">
      ${Object.entries(GROUPS).map(([group, fields]) => groupOf(battery, group, fields))}
    </div>
    ${reading.notes?.length ? html`<p class="quiet">${t("values.notes")} ${reading.notes.map(said).join("; ")}</p>` : nothing}
    ${silent.length ? html`<p class="quiet">${t("values.silent", { fields: silent.map(label).join(", ") })}</p>` : nothing}
    <details class="behind grades">
      <summary>${t("values.grades")}</summary>
      <dl>
        ${GRADES.map((grade) => html`<div><dt>${gradeChip(grade)}</dt><dd>${t(`grade.${grade}.text`)}</dd></div>`)}
      </dl>
    </details>
  `;
}

function isSilent(value) {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function groupOf(battery, group, fields) {
  const rows = fields.filter((field) => !isSilent(battery.reading[field]) || (field === "alarms" && battery.fields.includes("alarms")));
  if (!rows.length) return nothing;
  return html`<table class="values">
    <caption>${t(`values.${group}`)}</caption>
    <thead class="unseen">
      <tr>
        <th scope="col">${t("values.value")}</th><th scope="col">${t("values.now")}</th>
        <th scope="col">${t("values.evidence")}</th><th scope="col">${t("values.age")}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((field) => html`<tr data-field=${field}>
        <th scope="row">${label(field)}</th>
        <td class="amount">${valueText(field, battery.reading[field])}</td>
        <td>${gradeChip(battery.evidence?.[field])}</td>
        <td class="age"><bms-age .battery=${battery}></bms-age></td>
      </tr>`)}
    </tbody>
  </table>`;
}

/** The grade of a value in a word; the explanation stands in its title and below the values. */
export function gradeChip(grade) {
  if (!grade || !has(`grade.${grade}`)) return nothing;
  return html`<span class="grade grade-${grade}" title=${t(`grade.${grade}.text`)}>${t(`grade.${grade}`)}</span>`;
}
