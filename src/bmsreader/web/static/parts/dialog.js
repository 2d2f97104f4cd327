// A question to the owner, in the browser's own dialog: it keeps the focus inside and gives it back, and Escape closes it.

import { html, render } from "../vendor/lit.js";
import { t } from "../texts.js";

/**
 * Ask, and resolve to what was chosen: true for the main button, a choice's `value`, or null when it was closed.
 * choices: [{value, text}] are shown as buttons instead of the single one named `action`.
 */
export function ask({ title, text = "", action = "", danger = false, choices = null }) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  const buttons = choices ?? [{ value: true, text: action }];
  return new Promise((resolve) => {
    let chosen = null;
    const choose = (value) => {
      chosen = value;
      dialog.close();
    };
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    render(
      html`<div class="dialog-inside">
        <h2 id="dialog-title">${title}</h2>
        ${text ? html`<p>${text}</p>` : ""}
        <div class="dialog-buttons">
          ${buttons.map(
            ({ value, text: words }) =>
              html`<button class=${danger ? "danger" : choices ? "" : "primary"} @click=${() => choose(value)}>${words}</button>`,
          )}
          <button @click=${() => dialog.close()}>${t("shell.cancel")}</button>
        </div>
      </div>`,
      dialog,
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
