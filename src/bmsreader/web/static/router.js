// Which page an address means. The part behind # is the address: it works below any path, and without a server's help.

/** Module in pages/ by address; names in the pattern become properties of `route`. */
const ROUTES = [
  [/^\/?$/, "overview"],
  [/^\/battery\/(?<slug>[^/]+)\/health$/, "health"],
  [/^\/battery\/(?<slug>[^/]+)\/radio$/, "radio"],
  [/^\/battery\/(?<slug>[^/]+)(?:\/(?<tab>[^/]+))?$/, "battery"],
  [/^\/bank\/(?<slug>[^/]+)(?:\/(?<tab>[^/]+))?$/, "bank"],
  [/^\/alarms$/, "alarms"],
  [/^\/radio$/, "radio"],
  [/^\/settings(?:\/(?<section>[^/]+))?$/, "settings"],
  [/^\/welcome$/, "welcome"],
  [/^\/login$/, "login"],
];

/** What the address says now: {name, path, slug, tab, section, query}. An unknown address is the overview's. */
export function route() {
  const [path, query = ""] = location.hash.replace(/^#/, "").split("?");
  for (const [pattern, name] of ROUTES) {
    const found = pattern.exec(path);
    if (!found) continue;
    const names = Object.fromEntries(Object.entries(found.groups ?? {}).map(([key, value]) => [key, decoded(value)]));
    return { name, path, query: new URLSearchParams(query), ...names };
  }
  return { name: "overview", path: "/", query: new URLSearchParams() };
}

function decoded(value) {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Address of a battery's or bank's page. */
export function home(battery, tab = "") {
  const folder = battery.kind === "bank" ? "bank" : "battery";
  return `#/${folder}/${encodeURIComponent(battery.slug)}${tab ? `/${tab}` : ""}`;
}

export function go(address, { replace = false } = {}) {
  if (replace) location.replace(address);
  else location.hash = address;
}

const sheets = new Map();

/** Load a page's module and its style sheets; resolves to its `page`. */
export async function load(name) {
  const { page } = await import(`./pages/${name}.js`);
  await Promise.all((page.styles ?? []).map(sheet));
  return page;
}

function sheet(path) {
  if (!sheets.has(path)) sheets.set(path, document.querySelector(`link[href="${path}"]`) ? null : linked(path));
  return sheets.get(path);
}

function linked(path) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: path });
  return new Promise((resolve) => {
    link.onload = resolve;
    link.onerror = resolve; // a page without its own style sheet is better than no page
    document.head.append(link);
  });
}
