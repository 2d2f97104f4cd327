// The head of every page about one battery: who it is, how it is doing, why, and what can be asked of it.

import { html, nothing } from "../vendor/lit.js";
import { live, shownState } from "../live.js";
import { count, t } from "../texts.js";
import { home } from "../router.js";
import { refresh, release, takeBack } from "./actions.js";
import { icon } from "./icons.js";
import { badge, reason } from "./state.js";

/** Head of the page `here` ("", "health" or "radio") of a battery or bank. */
export function batteryHead(battery, here) {
  const bank = battery.kind === "bank";
  return html`
    <header class="subject">
      <div class="subject-title">
        <h1>${battery.name}</h1>
        ${badge(battery)} ${battery.simulated ? html`<span class="tag">${t("card.simulated")}</span>` : nothing}
      </div>
      <p class="quiet">${whoText(battery)}</p>
      ${shownState(battery).state === "live" ? nothing : html`<p class="why">${reason(battery)}</p>`}
      ${bank ? nothing : actions(battery)}
    </header>
    <nav class="tabs" aria-label=${t("battery.pages", { name: battery.name })}>
      ${(bank ? ["", "health"] : ["", "health", "radio"]).map(
        (page) => html`<a href=${page === "health" ? healthOf(battery) : home(battery, page)} aria-current=${page === here ? "page" : nothing}>
          ${t(`battery.page.${page || "main"}`)}
        </a>`,
      )}
    </nav>
  `;
}

/** The health page is one page for batteries and banks. */
function healthOf({ slug }) {
  return `#/battery/${encodeURIComponent(slug)}/health`;
}

function whoText(battery) {
  if (battery.bank) return count("bank.of", battery.bank.packs.length);
  const cells = battery.cells || battery.reading?.cell_voltages.length || 0;
  return [battery.maker, cells ? count("battery.cells_in_series", cells) : "", battery.address].filter(Boolean).join(" · ");
}

function actions(battery) {
  const released = battery.state === "busy" && battery.reason.startsWith("released");
  const button = (picture, words, act) => html`<button type="button" class="small" ?disabled=${live.offline} @click=${() => act(battery)}>
    ${icon(picture)}${words}
  </button>`;
  return html`<div class="subject-actions">
    ${button("refresh", t("action.refresh"), refresh)}
    ${released ? button("refresh", t("action.take_back"), takeBack) : button("phone", t("battery.release"), release)}
  </div>`;
}

/** What a page about one battery says while there is none of this name. */
export function noBattery(slug) {
  if (!live.loaded) return html`<p class="quiet">${t("overview.loading")}</p>`;
  return html`<section class="empty">
    ${icon("search")}
    <h1>${t("battery.unknown", { slug })}</h1>
    <p><a href="#/">${t("battery.all")}</a></p>
  </section>`;
}
