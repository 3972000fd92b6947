// One message, as a node.
import { click, dismiss } from "./acts.js";
import { attachment, blocks } from "./blocks.js";
import { avatar, el, time } from "./dom.js";
import { emoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { enteredIn, state } from "./state.js";

const SLACKBOT = { real_name: "Slackbot" };

export function messageNode(message, openThread) {
  const author = state.users.get(message.user) ?? SLACKBOT;
  const holder = {
    key: message.ts,
    entered: enteredIn(message.ts),
    act: (item, block, value) =>
      click({
        channel: message.channel, ts: message.ts, action_id: item.action_id,
        block_id: block.block_id, value, entered: enteredIn(message.ts),
      }),
  };
  return el(
    "article",
    {
      class: message.ephemeral ? "message ephemeral" : "message",
      "data-ts": message.ts,
      "data-testid": message.ephemeral ? "ephemeral" : "message",
      "aria-label": `${author.real_name}, ${time(message.ts)}`,
    },
    avatar(author, message.user),
    el("div", { class: "message-main" },
      head(message, author),
      openThread ? origin(message, openThread) : null,
      content(message, holder),
      reactions(message),
      openThread ? replies(message, openThread) : null,
      message.ephemeral ? privacy(message) : null),
    openThread && !message.ephemeral ? hover(message, openThread) : null,
  );
}

function head(message, author) {
  return el("div", { class: "message-head" },
    el("strong", {}, message.username || author.real_name),
    author.bot ? el("span", { class: "tag" }, "APP") : null,
    el("time", { datetime: new Date(Number(message.ts) * 1000).toISOString() }, time(message.ts)),
    message.edited ? el("span", { class: "edited", "data-testid": "edited" }, "(edited)") : null,
    message.pinned ? el("span", { class: "tag" }, "pinned") : null);
}

// A reply that is shown in the channel too says so there.
function origin(message, openThread) {
  if (message.subtype !== "thread_broadcast") return null;
  return el("p", { class: "origin" }, "replied to a ",
    el("button",
      { type: "button", class: "plain-link", "data-testid": "to-thread",
        onclick: () => openThread(message.thread_ts) },
      "thread"));
}

function content(message, holder) {
  if (message.subtype === "tombstone") return el("div", { class: "gone" }, message.text);
  const attached = (message.attachments ?? []).map((item) => attachment(item, holder));
  if (message.blocks?.length) {
    return el("div", { class: "blocks" }, blocks(message.blocks, holder), attached);
  }
  return el("div", { class: "blocks" },
    message.text ? el("div", { class: "rich plain" }, mrkdwn(message.text)) : null,
    attached);
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return el("div", { class: "reactions" },
    message.reactions.map((mark) =>
      el("span", { class: "reaction" }, emoji(mark.name) ?? `:${mark.name}:`, ` ${mark.count}`)));
}

function replies(message, openThread) {
  if (!message.reply_count) return null;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return el("button",
    { type: "button", class: "replies", "data-testid": "replies", onclick: () => openThread(message.ts) },
    el("span", { class: "faces" },
      (message.reply_users ?? []).slice(0, 3).map((id) => avatar(state.users.get(id), id))),
    el("span", { class: "count" }, count),
    el("span", { class: "last" }, `last at ${time(message.latest_reply)}`));
}

function hover(message, openThread) {
  return el("div", { class: "hover" },
    el("button",
      { type: "button", "data-testid": "reply", "aria-label": "Reply in thread",
        onclick: () => openThread(message.thread_ts || message.ts) },
      "Reply in thread"));
}

function privacy(message) {
  return el("p", { class: "privacy" }, "Only visible to you · ",
    el("button",
      { type: "button", class: "plain-link", "data-testid": "dismiss", onclick: () => dismiss(message.ts) },
      "Dismiss"));
}
