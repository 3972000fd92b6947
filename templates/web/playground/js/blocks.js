// Block Kit blocks, drawn.
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { element, image, textOf } from "./elements.js";
import { mrkdwn } from "./mrkdwn.js";
import { markdown, richText, table } from "./richtext.js";

export function blocks(list, holder) {
  return (list ?? []).map((block) => {
    const draw = DRAW[block.type];
    const node = draw ? draw(block, holder) : unknown(block);
    node.dataset.block = block.type;
    node.dataset.blockId = block.block_id;
    return node;
  });
}

function section(block, holder) {
  const main = el("div", { class: "section-main" },
    block.text ? el("div", { class: "rich" }, textOf(block.text)) : null,
    block.fields
      ? el("div", { class: "fields" }, block.fields.map((f) => el("div", { class: "rich" }, textOf(f))))
      : null);
  const extra = block.accessory
    ? el("div", { class: "accessory" }, element(block.accessory, block, holder))
    : null;
  return el("div", { class: "section" }, main, extra);
}

function context(block) {
  return el("div", { class: "context" },
    block.elements.map((item) =>
      item.type === "image" ? image(item) : el("span", { class: "rich" }, textOf(item))));
}

function actions(block, holder) {
  return el("div", { class: "actions" }, block.elements.map((item) => element(item, block, holder)));
}

function input(block, holder) {
  const id = `note-${holder.key}-${block.block_id}`;
  const control = element(block.element, block, holder);
  const note = holder.notes?.[block.block_id];
  if (note) {
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", id);
  }
  return el("div", { class: note ? "input wrong" : "input", "data-testid": `input-${block.block_id}` },
    el("span", { class: "label" }, withEmoji(block.label.text),
      block.optional ? el("small", {}, " (optional)") : null),
    control,
    block.hint ? el("small", { class: "hint" }, withEmoji(block.hint.text)) : null,
    note ? el("p", { class: "note", id, role: "alert" }, note) : null);
}

function picture(block) {
  return el("figure", {},
    block.title ? el("figcaption", {}, withEmoji(block.title.text)) : null, image(block));
}

function alert(block) {
  return el("div", { class: `alert ${block.level ?? "default"}` }, textOf(block.text));
}

function unknown(block) {
  const title = block.title?.text ?? block.title ?? block.type;
  return el("div", { class: "unknown" }, `[${block.type}] ${title}`);
}

const DRAW = {
  section,
  context,
  actions,
  input,
  alert,
  table,
  markdown,
  data_table: table,
  rich_text: richText,
  image: picture,
  header: (block) => el("h3", { class: "header" }, withEmoji(block.text.text)),
  divider: () => el("hr"),
};

// Old-style attachments: a coloured edge, then text or blocks.
export function attachment(item, holder) {
  const node = el("div", { class: "attachment" },
    item.title ? el("strong", {}, item.title) : null,
    item.text ? el("div", { class: "rich" }, mrkdwn(item.text)) : null,
    blocks(item.blocks, holder));
  if (/^#[0-9a-f]{6}$/i.test(item.color ?? "")) node.style.setProperty("--edge", item.color);
  return node;
}
