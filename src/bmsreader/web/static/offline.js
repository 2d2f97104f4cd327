// Makes the page work while the gateway is away: its parts are loaded ahead, and kept where the browser allows it, which
// is over HTTPS and on this computer.

import { load } from "./router.js";

const PAGES = ["overview", "battery", "bank", "health", "radio", "alarms", "settings", "welcome", "login"];
async function ahead() {
  await Promise.allSettled(PAGES.map(load));
  document.documentElement.dataset.prepared = "yes";
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  try {
    await navigator.serviceWorker.register("service-worker.js");
  } catch {
    return; // being installable is a bonus: a browser that refuses, or a page below an odd proxy, loses nothing else
  }
  const { active } = await navigator.serviceWorker.ready;
  const folder = new URL("./", document.baseURI).pathname;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  const files = loaded.filter((path) => path.startsWith(`${folder}static/`) || path === `${folder}manifest.webmanifest`);
  const { port1: answer, port2: port } = new MessageChannel();
  answer.onmessage = () => (document.documentElement.dataset.kept = "yes");
  active.postMessage({ keep: ["./", ...new Set(files)] }, [port]);
}

ahead();
