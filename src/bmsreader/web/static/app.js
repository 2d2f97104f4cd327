// The start of the page.
//
// A page is a module in pages/ that registers a Lit element (class from parts/light.js) and exports
//
//     export const page = { tag: "bms-battery-page", title: (route) => t("battery.title"), styles: ["static/pages/battery.css"] };
//
// `title` may be a text or a function of the route; `styles` are its own style sheets, loaded before it is shown. The
// shell creates the element once for each address without its tab, and sets `route` = {name, path, slug, tab, query},
// again whenever the address changes. The element renders an <h1> of its own; `new Watch(this)` or
// `new Watch(this, () => this.route?.slug)` from live.js renders it again when something changed, or the language did;
// `live.batteries.get(slug)` is the battery as the API tells it. Requests: get and send of api.js; numbers and times:
// format.js; words: t("page.key") of texts.js, with the keys in texts/en.js and texts/de.js; messages: toast and
// toastError of parts/toast.js; questions: ask of parts/dialog.js; badge of a state: parts/state.js; icons: parts/icons.js.
// Style attributes are refused by the content security policy: use classes, or properties (.style=${"--x: 1"}).

import { session } from "./api.js";
import { live } from "./live.js";
import { loadTexts } from "./texts.js";
import { go, route } from "./router.js";
import "./shell.js";

const QUIET = 4_000; // ms after the start: what the first look needs comes first

async function begin() {
  const [told] = await Promise.all([asked(), loadTexts()]);
  live.session = told;
  if (live.locked) toLogin();
  else live.start();
  document.querySelector("bms-shell").begin();
}

/** The session; null when the gateway is gone: the page then starts from what the service worker kept, and waits. */
async function asked() {
  try {
    return await session();
  } catch {
    return null;
  }
}

function toLogin() {
  live.stop();
  if (route().name === "login") return;
  const back = location.hash.replace(/^#/, "");
  go(`#/login${back && back !== "/" ? `?next=${encodeURIComponent(back)}` : ""}`, { replace: true });
}

document.addEventListener("bms-login", toLogin);

setTimeout(() => import("./offline.js"), QUIET);
begin();
