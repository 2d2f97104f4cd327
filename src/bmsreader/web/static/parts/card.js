// One battery or bank on the overview: how it is doing, what is in it, which way it flows, and what today brought.

import { html, nothing } from "../vendor/lit.js";
import { Watch, live, shownState } from "../live.js";
import { duration, energy, estimate, figure, list, number, quantity } from "../format.js";
import { count, t } from "../texts.js";
import { home } from "../router.js";
import { Light, define } from "./light.js";
import { icon } from "./icons.js";
import { badge, reason } from "./state.js";
import { menu } from "./actions.js";
import { spark } from "./spark.js";
import { alarmWords, bySeverity, direction } from "./words.js";

const ALARMS = 2; // are spelled out; more are counted

class Card extends Light {
  static properties = { slug: { attribute: false } };

  constructor() {
    super();
    new Watch(this, () => this.slug);
  }

  render() {
    const battery = live.batteries.get(this.slug);
    if (!battery) return nothing;
    const { state, old } = shownState(battery);
    const why = reason(battery);
    return html`<article class="card battery ${old ? "is-old" : ""}" data-state=${state} aria-labelledby="card-${battery.slug}">
      <header class="battery-head">
        <h2 id="card-${battery.slug}">
          <a class="battery-link" href=${home(battery)}>${battery.kind === "bank" ? icon("bank") : nothing}${battery.name}</a>
        </h2>
        ${menu(battery)}
        <p class="battery-state">${badge(battery)}${battery.simulated ? html`<span class="tag">${t("card.simulated")}</span>` : nothing}</p>
      </header>
      ${why ? html`<p class="battery-reason">${why}</p>` : nothing} ${this.warnings(battery)}
      ${battery.reading ? this.values(battery, old) : html`<p class="battery-none">${t("card.never")}</p>`}
    </article>`;
  }

  warnings({ alarms, bank, reason: told }) {
    const raised = (alarms ?? []).filter((alarm) => !alarm.cleared_at).sort(bySeverity);
    const missing = bank?.words && !told.includes(bank.words); // once is enough
    if (!raised.length && !missing) return nothing;
    return html`<ul class="battery-alarms">
      ${missing ? html`<li class="severity-warning">${icon("warning")}<span>${bankWords(bank)}</span></li>` : nothing}
      ${raised.slice(0, ALARMS).map(
        (alarm) =>
          html`<li class="severity-${alarm.severity}">
            ${icon(alarm.severity)}<span><span class="unseen">${t(`severity.${alarm.severity}`)}: </span>${alarmWords(alarm)}</span>
          </li>`,
      )}
      ${raised.length > ALARMS ? html`<li class="more"><a href="#/alarms">${count("card.more_alarms", raised.length - ALARMS)}</a></li>` : nothing}
    </ul>`;
  }

  values(battery, old) {
    const { reading } = battery;
    const way = direction(reading);
    return html`
      ${old ? html`<p class="unseen">${t("card.old")}</p>` : nothing}
      <div class="battery-main">${this.charge(reading)} ${this.flow(reading, way, battery, old)}</div>
      <dl class="battery-figures">
        ${figureOf(t("value.voltage"), reading.pack_voltage, "V")} ${figureOf(t("value.current"), reading.current, "A", true)}
        ${this.temperatures(reading)}
      </dl>
      ${battery.bank ? this.packs(battery) : nothing}
      <div class="battery-day">${spark(battery.sparkline)} ${this.today(battery.today)}</div>
    `;
  }

  charge({ soc }) {
    if (soc === null) return html`<div class="soc"><p class="soc-figure">–</p><p class="quiet">${t("card.no_soc")}</p></div>`;
    return html`<div class="soc">
      <p class="soc-figure"><span class="unseen">${t("value.soc")}: </span>${number(soc)}<small>%</small></p>
      <div class="gauge" aria-hidden="true"><span .style=${`--part:${Math.max(0, Math.min(100, soc))}%`}></span></div>
    </div>`;
  }

  flow(reading, way, { horizon }, old) {
    if (way === null) return nothing;
    const left = way === "charge" ? horizon?.time_to_full : way === "discharge" ? horizon?.time_to_empty : null;
    return html`<div class="flow flow-${way}">
      <p class="flow-word">${icon(way)}${t(old ? `flow.was.${way}` : `flow.${way}`)}</p>
      <p class="flow-figure">${this.power(reading)}</p>
      ${left && !old ? html`<p class="flow-left">${t(`flow.${way}.left`, { time: estimate(left) })}</p>` : nothing}
    </div>`;
  }

  power({ power }) {
    if (power === null) return "–";
    const [digits, unit] = Math.abs(power) < 9_995 ? figure(Math.abs(power), "W") : figure(Math.abs(power) / 1000, "kW", { digits: 1 });
    return html`<span class="unseen">${t("value.power")}: </span>${digits}<small>${unit}</small>`;
  }

  temperatures({ temperatures }) {
    if (!temperatures?.length) return nothing;
    const [low, high] = [Math.min(...temperatures), Math.max(...temperatures)];
    const words = Math.round(low) === Math.round(high) ? number(high) : t("card.range", { low: number(low), high: number(high) });
    return html`<div><dt>${t("value.temperatures")}</dt><dd>${words}<small>°C</small></dd></div>`;
  }

  packs({ bank }) {
    const names = bank.packs.map((slug) => [slug, live.batteries.get(slug)?.name ?? slug]);
    return html`<ul class="packs" aria-label=${t("card.packs")}>
      ${names.map(
        ([slug, name]) =>
          html`<li class=${bank.seen.includes(slug) ? "" : "unseen-pack"}>
            ${name}${bank.seen.includes(slug) ? nothing : html` <span>(${t("card.pack_missing")})</span>`}${bank.limiting === slug ? html` <span>(${t("card.limiting")})</span>` : nothing}
          </li>`,
      )}
    </ul>`;
  }

  today(today) {
    if (!today) return nothing;
    return html`<dl class="today">
      <div><dt>${icon("charge")}${t("card.today_in")}</dt><dd>${energy(today.energy_in)}</dd></div>
      <div><dt>${icon("discharge")}${t("card.today_out")}</dt><dd>${energy(today.energy_out)}</dd></div>
    </dl>
    ${today.gaps >= 60 ? html`<p class="today-gap">${icon("gap")}<span>${t("card.gap", { time: duration(today.gaps) })} ${bounds(today.missing)}</span></p>` : nothing}`;
  }
}

function figureOf(name, value, unit, sign = false) {
  if (value === null || value === undefined) return nothing;
  const [digits] = figure(value, unit, { sign });
  return html`<div><dt>${name}</dt><dd>${digits}<small>${unit}</small></dd></div>`;
}

/** What may have flowed during the gaps, at least and at most; it is in no counter. */
function bounds(missing) {
  if (!missing) return t("card.gap.unknown");
  const parts = [["charge_in", "card.gap.in"], ["charge_out", "card.gap.out"]]
    .filter(([name]) => missing[name] && missing[name][1] >= 0.05)
    .map(([name, key]) => t(key, { range: span(missing[name]) }));
  return parts.length ? t("card.gap.missing", { bounds: list(parts) }) : t("card.gap.nothing");
}

function span([low, high]) {
  const least = number(low, low < 10 ? 1 : 0);
  const most = quantity(high, "Ah", { digits: high < 10 ? 1 : 0 });
  if (low < 0.05) return t("card.gap.up_to", { high: most });
  return high - low < 0.1 ? most : t("card.range", { low: least, high: most });
}

function bankWords(bank) {
  return t("card.bank_words", { seen: bank.seen.length, of: bank.packs.length, share: quantity(bank.capacity_share, "%") });
}

define("bms-card", Card);
