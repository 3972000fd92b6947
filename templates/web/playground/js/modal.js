// A modal of the app, drawn over everything.
import { click, close, explain, submit } from "./acts.js";
import { blocks } from "./blocks.js";
import { byId, el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { enteredIn, forget, state } from "./state.js";

let shown = null;

export function drawModal() {
  const dialog = byId("modal");
  if (shown && shown !== state.modal?.id && !state.modal) forget(shown);
  const fresh = shown !== state.modal?.id;
  shown = state.modal?.id ?? null;
  if (!state.modal) {
    if (dialog.open) dialog.close();
    return;
  }
  draw(dialog, state.modal, {}, "");
  if (!dialog.open) dialog.showModal();
  if (fresh) (dialog.querySelector("[autofocus]") ?? dialog.querySelector(FIELDS))?.focus();
}

const FIELDS = ".modal-body input, .modal-body textarea, .modal-body select";

function draw(dialog, view, notes, failure) {
  const holder = {
    key: view.id,
    entered: enteredIn(view.id),
    notes,
    act: (item, block, value) =>
      click({ view_id: view.id, action_id: item.action_id, block_id: block.block_id, value,
        entered: enteredIn(view.id) }),
  };
  const scroll = dialog.querySelector(".modal-body")?.scrollTop ?? 0;
  const focused = document.activeElement?.dataset?.action;
  dialog.replaceChildren(
    el("form", { novalidate: true, onsubmit: (event) => send(event, dialog, view) },
      el("header", {},
        el("h2", { id: "modal-title", "data-testid": "modal-title" }, withEmoji(view.title.text)),
        el("button", { type: "button", class: "icon", "aria-label": "Close", "data-testid": "modal-x",
          onclick: () => close(view.id) }, "✕")),
      el("div", { class: "modal-body" }, blocks(view.blocks, holder)),
      failure ? el("p", { class: "note", role: "alert", "data-testid": "modal-failure" }, failure) : null,
      el("footer", {},
        el("button", { type: "button", class: "button", "data-testid": "modal-close",
          onclick: () => close(view.id) }, withEmoji(view.close?.text ?? "Cancel")),
        view.submit
          ? el("button", { type: "submit", class: "button primary", "data-testid": "modal-submit" },
              withEmoji(view.submit.text))
          : null)),
  );
  dialog.querySelector(".modal-body").scrollTop = scroll;
  if (focused) dialog.querySelector(`[data-action="${CSS.escape(focused)}"]`)?.focus();
}

async function send(event, dialog, view) {
  event.preventDefault();
  const button = dialog.querySelector("[type=submit]");
  if (!button || button.disabled) return;
  button.disabled = true;
  button.classList.add("busy");
  const outcome = await submit(view.id, enteredIn(view.id));
  button.disabled = false;
  button.classList.remove("busy");
  if (outcome.ok || state.modal?.id !== view.id) return;
  draw(dialog, state.modal, outcome.notes ?? {}, outcome.error ? explain(outcome.error) : "");
  dialog.querySelector("[aria-invalid]")?.focus();
}

export function startModal() {
  byId("modal").addEventListener("cancel", (event) => {
    event.preventDefault();
    if (state.modal) close(state.modal.id);
  });
}
