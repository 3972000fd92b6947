// What the page knows: the workspace as the acting person sees it.

export const state = {
  me: "",
  users: new Map(),
  groups: new Map(),
  channels: new Map(),
  messages: new Map(), // channel -> Map(ts -> message)
  commands: [],
  modal: null,
  home: null,
  bot: "",
  place: { kind: "channel", id: "" },
  thread: "",
};

const unread = new Map(); // person -> Map(channel -> Set(ts))
const entered = new Map(); // view id or message ts -> { block: { action: raw } }

export function takeEverything(all) {
  const index = (list) => new Map(list.map((entry) => [entry.id, entry]));
  Object.assign(state, {
    me: all.me, bot: all.bot, commands: all.commands, modal: all.modal, home: all.home,
    users: index(all.users), groups: index(all.groups), channels: index(all.channels),
    messages: new Map(),
  });
  for (const message of all.messages) shelf(message.channel).set(message.ts, message);
  if (!state.channels.has(state.place.id)) {
    const first = [...state.channels.values()].find((room) => room.member && !room.dm);
    state.place = { kind: "channel", id: first?.id ?? "" };
    state.thread = "";
  }
}

export function shelf(channel) {
  if (!state.messages.has(channel)) state.messages.set(channel, new Map());
  return state.messages.get(channel);
}

export const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

export function inChannel(message) {
  return !isReply(message) || message.subtype === "thread_broadcast";
}

export function inThread(message, ts) {
  return message.ts === ts || message.thread_ts === ts;
}

export const ordered = (channel) =>
  [...shelf(channel).values()].sort((one, other) => (one.ts < other.ts ? -1 : 1));

export function unreadIn(channel) {
  return unread.get(state.me)?.get(channel)?.size ?? 0;
}

export function markUnread(message) {
  if (!unread.has(state.me)) unread.set(state.me, new Map());
  const mine = unread.get(state.me);
  if (!mine.has(message.channel)) mine.set(message.channel, new Set());
  mine.get(message.channel).add(message.ts);
}

export function markRead(channel) {
  unread.get(state.me)?.delete(channel);
}

export function enteredIn(key) {
  if (!entered.has(key)) entered.set(key, {});
  return entered.get(key);
}

export function forget(key) {
  entered.delete(key);
}
