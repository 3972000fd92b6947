// Small helpers to build the page. Text always enters as text nodes.
import { nearby } from "./clock.js";

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

export function toast(text) {
  const note = el("p", { class: "toast" }, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), 8000);
}

export function time(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function day(ts) {
  const then = new Date(Number(ts) * 1000);
  if (nearby(then) === "today") return "Today";
  return then.toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });
}

const HUES = [168, 24, 205, 280, 340, 48, 120, 230];

export function avatar(person, id) {
  if (person?.bot) return el("img", { class: "avatar", src: "/static/mark.svg", alt: "" });
  const name = person?.real_name || "Slackbot";
  const initials = name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, initials);
  const sum = [...(id || "")].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  node.style.setProperty("--hue", HUES[sum % HUES.length]);
  return node;
}
