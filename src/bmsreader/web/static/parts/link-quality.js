// How well batteries are heard and answer: signal, success, how long it takes, what was rejected.

import { html, nothing, svg } from "../vendor/lit.js";
import { number, quantity } from "../format.js";
import { t } from "../texts.js";
import { home } from "../router.js";
import { tookText } from "./event-record.js";
import { badge } from "./state.js";

const STEPS = [
  ["good", -70],
  ["fair", -82],
  ["weak", -Infinity],
];

/** good, fair or weak: what a signal in dBm is worth; null when it is not known. */
export function signalWord(signal) {
  return signal === null || signal === undefined ? null : STEPS.find(([, least]) => signal > least)[0];
}

/** % of the attempts to read that succeeded since the gateway started; null before the first. */
export function success({ counts }) {
  return counts?.polls ? (100 * counts.readings) / counts.polls : null;
}

/** Four bars and the number. */
export function signalView(signal) {
  const word = signalWord(signal);
  if (!word) return html`<span class="quiet">${t("radio.no_signal")}</span>`;
  const bars = Math.max(1, Math.min(4, Math.ceil((signal + 95) / 9)));
  return html`<span class="signal signal-${word}">
    <svg viewBox="0 0 20 16" aria-hidden="true">
      ${[1, 2, 3, 4].map((bar) => svg`<rect class=${bar <= bars ? "on" : "off"} x=${5 * bar - 5} y=${16 - 4 * bar} width="3.5" height=${4 * bar} rx="1" />`)}
    </svg>
    ${quantity(signal, "dBm")} <small>${t(`radio.signal.${word}`)}</small>
  </span>`;
}

/** All batteries in one table. */
export function linkTable(batteries) {
  const names = ["who", "state", "signal", "success", "took", "rejected", "failures"];
  return html`<div class="scrolls links" tabindex="0" role="region" aria-label=${t("radio.links")}>
    <table>
      <caption class="unseen">${t("radio.links")}</caption>
      <thead><tr>${names.map((name) => html`<th scope="col">${t(`radio.${name}`)}</th>`)}</tr></thead>
      <tbody>
        ${batteries.map((battery) => html`<tr data-slug=${battery.slug}>
          <th scope="row"><a href=${home(battery, "radio")}>${battery.name}</a></th>
          <td>${badge(battery)}</td>
          <td>${signalView(battery.signal)}</td>
          <td data-name=${t("radio.success")}>${successText(battery)}</td>
          <td data-name=${t("radio.took")}>${battery.counts.last_poll === null ? "–" : tookText(battery.counts.last_poll)}</td>
          <td data-name=${t("radio.rejected")}>${number(battery.counts.rejected)}</td>
          <td data-name=${t("radio.failures")}>${number(battery.counts.failures)}</td>
        </tr>`)}
      </tbody>
    </table>
  </div>`;
}

function successText(battery) {
  const share = success(battery);
  return share === null ? "–" : html`${number(share, share < 99.95 ? 1 : 0)}\u202f% <small>${t("radio.of", { readings: number(battery.counts.readings), polls: number(battery.counts.polls) })}</small>`;
}

/** The same for one battery, as figures. */
export function linkFigures(battery) {
  const { counts } = battery;
  const figure = (key, value) => html`<div><dt>${t(`radio.${key}`)}</dt><dd>${value}</dd></div>`;
  return html`<dl class="card link-figures">
    ${figure("signal", signalView(battery.signal))} ${figure("success", successText(battery))}
    ${figure("took", counts.last_poll === null ? "–" : tookText(counts.last_poll))} ${figure("rejected", number(counts.rejected))}
    ${figure("connects", number(counts.connects))} ${figure("failures", number(counts.failures))}
    ${figure("connected", t(battery.connected ? "radio.is_connected" : "radio.not_connected"))}
    ${figure("interval", tookText(battery.interval))}
  </dl>`;
}

/** The adapters and proxies of the gateway. */
export function adapterList(gateway) {
  if (!gateway?.adapters?.length) return nothing;
  return html`<ul class="adapters">
    ${gateway.adapters.map((one) => html`<li class=${one.ok ? "" : "severity-warning"}>
      <b>${one.name}</b>
      <span>${one.ok ? t("radio.adapter_ok") : one.problem}</span>
      ${one.slots ? html`<span class="quiet">${t("radio.slots", { free: number(one.free), slots: number(one.slots) })}</span>` : nothing}
      ${one.resets ? html`<span class="quiet">${t("radio.resets", { count: number(one.resets) })}</span>` : nothing}
    </li>`)}
  </ul>`;
}
