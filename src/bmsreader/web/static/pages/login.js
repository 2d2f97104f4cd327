// The way in, when the owner has set a password.

import { html, nothing } from "../vendor/lit.js";
import { login } from "../api.js";
import { live } from "../live.js";
import { said, t } from "../texts.js";
import { go } from "../router.js";
import { Light, define } from "../parts/light.js";
import { icon } from "../parts/icons.js";

export const page = { tag: "bms-login-page", title: () => t("login.title"), styles: ["static/pages/login.css"] };

class Login extends Light {
  static properties = { route: { attribute: false }, problem: { state: true }, busy: { state: true }, visible: { state: true } };

  firstUpdated() {
    if (live.session && (!live.session.required || live.session.logged_in)) this.enter();
    this.querySelector("input[name=password]")?.focus();
  }

  render() {
    return html`<form class="login card" novalidate @submit=${this.submit}>
      <img src="static/icons/icon.svg" alt="" width="52" height="52" />
      <h1>${t("login.title")}</h1>
      <input class="unseen" name="username" autocomplete="username" value="bmsreader" tabindex="-1" aria-hidden="true" />
      <label class="field">
        <span>${t("login.password")}</span>
        <input name="password" type=${this.visible ? "text" : "password"} autocomplete="current-password" required
          aria-invalid=${this.problem ? "true" : "false"} aria-describedby=${this.problem ? "login-problem" : nothing} />
      </label>
      <label class="login-show">
        <input type="checkbox" @change=${(event) => (this.visible = event.target.checked)} />${t("login.show")}
      </label>
      ${this.problem ? html`<p class="problem" id="login-problem" role="alert">${icon("warning")}${this.problem}</p>` : nothing}
      <button class="primary" ?disabled=${this.busy}>${t("login.enter")}</button>
      <p class="quiet">${t("login.forgotten")} <code>bmsreader web password</code></p>
    </form>`;
  }

  async submit(event) {
    event.preventDefault();
    const field = event.currentTarget.elements.password;
    if (!field.value) return this.complain(t("login.empty"), field);
    this.busy = true;
    try {
      live.session = await login(field.value);
      this.problem = "";
      this.enter();
    } catch (error) {
      const words = error.status === 401 ? t("login.wrong") : said(error.message);
      this.complain([words, error.status === 401 ? "" : said(error.advice)].filter(Boolean).join(" "), field);
    } finally {
      this.busy = false;
    }
  }

  complain(words, field) {
    this.problem = words;
    field.select();
    field.focus();
  }

  enter() {
    live.start();
    const next = this.route?.query.get("next") ?? "/";
    go(`#${next.startsWith("/") ? next : "/"}`, { replace: true });
  }
}

define("bms-login-page", Login);
