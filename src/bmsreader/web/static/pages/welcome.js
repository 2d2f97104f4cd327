import { html } from "../vendor/lit.js";
import { t } from "../texts.js";
import { Light, define } from "../parts/light.js";

export const page = { tag: "bms-welcome-page", title: () => t("shell.welcome") };

class Welcome extends Light {
  render() {
    return html`<h1>${t("shell.welcome")}</h1>`;
  }
}

define("bms-welcome-page", Welcome);
