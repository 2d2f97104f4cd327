// What is around every page: name, ways to the other pages, whether what is shown is live, and messages.

import { html, nothing } from "./vendor/lit.js";
import { logout } from "./api.js";
import { Watch, live } from "./live.js";
import { ago, duration } from "./format.js";
import { chooseLanguage, chosenLanguage, count, LANGUAGES, t } from "./texts.js";
import { remember, remembered } from "./memory.js";
import { go, load, route } from "./router.js";
import { Light, define } from "./parts/light.js";
import { icon } from "./parts/icons.js";
import { silence } from "./parts/state.js";
import { toast, toastError } from "./parts/toast.js";
import { alarmWords } from "./parts/words.js";

const WAYS = [
  ["overview", "#/", ["overview", "battery", "bank", "health", "welcome"]],
  ["alarms", "#/alarms", ["alarms"]],
  ["radio", "#/radio", ["radio"]],
  ["settings", "#/settings", ["settings"]],
];

class Shell extends Light {
  static properties = { outlet: { state: true }, route: { state: true }, broken: { state: true } };

  constructor() {
    super();
    this.route = route();
    new Watch(this);
  }

  // What index.html holds stays until the first page can be shown.
  begin() {
    this.begun = true;
    window.addEventListener("hashchange", () => this.turn());
    live.addEventListener("alarm", (event) => this.alarm(event.detail));
    live.addEventListener("change", () => this.broken && !live.offline && this.turn());
    setInterval(() => live.offline && this.requestUpdate(), 1_000);
    return this.turn();
  }

  shouldUpdate() {
    return Boolean(this.begun && (this.outlet || this.broken));
  }

  createRenderRoot() {
    return this;
  }

  willUpdate() {
    if (!this.hasUpdated) this.replaceChildren();
  }

  async turn() {
    const wanted = route();
    if (live.locked && wanted.name !== "login") {
      document.dispatchEvent(new CustomEvent("bms-login"));
      return;
    }
    try {
      const page = await load(wanted.name);
      if (route().path !== wanted.path) return; // left again before it was loaded
      this.show(page, wanted);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.broken = true; // the module cannot be fetched: the gateway is gone
    }
  }

  show(page, wanted) {
    const same = this.outlet?.localName === page.tag && this.route.slug === wanted.slug;
    const element = same ? this.outlet : document.createElement(page.tag);
    element.route = wanted;
    this.page = page;
    this.route = wanted;
    this.broken = false;
    const first = !this.outlet;
    this.outlet = element;
    this.entitle();
    if (same || first) return;
    scrollTo(0, 0);
    this.updateComplete.then(() => this.querySelector("main")?.focus({ preventScroll: true }));
  }

  entitle() {
    const { title } = this.page;
    const words = typeof title === "function" ? title(this.route) : title;
    document.title = words ? `${words} · bmsreader` : "bmsreader";
  }

  alarm(alarm) {
    if (alarm.cleared_at || alarm.acknowledged_at) return;
    const battery = live.batteries.get(alarm.battery)?.name ?? alarm.battery;
    toast(t("shell.alarm", { battery, text: alarmWords(alarm) }), { kind: alarm.severity, link: { href: "#/alarms", text: t("shell.to_alarms") } });
  }

  updated() {
    if (this.page) this.entitle();
  }

  get alone() {
    return this.route.name === "login";
  }

  render() {
    return html`
      <a class="skip" href="#main" @click=${this.skip}>${t("shell.skip")}</a>
      ${this.alone ? nothing : this.head()} ${this.banner()}
      <main id="main" tabindex="-1">${this.broken ? this.unloaded() : this.outlet}</main>
      <bms-toasts></bms-toasts>
    `;
  }

  skip(event) {
    event.preventDefault();
    document.querySelector("main").focus();
  }

  head() {
    return html`<header class="head">
      <a class="brand" href="#/" aria-label=${t("shell.home")}>
        <img src="static/icons/icon.svg" alt="" width="28" height="28" /><span>bmsreader</span>
      </a>
      <nav class="ways" aria-label=${t("shell.ways")}>${WAYS.map((way) => this.way(...way))}</nav>
      <div class="head-end">${this.pulse()} ${this.display()}</div>
    </header>`;
  }

  way(name, href, pages) {
    const here = pages.includes(this.route.name);
    return html`<a class="way" href=${href} aria-current=${here ? "page" : nothing}>
      ${icon(name)}<span>${t(`shell.${name}`)}</span>${name === "alarms" ? this.badge() : nothing}
    </a>`;
  }

  badge() {
    const open = [...live.batteries.values()].flatMap((battery) => battery.alarms ?? []);
    const n = open.filter((alarm) => !alarm.acknowledged_at).length;
    return n ? html`<span class="count"><span aria-hidden="true">${n}</span><span class="unseen">${count("shell.open_alarms", n)}</span></span>` : nothing;
  }

  pulse() {
    const mode = live.mode === "connecting" ? "polling" : live.mode;
    return html`<span class="pulse pulse-${mode}" title=${t(`shell.mode.${mode}.text`)}>
      <span class="pulse-dot" aria-hidden="true"></span>${t(`shell.mode.${mode}`)}
    </span>`;
  }

  display() {
    const theme = remembered("theme");
    return html`<details class="menu" @keydown=${this.escape} @focusout=${this.leave}>
      <summary aria-label=${t("shell.display")} title=${t("shell.display")}>${icon("display")}</summary>
      <div class="menu-panel">
        <label class="field">
          <span>${t("shell.theme")}</span>
          <select @change=${this.paint}>
            ${["", "light", "dark"].map((one) => html`<option value=${one} ?selected=${one === theme}>${t(`shell.theme.${one || "system"}`)}</option>`)}
          </select>
        </label>
        <label class="field">
          <span>${t("shell.language")}</span>
          <select @change=${(event) => chooseLanguage(event.target.value)}>
            <option value="" ?selected=${!chosenLanguage()}>${t("shell.language.browser")}</option>
            ${Object.entries(LANGUAGES).map(([tag, name]) => html`<option value=${tag} lang=${tag} ?selected=${tag === chosenLanguage()}>${name}</option>`)}
          </select>
        </label>
        ${live.session?.required ? html`<button @click=${this.leaveSession}>${icon("logout")}${t("shell.logout")}</button>` : nothing}
        <p class="quiet">bmsreader ${live.session?.version ?? ""}</p>
      </div>
    </details>`;
  }

  escape(event) {
    if (event.key !== "Escape") return;
    event.currentTarget.open = false;
    event.currentTarget.querySelector("summary").focus();
  }

  leave(event) {
    if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
  }

  paint(event) {
    remember("theme", event.target.value);
    document.dispatchEvent(new CustomEvent("bms-choose-theme", { detail: event.target.value }));
  }

  async leaveSession() {
    try {
      await logout();
    } catch (error) {
      toastError(error);
      return;
    }
    live.stop();
    go("#/login");
  }

  banner() {
    if (!live.offline) return nothing;
    const age = silence();
    return html`<div class="banner banner-offline">
      ${icon("offline")}
      <p>
        <strong>${t("shell.offline")}</strong>
        ${age === null ? t("shell.offline.never") : t("shell.offline.text", { age: duration(age) })}
      </p>
    </div>`;
  }

  unloaded() {
    return html`<section class="empty">
      ${icon("offline")}
      <h1>${t("shell.unloaded")}</h1>
      <p>${t("shell.unloaded.text")}${live.heardAt ? html` ${t("shell.last_heard", { ago: ago(silence()) })}` : nothing}</p>
      <button class="primary" @click=${() => this.turn()}>${t("shell.again")}</button>
    </section>`;
  }
}

define("bms-shell", Shell);
