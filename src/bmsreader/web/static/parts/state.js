// How a battery is doing: a badge with an icon, a word and, where values are old, their age.

import { html, nothing } from "../vendor/lit.js";
import { ageOf, live, shownState } from "../live.js";
import { duration } from "../format.js";
import { has, t } from "../texts.js";
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

/** Why a battery is not live, in words. What the gateway says in a fixed form is said in the page's language. */
export function reason(battery) {
  const { state } = shownState(battery);
  if (state === "offline") return t("state.offline.reason");
  if (state === "live") return "";
  if (battery.state === "live") return t("state.late.reason");
  return inWords(battery.reason) || t(`state.${state}.reason`);
}

const FORMS = [
  [/^not read yet$/, "reason.not_read_yet"],
  [/^no reading in time$/, "reason.late"],
  [/^released for the phone app until (?<until>.+)$/, "reason.released"],
  [/^not on the air, and it was at rest when last read \((?<current>[^)]+)\): it sleeps$/, "reason.sleeps"],
];

function inWords(text) {
  for (const [form, key] of FORMS) {
    const found = form.exec(text);
    if (found && has(key)) return t(key, found.groups ?? {});
  }
  return text ? text[0].toUpperCase() + text.slice(1) : "";
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
