// The first run, and whenever a battery is added: what is in the air, with a name and one button to keep it.

import { html, nothing, repeat } from "../vendor/lit.js";
import { get, send } from "../api.js";
import { Watch, live } from "../live.js";
import { quantity } from "../format.js";
import { addTexts, said, t } from "../texts.js";
import { home } from "../router.js";
import { Light, define } from "../parts/light.js";
import { bars } from "../parts/bars.js";
import { icon } from "../parts/icons.js";
import { badge } from "../parts/state.js";
import { toast } from "../parts/toast.js";

await addTexts("welcome");

export const page = { tag: "bms-welcome-page", title: () => t("welcome.title"), styles: ["static/pages/welcome.css"] };

const LOOK = 3_000; // ms between two looks at what is in the air

class Welcome extends Light {
  static properties = {
    route: { attribute: false },
    found: { state: true },
    tables: { state: true },
    kept: { state: true },
    busy: { state: true },
    problems: { state: true },
  };

  constructor() {
    super();
    this.found = null;
    this.tables = [];
    this.kept = new Map();
    this.seen = new Set();
    this.busy = "";
    this.problems = {};
    new Watch(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.look();
    this.looking = setInterval(() => this.look(), LOOK);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.looking);
  }

  async look() {
    try {
      const [{ found }, tables] = await Promise.all([get("api/v1/found"), this.configured()]);
      this.found = found;
      this.tables = tables;
    } catch {
      // The banner of the shell says it when the gateway is away; the next look comes by itself.
    }
  }

  async configured() {
    const { sections } = await get("api/v1/settings");
    return sections.find((section) => section.name === "battery")?.tables ?? [];
  }

  /** What can be kept: batteries that are read without being in the file, then whatever else is heard. */
  get candidates() {
    if (this.found === null) return []; // what is in the file is not known yet
    const known = this.tables.flatMap((table) => [table.address, table.id, table.name]).filter(Boolean);
    const isKept = (...names) => names.some((name) => known.includes(name));
    const isNew = (key, ...names) => this.seen.has(key) || !isKept(...names);
    const read = [...live.batteries.values()]
      .filter((battery) => battery.kind === "battery" && isNew(battery.address ?? battery.id, battery.id, battery.address, battery.name))
      .map((battery) => ({ key: battery.address ?? battery.id, name: battery.name, signal: battery.signal, supported: true, battery }));
    const keys = new Set(read.map((one) => one.key));
    const heard = (this.found ?? [])
      .filter((one) => !keys.has(one.address) && (this.seen.has(one.address) || !(one.named || isKept(one.address))))
      .map((one) => ({ ...one, key: one.address }));
    const all = [...read, ...heard].filter((one) => !this.kept.has(one.key));
    for (const one of all) this.seen.add(one.key); // stays while this page is open, also when it gets listed meanwhile
    return all.sort((a, b) => rank(a) - rank(b) || (b.signal ?? -999) - (a.signal ?? -999));
  }

  render() {
    const candidates = this.candidates;
    const likely = candidates.filter((one) => one.supported !== false);
    const other = candidates.filter((one) => one.supported === false);
    return html`<div class="welcome">
      <h1>${t(this.tables.length ? "welcome.title" : "welcome.hello")}</h1>
      <p class="lead">${t("welcome.lead")}</p>
      ${this.trouble()} ${this.frozen()}
      <section aria-labelledby="welcome-found">
        <div class="welcome-head">
          <h2 id="welcome-found">${t("welcome.found")}</h2>
          <span class="quiet">${t("welcome.looking")}</span>
        </div>
        ${this.none(likely)}
        <ul class="found">
          ${repeat([...this.kept.values()], (one) => `kept ${one.key}`, (one) => this.done(one))}
          ${repeat(likely, (one) => one.key, (one) => this.candidate(one))}
        </ul>
        ${other.length ? this.others(other) : nothing}
      </section>
      <p><a class="button" href="#/">${t(live.session?.demo ? "welcome.demo" : "welcome.overview")}${icon("next")}</a></p>
    </div>`;
  }

  trouble() {
    const session = live.session;
    if (!session?.problem) return nothing;
    return html`<div class="banner severity-warning welcome-trouble">
      ${icon("warning")}
      <p>
        <strong>${said(session.problem)}</strong>
        ${t("welcome.trouble")} <code>bmsreader doctor</code>${session.demo ? html`<br />${t("welcome.trouble.demo")}` : nothing}
      </p>
    </div>`;
  }

  frozen() {
    const session = live.session;
    if (!session || session.writable) return nothing;
    return html`<div class="banner severity-info">
      ${icon("info")}
      <p><strong>${t("welcome.frozen")}</strong>${said(session.why_not_writable ?? "")}</p>
    </div>`;
  }

  none(likely) {
    if (likely.length || this.kept.size) return nothing;
    if (this.found === null) return html`<p class="quiet">${t("overview.loading")}</p>`;
    return html`<div class="card welcome-none">
      ${icon("radio")}
      <div><h3>${t("welcome.none")}</h3><ul>${[1, 2, 3].map((n) => html`<li>${t(`welcome.none.${n}`)}</li>`)}</ul></div>
    </div>`;
  }

  candidate(one) {
    const id = `name-${one.key.replace(/[^A-Za-z0-9]/g, "")}`;
    const problem = this.problems[one.key];
    return html`<li class="card found-one">
      <div class="found-who">
        <h3>${one.name || t("welcome.nameless")}</h3>
        <p class="quiet"><code>${one.key}</code></p>
        ${one.battery ? this.values(one.battery) : html`<p>${bars(one.signal)}</p>`}
        ${one.supported === null ? html`<p class="quiet">${t("welcome.perhaps")}</p>` : nothing}
      </div>
      <form class="found-keep" novalidate @submit=${(event) => this.keep(event, one)}>
        <label for=${id}>${t("welcome.name")}</label>
        <div class="found-line">
          <input id=${id} name="name" maxlength="60" autocomplete="off" placeholder=${t("welcome.example")}
            aria-invalid=${problem ? "true" : "false"} aria-describedby=${problem ? `${id}-problem` : nothing} />
          <button class="primary" ?disabled=${this.busy === one.key || live.session?.writable === false}>
            ${t("welcome.keep")}<span class="unseen"> ${one.name || one.key}</span>
          </button>
        </div>
        ${problem ? html`<p class="problem" id="${id}-problem">${icon("warning")}${problem}</p>` : nothing}
      </form>
    </li>`;
  }

  values(battery) {
    const { reading } = battery;
    const figures = [[reading?.soc, "%"], [reading?.pack_voltage, "V"], [reading?.current, "A", { sign: true }]];
    return html`<p class="found-values">
      ${badge(battery)}
      ${figures.filter(([value]) => value !== null && value !== undefined).map((one) => html`<span>${quantity(...one)}</span>`)}
    </p>`;
  }

  done({ key, name }) {
    const battery = [...live.batteries.values()].find((one) => one.name === name);
    return html`<li class="card found-one found-done">
      <div class="found-who">
        <h3>${icon("check")}${name}</h3>
        <p class="quiet"><code>${key}</code> · ${t("welcome.kept")}</p>
      </div>
      <a class="button" href=${battery ? home(battery) : "#/"}>${t("welcome.show")}${icon("next")}</a>
    </li>`;
  }

  others(other) {
    return html`<details class="welcome-others">
      <summary>${t("welcome.others", { n: other.length })}</summary>
      <p class="quiet">${t("welcome.others.text")}</p>
      <ul>
        ${other.map((one) => html`<li><span>${one.name || t("welcome.nameless")} <code>${one.key}</code></span>${bars(one.signal)}</li>`)}
      </ul>
    </details>`;
  }

  async keep(event, one) {
    event.preventDefault();
    const form = event.currentTarget;
    const name = form.elements.name.value.trim();
    if (!name) return this.complain(one, form, t("welcome.needs_name"));
    this.busy = one.key;
    try {
      await send("POST", "api/v1/batteries", { address: one.key, name });
      this.problems = { ...this.problems, [one.key]: "" };
      this.kept = new Map(this.kept).set(one.key, { key: one.key, name });
      toast(t("welcome.kept.toast", { name }));
      await Promise.all([live.refresh(), this.look()]);
    } catch (error) {
      this.complain(one, form, [error.problems?.[0]?.text ?? error.message, error.advice].filter(Boolean).map(said).join(" "));
    } finally {
      this.busy = "";
    }
  }

  complain(one, form, text) {
    this.problems = { ...this.problems, [one.key]: text };
    form.elements.name.focus();
  }
}

const rank = (one) => (one.supported ? 0 : one.supported === null ? (one.likely ? 1 : 2) : 3);

define("bms-welcome-page", Welcome);
