// Keeps the frame of the page, so that it opens while the gateway is away and says so. Values are never kept: what a
// battery was an hour ago must not be taken for the present. The network comes first, so an update shows at once.
// A service worker needs HTTPS or localhost; without one, all else works the same.

const KEPT = "bmsreader-shell";
const PATIENCE = 3_000; // ms after which what is kept is shown

self.addEventListener("install", (event) => {
  event.waitUntil(self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), forget()]));
});

/** Caches of earlier versions of this file. */
async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const place = new URL(request.url).pathname.slice(new URL(self.registration.scope).pathname.length);
  const page = request.mode === "navigate" && (place === "" || place === "index.html");
  if (request.method !== "GET" || !(page || place.startsWith("static/") || place === "manifest.webmanifest")) return;
  event.respondWith(fromNetwork(request, page ? "./" : request));
});

async function fromNetwork(request, key) {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (response.ok) await cache.put(key, response.clone());
    if (response.status < 502) return response;
    return (await cache.match(key)) ?? response;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
}

// All that the page needs is kept when it has been shown once: the page sends the list of what it has loaded.
self.addEventListener("message", (event) => {
  if (!Array.isArray(event.data?.keep)) return;
  event.waitUntil(keep(event.data.keep).then(() => event.ports[0]?.postMessage("kept")));
});

async function keep(addresses) {
  const cache = await caches.open(KEPT);
  await Promise.all(
    addresses.map(async (address) => {
      const response = await fetch(address, { cache: "no-cache" });
      if (response.ok) await cache.put(address, response);
    }),
  );
}
