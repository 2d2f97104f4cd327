import { html } from "../vendor/lit.js";
import { t } from "../texts.js";
import { Light, define } from "../parts/light.js";

export const page = { tag: "bms-settings-page", title: () => t("shell.settings") };

class Settings extends Light {
  render() {
    return html`<h1>${t("shell.settings")}</h1>`;
  }
}

define("bms-settings-page", Settings);
