// How a battery is doing: a badge with an icon, a word and, where values are old, their age.

import { html, nothing } from "../vendor/lit.js";
import { ageOf, live, shownState } from "../live.js";
import { duration } from "../format.js";
import { said, t } from "../texts.js";
import { Light, define } from "./light.js";
import { icon } from "./icons.js";

const STATES = ["live", "stale", "asleep", "busy", "unreachable", "offline"];

/** The badge of a battery. The word alone says the state; colour and shape say it again. */
export function badge(battery) {
  const { state, old } = shownState(battery);
  return html`<span class="badge state-${state}">
    ${icon(state)}<span>${t(`state.${state}`)}${old && battery.age !== null ? html` · <bms-age .battery=${battery}></bms-age>` : nothing}</span>
  </span>`;
}

/** Why a battery is not live, in words. */
export function reason(battery) {
  const { state } = shownState(battery);
  if (state === "offline") return t("state.offline.reason");
  if (state === "live") return "";
  if (battery.state === "live") return t("state.late.reason");
  const words = said(battery.reason);
  return words ? words[0].toUpperCase() + words.slice(1) : t(`state.${state}.reason`);
}

/** The states in a fixed order, for filters and counts. */
export function statesOf(batteries) {
  const counts = new Map(STATES.map((state) => [state, 0]));
  for (const battery of batteries) {
    const { state } = shownState(battery);
    counts.set(state, counts.get(state) + 1);
  }
  return [...counts].filter(([, n]) => n > 0);
}

const ageing = new Set();
let clock = 0;

/** The age of a battery's values; counts on by itself, without rendering anything around it. */
class Age extends Light {
  static properties = { battery: { attribute: false } };

  connectedCallback() {
    super.connectedCallback();
    ageing.add(this);
    clock ||= setInterval(() => ageing.forEach((one) => one.show()), 1_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    ageing.delete(this);
  }

  show() {
    const text = this.battery && this.battery.age !== null ? duration(ageOf(this.battery)) : "";
    if (this.firstChild?.data !== text) this.textContent = text;
  }

  updated() {
    this.show();
  }
}

define("bms-age", Age);

/** How old what is shown is while the gateway does not answer, s. */
export function silence() {
  return live.heardAt ? (Date.now() - live.heardAt) / 1000 : null;
}
