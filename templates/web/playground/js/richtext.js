// The blocks that hold formatted text: rich_text, markdown, table.
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, mention, mrkdwn } from "./mrkdwn.js";

export function richText(block) {
  return el("div", { class: "rich" }, (block.elements ?? []).map(part));
}

function part(piece) {
  const inside = () => (piece.elements ?? []).map(leaf);
  if (piece.type === "rich_text_list") {
    const items = (piece.elements ?? []).map((item) => el("li", {}, (item.elements ?? []).map(leaf)));
    return el(piece.style === "ordered" ? "ol" : "ul", {}, items);
  }
  if (piece.type === "rich_text_quote") return el("blockquote", { class: "text" }, inside());
  if (piece.type === "rich_text_preformatted") return el("pre", {}, inside());
  return el("p", { class: "text" }, inside());
}

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

function leaf(piece) {
  const styles = Object.keys(STYLES).filter((name) => piece.style?.[name]);
  return styles.reduce((node, name) => el(STYLES[name], {}, node), bare(piece));
}

function bare(piece) {
  if (piece.type === "link") return link(piece.url ?? "", piece.text);
  if (piece.type === "user") return mention(piece.user_id);
  if (piece.type === "emoji") return emoji(piece.name) ?? `:${piece.name}:`;
  return piece.text ?? "";
}

// Markdown differs from mrkdwn in bold, headings and links; the rest is alike.
export function markdown(block) {
  const alike = block.text
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>(?!\s)/g, "&gt;")
    .replace(/\[([^\]\n]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>")
    .replace(/\*\*([^*\n]+)\*\*/g, "*$1*")
    .replace(/^#{1,6}\s+(.+)$/gm, "*$1*")
    .replace(/^(\s*)[*+]\s+/gm, "$1- ");
  return el("div", { class: "rich" }, mrkdwn(alike));
}

export function table(block) {
  const [head, ...body] = block.rows ?? [];
  const align = (block.column_settings ?? []).map((setting) => setting?.align);
  const cell = (tag) => (value, column) =>
    el(tag, { class: align[column] === "right" || value.type === "raw_number" ? "right" : null },
      value.type === "rich_text" ? richText(value) : String(value.text ?? value.value ?? ""));
  const grid = el("table", {},
    block.caption ? el("caption", {}, block.caption) : null,
    el("thead", {}, el("tr", {}, (head ?? []).map(cell("th")))),
    el("tbody", {}, body.map((row) => el("tr", {}, row.map(cell("td"))))));
  return el("div", { class: "table" }, grid);
}
