// Channels, apps, and the people one can act as.
import { avatar, byId, el } from "./dom.js";
import { state, unreadIn } from "./state.js";

export function drawSidebar(go) {
  const rooms = [...state.channels.values()].filter((room) => !room.dm);
  const directs = [...state.channels.values()].filter((room) => room.dm && room.member);
  byId("channels").replaceChildren(...rooms.map((room) => entry(room, go)));
  byId("directs").replaceChildren(...directs.map((room) => entry(room, go)));
  byId("directs").previousElementSibling.hidden = !directs.length;
  const bot = state.users.get(state.bot);
  byId("apps").replaceChildren(
    el("li", {}, el("button",
      { type: "button", "data-testid": "app-home", onclick: () => go({ kind: "home", id: "" }),
        "aria-current": state.place.kind === "home" ? "page" : null },
      avatar(bot, state.bot), bot?.real_name ?? "App")));
}

function entry(room, go) {
  const count = unreadIn(room.id);
  const here = state.place.kind === "channel" && state.place.id === room.id;
  const mark = room.dm ? "●" : room.private ? "◆" : "#";
  const name = room.dm ? state.users.get(state.bot)?.real_name ?? "App" : room.name;
  return el("li", {},
    el("button",
      { type: "button", class: count ? "unread" : null, "aria-current": here ? "page" : null,
        "data-testid": `channel-${room.id}`, onclick: () => go({ kind: "channel", id: room.id }) },
      el("span", { class: "hash", "aria-hidden": "true" }, mark),
      el("span", { class: "name" }, name),
      count ? el("span", { class: "badge", "aria-label": `${count} unread` }, String(count)) : null));
}

export function drawCast(people, become) {
  const radios = people.map((person) =>
    el("label", { title: `${person.name}, ${person.title}` },
      el("input", { type: "radio", name: "cast", value: person.id, checked: person.id === state.me,
        "data-testid": `act-as-${person.id}`, "aria-label": `${person.name}, ${person.title}`, onchange: () => become(person.id) }),
      avatar({ real_name: person.name }, person.id),
      el("span", { class: "who" }, el("b", {}, person.name.split(" ")[0]), el("small", {}, person.title))));
  byId("cast").replaceChildren(el("legend", {}, "Act as"), ...radios);
}
