// Interactive elements. A holder says where they are and remembers what was entered:
// { key, entered, act(element, block, value), }
import { el } from "./dom.js";
import { confirmed } from "./confirm.js";
import { emojiText, withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { state } from "./state.js";

export function textOf(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return object.emoji === false ? [object.text] : withEmoji(object.text);
}

export function element(item, block, holder) {
  const draw = DRAW[item.type];
  if (!draw) return el("span", { class: "unknown" }, `[${item.type}]`);
  return draw(item, block, holder);
}

const marks = (item) => ({
  "data-testid": `action-${item.action_id}`,
  "data-action": item.action_id,
});

function known(item, block, holder, initial) {
  const given = holder.entered[block.block_id]?.[item.action_id];
  return given === undefined ? initial : given;
}

function keep(item, block, holder, value) {
  (holder.entered[block.block_id] ??= {})[item.action_id] = value;
}

// Elements outside an input block tell the app at once.
async function changed(item, block, holder, value) {
  keep(item, block, holder, value);
  if (block.type === "input" && !block.dispatch_action) return;
  if (item.confirm && !(await confirmed(item.confirm))) return;
  await holder.act(item, block, value);
}

function button(item, block, holder) {
  const style = item.style ? ` ${item.style}` : "";
  const press = async () => {
    if (item.confirm && !(await confirmed(item.confirm))) return;
    if (item.url && /^https?:/.test(item.url)) window.open(item.url, "_blank", "noopener");
    node.classList.add("busy");
    node.disabled = true;
    await holder.act(item, block, null);
    node.classList.remove("busy");
    node.disabled = false;
  };
  const label = item.accessibility_label;
  const node = el(
    "button",
    { type: "button", class: `button${style}`, "aria-label": label, onclick: press, ...marks(item) },
    textOf(item.text),
  );
  return node;
}

function choice(option) {
  return el("option", { value: option.value }, emojiText(option.text.text));
}

function menu(options, initial) {
  return (item, block, holder) => {
    const multiple = item.type.startsWith("multi_");
    const value = known(item, block, holder, initial(item));
    const hint = item.placeholder?.text ?? "Choose…";
    const node = el(
      "select",
      {
        multiple,
        "aria-label": block.label?.text ?? hint,
        ...marks(item),
        onchange: () => {
          const picked = [...node.selectedOptions].map((option) => option.value).filter(Boolean);
          changed(item, block, holder, multiple ? picked : picked[0] ?? null);
        },
      },
      multiple ? null : el("option", { value: "" }, hint),
      options(item),
    );
    const wanted = new Set([value].flat().filter(Boolean));
    for (const option of node.options) option.selected = wanted.has(option.value);
    if (!multiple && !wanted.size) node.value = "";
    return node;
  };
}

const fixed = (item) =>
  item.option_groups
    ? item.option_groups.map((group) =>
        el("optgroup", { label: group.label.text }, group.options.map(choice)))
    : (item.options ?? []).map(choice);
const people = () =>
  [...state.users.values()].map((user) => el("option", { value: user.id }, user.real_name));
const rooms = () =>
  [...state.channels.values()].filter((room) => !room.dm)
    .map((room) => el("option", { value: room.id }, `#${room.name}`));
const firstOption = (item) =>
  item.initial_option?.value ?? item.initial_options?.map((option) => option.value);

function picker(kind, field) {
  return (item, block, holder) => {
    const node = el("input", {
      type: kind,
      "aria-label": block.label?.text ?? item.placeholder?.text ?? kind,
      value: known(item, block, holder, item[field] ?? ""),
      ...marks(item),
      onchange: () => changed(item, block, holder, node.value || null),
    });
    return node;
  };
}

function moment(item, block, holder) {
  const local = (seconds) => {
    const shifted = Number(seconds) - new Date(seconds * 1000).getTimezoneOffset() * 60;
    return new Date(shifted * 1000).toISOString().slice(0, 16);
  };
  const value = known(item, block, holder, item.initial_date_time);
  const node = el("input", {
    type: "datetime-local",
    "aria-label": block.label?.text ?? "Date and time",
    value: value ? local(value) : "",
    ...marks(item),
    onchange: () =>
      changed(item, block, holder, node.value ? Math.floor(new Date(node.value) / 1000) : null),
  });
  return node;
}

function line(item, block, holder) {
  const kinds = { email_text_input: "email", url_text_input: "url", number_input: "number" };
  const node = el(item.multiline ? "textarea" : "input", {
    type: item.multiline ? null : kinds[item.type] ?? "text",
    rows: item.multiline ? 3 : null,
    step: item.is_decimal_allowed ? "any" : null,
    placeholder: item.placeholder?.text,
    maxlength: item.max_length ?? 3000,
    "aria-label": block.label?.text,
    autofocus: item.focus_on_load,
    ...marks(item),
    oninput: () => keep(item, block, holder, node.value),
  });
  node.value = known(item, block, holder, item.initial_value ?? "") ?? "";
  if (block.dispatch_action) {
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !item.multiline) changed(item, block, holder, node.value);
    });
  }
  return node;
}

function choices(kind) {
  return (item, block, holder) => {
    const value = new Set([known(item, block, holder, firstOption(item) ?? [])].flat());
    const name = `${holder.key}-${block.block_id}-${item.action_id}`;
    const gather = () => {
      const picked = [...node.querySelectorAll("input:checked")].map((input) => input.value);
      changed(item, block, holder, kind === "radio" ? picked[0] : picked);
    };
    const node = el(
      "div",
      { class: "choices", role: kind === "radio" ? "radiogroup" : "group", ...marks(item) },
      item.options.map((option) =>
        el("label", {},
          el("input", {
            type: kind, name, value: option.value, checked: value.has(option.value), onchange: gather,
          }),
          el("span", {}, textOf(option.text),
            option.description ? el("small", {}, textOf(option.description)) : null))),
    );
    return node;
  };
}

function overflow(item, block, holder) {
  const pick = async (option) => {
    node.open = false;
    if (option.url && /^https?:/.test(option.url)) window.open(option.url, "_blank", "noopener");
    if (item.confirm && !(await confirmed(item.confirm))) return;
    await holder.act(item, block, option.value);
  };
  const node = el("details", { class: "overflow", ...marks(item) },
    el("summary", { "aria-label": "More actions" }, "⋯"),
    el("div", { class: "overflow-list" },
      item.options.map((option) =>
        el("button", { type: "button", "data-value": option.value, onclick: () => pick(option) },
          textOf(option.text)))));
  return node;
}

export function image(item) {
  const safe = /^(https?:|data:image\/)/.test(item.image_url ?? "");
  if (!safe) return el("span", { class: "unknown" }, item.alt_text);
  return el("img", { src: item.image_url, alt: item.alt_text, loading: "lazy" });
}

const both = (name, draw) => ({ [name]: draw, [`multi_${name}`]: draw });

const DRAW = {
  button,
  overflow,
  image,
  ...both("static_select", menu(fixed, firstOption)),
  ...both("users_select", menu(people, (item) => item.initial_user ?? item.initial_users)),
  ...both("channels_select", menu(rooms, (item) => item.initial_channel ?? item.initial_channels)),
  ...both("conversations_select",
    menu(rooms, (item) => item.initial_conversation ?? item.initial_conversations)),
  datepicker: picker("date", "initial_date"),
  timepicker: picker("time", "initial_time"),
  datetimepicker: moment,
  plain_text_input: line,
  email_text_input: line,
  url_text_input: line,
  number_input: line,
  radio_buttons: choices("radio"),
  checkboxes: choices("checkbox"),
};
