// What matters most of a battery at this moment: how full, which way, for how long; and what is wrong.

import { html, nothing } from "../vendor/lit.js";
import { energy, estimate, figure, moment, number, quantity, duration } from "../format.js";
import { count, t } from "../texts.js";
import { icon } from "./icons.js";
import { alarmWords, bySeverity, direction } from "./words.js";

/** The card of the present; `old`: these values are not the present, and look so. */
export function nowCard(battery, old) {
  const { reading } = battery;
  if (!reading) return html`<section class="card now"><p class="quiet">${t("card.never")}</p></section>`;
  const way = direction(reading);
  const left = old ? null : way === "charge" ? battery.horizon?.time_to_full : way === "discharge" ? battery.horizon?.time_to_empty : null;
  return html`<section class="card now ${old ? "is-old" : ""}" aria-label=${t("battery.now")}>
    ${reading.soc === null ? nothing : charge(reading)}
    <p class="now-flow flow-${way ?? "rest"}">
      ${way ? html`${icon(way)}<span>${t(`flow.${way}`)}</span>` : nothing}
      ${reading.power === null ? nothing : html`<b>${big(Math.abs(reading.power))}</b>`}
      ${left ? html`<span class="now-left">${t(`flow.${way}.left`, { time: estimate(left) })}</span>` : nothing}
    </p>
    <dl class="now-figures">
      ${item("value.voltage", reading.pack_voltage, "V")} ${item("value.current", reading.current, "A", { sign: true })}
      ${item("battery.remaining", reading.remaining_capacity, "Ah")} ${temperatures(reading)}
    </dl>
    ${old ? html`<p class="now-old">${icon("stale")}${t("battery.old")} <bms-age .battery=${battery}></bms-age></p>` : nothing}
    ${today(battery)}
  </section>`;
}

function charge({ soc, remaining_capacity: remaining, full_charge_capacity: full }) {
  const of = remaining !== null && full ? t("battery.of_full", { remaining: number(remaining, 0), full: quantity(full, "Ah", { digits: 0 }) }) : "";
  return html`<div class="now-charge">
    <p class="now-soc"><span class="unseen">${t("value.soc")}: </span>${number(soc)}<small>%</small></p>
    <p class="quiet">${of}</p>
    <div class="gauge" aria-hidden="true"><span .style=${`--part:${Math.max(0, Math.min(100, soc))}%`}></span></div>
  </div>`;
}

function big(watts) {
  const [digits, unit] = watts < 9_995 ? figure(watts, "W") : figure(watts / 1000, "kW", { digits: 1 });
  return html`${digits}<small>${unit}</small>`;
}

function item(key, value, unit, options = {}) {
  if (value === null || value === undefined) return nothing;
  const [digits] = figure(value, unit, options);
  return html`<div><dt>${t(key)}</dt><dd>${digits}<small>${unit}</small></dd></div>`;
}

function temperatures({ temperatures: found }) {
  if (!found?.length) return nothing;
  const [low, high] = [Math.round(Math.min(...found)), Math.round(Math.max(...found))];
  const words = low === high ? number(low) : t("card.range", { low: number(low), high: number(high) });
  return html`<div><dt>${t("value.temperatures")}</dt><dd>${words}<small>°C</small></dd></div>`;
}

function today({ today: day }) {
  if (!day) return nothing;
  return html`<dl class="now-today">
    <div class="flow-charge"><dt>${icon("charge")}${t("card.today_in")}</dt><dd>${energy(day.energy_in)}</dd></div>
    <div class="flow-discharge"><dt>${icon("discharge")}${t("card.today_out")}</dt><dd>${energy(day.energy_out)}</dd></div>
    ${day.gaps >= 60 ? html`<div class="quiet"><dt>${icon("gap")}${t("battery.missing")}</dt><dd>${duration(day.gaps)}</dd></div>` : nothing}
  </dl>`;
}

/** What is wrong with a battery, and what was and nobody has said "I know" to yet. */
export function alarmsCard(battery) {
  const open = [...(battery.alarms ?? [])].sort(bySeverity);
  if (!open.length) return nothing;
  return html`<section class="card battery-warnings" aria-labelledby="warnings-title">
    <h2 id="warnings-title">${count("shell.open_alarms", open.length)}</h2>
    <ul>
      ${open.map((alarm) => html`<li class="severity-${alarm.severity}">
        ${icon(alarm.severity)}
        <span>
          <strong><span class="unseen">${t(`severity.${alarm.severity}`)}: </span>${alarmWords(alarm)}</strong>
          <span class="quiet">${alarm.cleared_at ? t("battery.alarm_over", { since: moment(alarm.raised_at), until: moment(alarm.cleared_at) }) : t("battery.alarm_since", { since: moment(alarm.raised_at) })}</span>
        </span>
      </li>`)}
    </ul>
    <a href="#/alarms">${t("shell.to_alarms")}</a>
  </section>`;
}
