// A list of messages that keeps its place while they come, change and go.
import { day, el } from "./dom.js";
import { messageNode } from "./message.js";

const NEAR = 90;

export class Log {
  // `draws` says which messages belong here; `openThread` is absent inside a thread.
  constructor(node, draws, openThread, onHidden) {
    Object.assign(this, { node, draws, openThread, onHidden: onHidden ?? (() => {}) });
    node.addEventListener("scroll", () => this.atEnd() && this.onHidden(false));
  }

  atEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.onHidden(false);
  }

  show(messages, empty) {
    const shown = messages.filter(this.draws);
    const start = el("p", { class: "start" }, empty);
    this.node.replaceChildren(start, ...shown.map((message) => messageNode(message, this.openThread)));
    this.mark();
    this.toEnd();
  }

  put(message) {
    if (!this.draws(message)) return;
    const follow = this.atEnd();
    const node = messageNode(message, this.openThread);
    const held = this.find(message.ts);
    if (held) {
      held.replaceWith(node);
    } else {
      node.classList.add("fresh");
      const later = [...this.node.querySelectorAll("article")].find((one) => one.dataset.ts > message.ts);
      this.node.insertBefore(node, later ?? null);
    }
    this.mark();
    if (follow) this.toEnd();
    else if (!held) this.onHidden(true);
  }

  take(ts) {
    this.find(ts)?.remove();
    this.mark();
  }

  find(ts) {
    return this.node.querySelector(`article[data-ts="${CSS.escape(ts)}"]`);
  }

  // Day lines between the messages.
  mark() {
    for (const line of this.node.querySelectorAll(".day")) line.remove();
    let last = "";
    for (const article of [...this.node.querySelectorAll("article")]) {
      const today = day(article.dataset.ts);
      if (today !== last) article.before(el("div", { class: "day" }, el("span", {}, today)));
      last = today;
    }
  }
}
