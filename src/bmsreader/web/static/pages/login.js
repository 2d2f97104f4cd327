import { html } from "../vendor/lit.js";
import { t } from "../texts.js";
import { Light, define } from "../parts/light.js";

export const page = { tag: "bms-login-page", title: () => t("shell.login") };

class Login extends Light {
  render() {
    return html`<h1>${t("shell.login")}</h1>`;
  }
}

define("bms-login-page", Login);
