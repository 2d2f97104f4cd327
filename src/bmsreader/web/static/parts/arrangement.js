// How the packs of a bank are wired, drawn: in series below each other, in parallel side by side.

import { html, nothing } from "../vendor/lit.js";
import { live, shownState } from "../live.js";
import { number, quantity } from "../format.js";
import { t } from "../texts.js";
import { home } from "../router.js";
import { icon } from "./icons.js";
import { badge } from "./state.js";

/** The tree of `series(parallel(a, b), c)`: {kind: "series"|"parallel", parts} or {slug}; null for what is none. */
export function parseArrangement(text) {
  const tokens = text.match(/[(),]|[^(),\s][^(),]*/g) ?? [];
  let at = 0;
  const part = () => {
    const word = tokens[at++]?.trim();
    if (tokens[at] !== "(") return word && !/[(),]/.test(word) ? { slug: word } : null;
    const parts = [];
    do {
      at += 1;
      parts.push(part());
    } while (tokens[at] === ",");
    at += 1;
    return parts.every(Boolean) ? { kind: word, parts } : null;
  };
  const tree = part();
  return at === tokens.length ? tree : null;
}

/** The tree as boxes. */
export function arrangementView(bank, tree) {
  if (tree.slug) return packBox(bank, tree.slug);
  return html`<div class="joint joint-${tree.kind}" role="group" aria-label=${t(`bank.${tree.kind}`)}>
    <span class="joint-name">${t(`bank.${tree.kind}`)}</span>
    ${tree.parts.map((part) => arrangementView(bank, part))}
  </div>`;
}

function packBox(bank, slug) {
  const pack = live.batteries.get(slug);
  const seen = bank.seen.includes(slug);
  const marks = [
    slug === bank.limits_discharge ? t("bank.empty_first") : "",
    slug === bank.limits_charge ? t("bank.full_first") : "",
  ].filter(Boolean);
  return html`<a class="pack ${seen ? "" : "missing"} ${marks.length ? "limits" : ""}" data-slug=${slug} href=${pack ? home(pack) : `#/battery/${encodeURIComponent(slug)}`}>
    <span class="pack-name">${pack?.name ?? slug}</span>
    ${pack ? badge(pack) : html`<span class="badge state-unreachable">${icon("unreachable")}${t("bank.absent")}</span>`}
    ${pack?.reading ? figures(pack) : nothing}
    ${marks.map((mark) => html`<span class="pack-mark">${mark}</span>`)}
  </a>`;
}

function figures(pack) {
  const { soc, pack_voltage: volts, current } = pack.reading;
  const { old } = shownState(pack);
  return html`<span class="pack-figures ${old ? "old" : ""}">
    ${soc === null ? nothing : html`<b>${number(soc)}\u202f%</b>`}
    ${volts === null ? nothing : html`<span>${quantity(volts, "V")}</span>`}
    ${current === null ? nothing : html`<span>${quantity(current, "A", { sign: true })}</span>`}
  </span>`;
}
