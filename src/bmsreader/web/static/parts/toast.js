// Short messages at the edge of the page: what was done, or what went wrong. They wait while they are looked at.

import { html, repeat } from "../vendor/lit.js";
import { t } from "../texts.js";
import { Light, define } from "./light.js";
import { icon } from "./icons.js";

const SHOWN = 6_000; // ms; a message with something wrong stays until it is closed

let next = 0;

/** Show a message. kind: "done", "wrong" or an alarm's severity; link: {href, text}. */
export function toast(text, { kind = "done", advice = "", link = null } = {}) {
  document.querySelector("bms-toasts")?.add({ id: (next += 1), text, kind, advice, link });
}

/** Show what went wrong with a request. */
export function toastError(error) {
  toast(error.message, { kind: "wrong", advice: error.advice ?? "" });
}

class Toasts extends Light {
  static properties = { shown: { state: true } };

  constructor() {
    super();
    this.shown = [];
  }

  add(message) {
    this.shown = [...this.shown.slice(-3), message];
    if (message.kind === "done") setTimeout(() => this.expire(message.id), SHOWN);
  }

  expire(id) {
    if (this.querySelector(`[data-id="${id}"]:is(:hover, :focus-within)`)) setTimeout(() => this.expire(id), SHOWN / 2);
    else this.remove_(id);
  }

  remove_(id) {
    this.shown = this.shown.filter((message) => message.id !== id);
  }

  render() {
    return html`<div class="toasts" role="status">
      ${repeat(this.shown, (message) => message.id, (message) => this.one(message))}
    </div>`;
  }

  one({ id, text, kind, advice, link }) {
    const picture = { done: "check", wrong: "warning" }[kind] ?? kind;
    return html`<div class="toast toast-${kind}" data-id=${id}>
      ${icon(picture)}
      <p>
        <strong>${text}</strong>
        ${advice ? html`<span>${advice}</span>` : ""} ${link ? html`<a href=${link.href}>${link.text}</a>` : ""}
      </p>
      <button class="plain" aria-label=${t("shell.close")} @click=${() => this.remove_(id)}>${icon("close")}</button>
    </div>`;
  }
}

define("bms-toasts", Toasts);
