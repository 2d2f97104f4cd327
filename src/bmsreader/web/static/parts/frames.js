// The bytes of a rejected frame, as text or as hex, with what the reason speaks of marked.

import { html, nothing } from "../vendor/lit.js";
import { t } from "../texts.js";

const GROUP = 8; // bytes of hex that stand together
const HEX = /^(?:[0-9a-f]{2})+$/;

/** The bytes of a frame as the API gives it: printable text, or else hex. */
export function bytesOf(frame) {
  const hex = HEX.test(frame); // text in small hex digits alone does not occur: frames begin with a sign of their own
  return hex ? frame.match(/../g).map((pair) => parseInt(pair, 16)) : [...frame].map((sign) => sign.charCodeAt(0));
}

/**
 * Which bytes the reason is about, as [from, to): the check value that it quotes, or the sign whose place it names (the
 * places count from 1, after the start byte). Null where the reason speaks of the frame as a whole.
 */
export function marked(bytes, reason) {
  const [, place] = /at position (\d+)/.exec(reason) ?? [];
  if (place) return [Number(place), Number(place) + 1];
  const [, sum] = /checksum ([0-9A-F]+), expected/.exec(reason) ?? [];
  if (!sum) return null;
  const text = String.fromCharCode(...bytes).toUpperCase();
  const at = text.lastIndexOf(sum);
  if (at >= 0) return [at, at + sum.length];
  const raw = String.fromCharCode(...sum.match(/../g).map((pair) => parseInt(pair, 16)));
  const binary = String.fromCharCode(...bytes).lastIndexOf(raw);
  return binary >= 0 ? [binary, binary + raw.length] : null;
}

/** A frame; `as` is "text" or "hex". */
export function frameView(frame, reason, as) {
  if (!frame) return nothing;
  const bytes = bytesOf(frame);
  const mark = marked(bytes, reason);
  const inside = (at) => mark && at >= mark[0] && at < mark[1];
  const pieces = [];
  bytes.forEach((byte, at) => {
    const text = as === "hex" ? hexText(byte, at) : byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : "·";
    const kind = inside(at) ? "bad" : as === "text" && (byte < 0x20 || byte > 0x7e) ? "odd" : "";
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ kind, text });
  });
  return html`<code class="frame" tabindex="0" role="region" aria-label=${t("radio.bytes", { count: bytes.length })}>${pieces.map(({ kind, text }) =>
    kind === "bad" ? html`<mark>${text}</mark>` : kind === "odd" ? html`<span class="odd">${text}</span>` : text,
  )}</code>`;
}

function hexText(byte, at) {
  const space = at === 0 ? "" : at % GROUP ? " " : "  ";
  return space + byte.toString(16).padStart(2, "0").toUpperCase();
}
