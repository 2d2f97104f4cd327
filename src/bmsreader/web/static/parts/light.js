// The element that all pages and parts are made of: Lit without a shadow tree, so that one style sheet styles everything.

import { LitElement } from "../vendor/lit.js";

export class Light extends LitElement {
  createRenderRoot() {
    this.replaceChildren();
    return this;
  }
}

/** Register an element once; modules may be loaded under two addresses by a page that was updated. */
export function define(tag, element) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
