// The composer: messages, slash commands, and the hint list of the commands.
import { say } from "./acts.js";
import { el } from "./dom.js";
import { state } from "./state.js";

export class Composer {
  // `target` gives { channel, thread, name }.
  constructor(place, name, target) {
    this.target = target;
    this.chosen = 0;
    this.hints = el("ul", { class: "hints", id: `${name}-hints`, role: "listbox", hidden: true,
      "aria-label": "Commands", "data-testid": `${name}-hints` });
    this.box = el("textarea", {
      rows: 1, "data-testid": name, "aria-autocomplete": "list", "aria-controls": `${name}-hints`,
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onblur: () => setTimeout(() => (this.hints.hidden = true), 150),
      onfocus: () => this.typed(),
    });
    this.send = el("button", { type: "button", class: "send", "data-testid": `${name}-send`,
      "aria-label": "Send", onclick: () => this.go() }, "Send");
    place.replaceChildren(el("div", { class: "composer" }, this.hints, this.box, this.send));
  }

  refresh() {
    const { name, thread, closed } = this.target();
    const ask = thread ? "Reply…" : `Message ${name}, or type / for commands`;
    this.box.placeholder = closed ?? ask;
    this.box.setAttribute("aria-label", closed ?? ask);
    this.box.disabled = Boolean(closed);
    this.send.disabled = Boolean(closed);
  }

  matches() {
    const text = this.box.value;
    if (!text.startsWith("/") || this.target().thread) return [];
    const word = text.split(/\s/)[0];
    const whole = text.length > word.length;
    return state.commands.filter((c) => (whole ? c.name === word : c.name.startsWith(word)));
  }

  typed() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 160)}px`;
    const found = document.activeElement === this.box ? this.matches() : [];
    this.chosen = Math.min(this.chosen, Math.max(0, found.length - 1));
    this.hints.hidden = !found.length;
    this.hints.replaceChildren(...found.map((command, index) =>
      el("li",
        { role: "option", "aria-selected": index === this.chosen ? "true" : "false",
          "data-testid": `hint-${command.name}`, onmousedown: (event) => this.complete(event, command) },
        el("code", {}, command.name), " ", el("span", { class: "usage" }, command.hint),
        el("small", {}, command.description))));
  }

  complete(event, command) {
    event.preventDefault();
    this.box.value = `${command.name} `;
    this.box.focus();
    this.typed();
  }

  key(event) {
    const found = this.matches();
    const word = this.box.value.trimEnd();
    if (found.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.chosen = (this.chosen + step + found.length) % found.length;
      this.typed();
    } else if (found.length && event.key === "Tab" && !word.includes(" ")) {
      this.complete(event, found[this.chosen]);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (found.length && found[this.chosen].name !== word && !word.includes(" ")) {
        this.complete(event, found[this.chosen]);
      } else this.go();
    }
  }

  async go() {
    const text = this.box.value.trim();
    const { channel, thread } = this.target();
    if (!text || !channel) return;
    this.box.value = "";
    this.typed();
    const outcome = await say(channel, text, thread);
    // Keep the words of someone whose message did not arrive.
    if (outcome.error === "unreachable" && !this.box.value) this.box.value = text;
  }
}
