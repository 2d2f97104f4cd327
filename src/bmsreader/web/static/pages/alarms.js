import { html } from "../vendor/lit.js";
import { t } from "../texts.js";
import { Light, define } from "../parts/light.js";

export const page = { tag: "bms-alarms-page", title: () => t("shell.alarms") };

class Alarms extends Light {
  render() {
    return html`<h1>${t("shell.alarms")}</h1>`;
  }
}

define("bms-alarms-page", Alarms);
