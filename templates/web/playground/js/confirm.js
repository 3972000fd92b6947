// The confirm dialog before a risky click.
import { byId, el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

export function confirmed(ask) {
  const dialog = byId("confirm");
  const body = ask.text.type === "mrkdwn" ? mrkdwn(ask.text.text) : withEmoji(ask.text.text);
  return new Promise((resolve) => {
    const answer = (yes) => () => dialog.close(yes ? "yes" : "");
    const style = ask.style === "danger" ? "danger" : "primary";
    dialog.replaceChildren(
      el("h2", { id: "confirm-title" }, withEmoji(ask.title.text)),
      el("div", { class: "rich" }, body),
      el("footer", {},
        el("button", { type: "button", class: "button", onclick: answer(false),
          "data-testid": "confirm-no" }, withEmoji(ask.deny.text)),
        el("button", { type: "button", class: `button ${style}`, onclick: answer(true),
          "data-testid": "confirm-yes" }, withEmoji(ask.confirm.text))),
    );
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}
