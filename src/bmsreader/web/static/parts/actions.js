// What can be asked of one battery: read it now, or let it go for the phone app. Nothing here writes to a battery.

import { html, nothing } from "../vendor/lit.js";
import { send } from "../api.js";
import { count, t } from "../texts.js";
import { duration } from "../format.js";
import { home } from "../router.js";
import { icon } from "./icons.js";
import { toast, toastError } from "./toast.js";

const MINUTES = [10, 30, 120];

async function told(request, words) {
  try {
    await request;
    toast(words);
  } catch (error) {
    toastError(error);
  }
}

const at = (battery, action) => `api/v1/batteries/${encodeURIComponent(battery.slug)}/${action}`;

export function refresh(battery) {
  return told(send("POST", at(battery, "refresh")), t("action.refreshed", { name: battery.name }));
}

export async function release(battery) {
  const { ask } = await import("./dialog.js"); // not needed for the first look
  const choices = MINUTES.map((value) => ({ value, text: duration(value * 60) }));
  const minutes = await ask({ title: t("action.release.title", { name: battery.name }), text: t("action.release.text"), choices });
  if (minutes) await told(send("POST", at(battery, "release"), { minutes }), count("action.released", minutes, { name: battery.name }));
}

export function takeBack(battery) {
  return told(send("POST", at(battery, "release"), { minutes: 0 }), t("action.taken_back", { name: battery.name }));
}

/** The menu of a battery; a bank has no radio of its own, so there is little to ask of it. */
export function menu(battery) {
  const released = battery.state === "busy" && battery.reason.startsWith("released");
  const bank = battery.kind === "bank";
  const item = (picture, words, action) =>
    html`<button @click=${(event) => close(event, () => action(battery))}>${icon(picture)}${words}</button>`;
  return html`<details class="menu" @keydown=${escape} @focusout=${leave}>
    <summary aria-label=${t("action.menu", { name: battery.name })}>${icon("more")}</summary>
    <div class="menu-panel menu-list">
      ${bank ? nothing : item("refresh", t("action.refresh"), refresh)}
      ${bank ? nothing : released ? item("refresh", t("action.take_back"), takeBack) : item("phone", t("action.release"), release)}
      <a class="button" href=${home(battery)}>${icon("next")}${t("action.open")}</a>
      ${bank ? nothing : html`<a class="button" href=${home(battery, "health")}>${icon("health")}${t("action.health")}</a>`}
      ${bank ? nothing : html`<a class="button" href=${home(battery, "radio")}>${icon("radio")}${t("action.radio")}</a>`}
      <a class="button" href=${bank ? "#/settings/bank" : "#/settings/battery"}>${icon("pencil")}${t("action.settings")}</a>
    </div>
  </details>`;
}

function close(event, then) {
  event.currentTarget.closest("details").open = false;
  then();
}

function escape(event) {
  if (event.key !== "Escape") return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector("summary").focus();
}

function leave(event) {
  if (!event.relatedTarget || !event.currentTarget.contains(event.relatedTarget)) setTimeout(shut, 0, event.currentTarget);
}

// A click outside takes the focus away; a click on a button that takes no focus (Safari) must still reach it.
function shut(menu) {
  if (!menu.matches(":focus-within") && !menu.matches(":hover")) menu.open = false;
}
