// Slack's mrkdwn, turned into nodes. Nothing here ever parses HTML.
import { nearby, now } from "./clock.js";
import { el } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { state } from "./state.js";

const TOKEN = new RegExp(
  [
    "<([^<>\\n]+)>",
    "`([^`\\n]+)`",
    "(?<![\\w*])\\*(?=\\S)([^*\\n]*[^*\\s])\\*(?![\\w*])",
    "(?<![\\w_])_(?=\\S)([^_\\n]*[^_\\s])_(?![\\w_])",
    "(?<![\\w~])~(?=\\S)([^~\\n]*[^~\\s])~(?![\\w~])",
    ":([a-z0-9_+-]+):",
  ].join("|"),
);

const unescape = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function mrkdwn(text) {
  const parts = text.split("```");
  return parts.flatMap((part, index) => {
    const fenced = index % 2 === 1 && index < parts.length - 1;
    if (fenced) return [el("pre", {}, unescape(part.replace(/^\n|\n$/g, "")))];
    if (index % 2 === 1) return lines(`\`\`\`${part}`);
    const text = index > 0 ? part.replace(/^\n/, "") : part;
    const fence = index < parts.length - 2;
    return text ? lines(fence ? text.replace(/\n$/, "") : text) : [];
  });
}

const QUOTE = /^(?:&gt;|>) ?/;
const ITEM = /^\s*(?:[•◦▪-])\s+/;

function lines(text) {
  const nodes = [];
  let run = null;
  const flush = () => {
    if (run) nodes.push(run.node());
    run = null;
  };
  for (const line of text.split("\n")) {
    const kind = QUOTE.test(line) ? "quote" : ITEM.test(line) ? "item" : "line";
    if (run?.kind !== kind) {
      flush();
      run = started(kind);
    }
    run.add(line);
  }
  flush();
  return nodes;
}

function started(kind) {
  const held = [];
  if (kind === "item") {
    const item = (line) => el("li", {}, inline(line.replace(ITEM, "")));
    return { kind, add: (line) => held.push(item(line)), node: () => el("ul", {}, held) };
  }
  const clean = (line) => (kind === "quote" ? line.replace(QUOTE, "") : line);
  const node = () =>
    el(kind === "quote" ? "blockquote" : "span", { class: "text" },
      held.flatMap((line, index) => [index ? "\n" : "", ...inline(line)]));
  return { kind, add: (line) => held.push(clean(line)), node };
}

export function inline(text) {
  const match = TOKEN.exec(text);
  if (!match) return text ? withEmoji(unescape(text)) : [];
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  return [...(before ? withEmoji(unescape(before)) : []), token(match), ...inline(after)];
}

function token([whole, angle, code, bold, italic, strike, name]) {
  if (angle !== undefined) return reference(angle);
  if (code !== undefined) return el("code", {}, unescape(code));
  if (bold !== undefined) return el("strong", {}, inline(bold));
  if (italic !== undefined) return el("em", {}, inline(italic));
  if (strike !== undefined) return el("s", {}, inline(strike));
  return emoji(name) ?? whole;
}

function reference(inner) {
  const [target, label] = split(inner, "|");
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return room(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(target, label);
}

export function mention(id, label) {
  const name = state.users.get(id)?.name ?? label ?? id;
  return el("span", { class: id === state.me ? "mention mine" : "mention" }, `@${name}`);
}

function room(id, label) {
  return el("span", { class: "mention" }, `#${state.channels.get(id)?.name ?? label ?? id}`);
}

function special(inner, label) {
  const [kind, ...rest] = inner.split("^");
  if (kind === "date") return date(rest, label);
  if (kind === "subteam") {
    const handle = state.groups.get(rest[0])?.handle ?? label?.replace(/^@/, "") ?? rest[0];
    return el("span", { class: "mention" }, `@${handle}`);
  }
  return el("span", { class: "mention all" }, `@${kind}`);
}

export function link(target, label) {
  const url = unescape(target);
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return unescape(label ?? `<${target}>`);
  const shown = unescape(label ?? url.replace(/^mailto:/, ""));
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, shown);
}

const FORMS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { year: "numeric", month: "long", day: "numeric", weekday: "long" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

function date([seconds, form, url], label) {
  const then = new Date(Number(seconds) * 1000);
  if (Number.isNaN(then.getTime())) return unescape(label ?? "");
  const shown = form.replace(/\{(\w+)\}/g, (whole, key) => {
    if (key === "ago") return ago(then);
    const plain = key.replace(/_pretty$/, "");
    if (key.endsWith("_pretty") && nearby(then)) return nearby(then);
    return FORMS[plain] ? then.toLocaleString([], FORMS[plain]) : whole;
  });
  const node = el("time", { datetime: then.toISOString(), title: then.toLocaleString() }, shown);
  return url ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, node) : node;
}

function ago(then) {
  const minutes = Math.round((now().getTime() - then.getTime()) / 60000);
  const words = new Intl.RelativeTimeFormat([], { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(-minutes, "minute");
  if (Math.abs(minutes) < 2880) return words.format(-Math.round(minutes / 60), "hour");
  return words.format(-Math.round(minutes / 1440), "day");
}

function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
