// The page: one stream in, a few acts out.
import { click, openHome } from "./acts.js";
import { blocks } from "./blocks.js";
import { setNow } from "./clock.js";
import { Composer } from "./composer.js";
import { byId, el } from "./dom.js";
import { Log } from "./log.js";
import { drawModal, startModal } from "./modal.js";
import { inline } from "./mrkdwn.js";
import { drawCast, drawSidebar } from "./sidebar.js";
import {
  enteredIn, inChannel, inThread, isReply, markRead, markUnread, ordered, shelf, state, takeEverything,
} from "./state.js";

let people = [];
let stream = null;

const log = new Log(byId("log"),
  (m) => m.channel === state.place.id && inChannel(m), openThread,
  (hidden) => (byId("jump").hidden = !hidden));
const threadLog = new Log(byId("thread-log"),
  (m) => m.channel === state.place.id && inThread(m, state.thread));
const composer = new Composer(byId("composer"), "composer", () => target(""));
const threadComposer = new Composer(byId("thread-composer"), "thread-composer", () => target(state.thread));

function target(thread) {
  const room = state.channels.get(state.place.id);
  return {
    channel: room?.id, thread, name: room?.dm ? "the app" : `#${room?.name}`,
    closed: !room ? "One moment …" : room.archived ? "This channel is archived" : null,
  };
}

function go(place) {
  state.place = place;
  state.thread = "";
  showMenu(false);
  if (place.kind === "home") openHome();
  drawPlace();
}

function openThread(ts) {
  state.thread = ts;
  drawThread();
  threadComposer.box.focus();
}

function drawPlace() {
  const home = state.place.kind === "home";
  const room = state.channels.get(state.place.id);
  byId("log").hidden = byId("composer").hidden = home;
  byId("home").hidden = !home;
  byId("place-name").textContent = home
    ? state.users.get(state.bot)?.real_name ?? "App"
    : room?.dm ? state.users.get(state.bot)?.real_name : `${room?.private ? "◆" : "#"} ${room?.name ?? ""}`;
  byId("place-topic").textContent = home ? "App home" : room?.topic ?? "";
  if (home) drawHome();
  else {
    markRead(state.place.id);
    log.show(ordered(state.place.id), `This is the beginning of ${target("").name}.`);
    composer.refresh();
  }
  drawSidebar(go);
  drawThread();
}

function drawThread() {
  const open = Boolean(state.thread) && state.place.kind === "channel";
  byId("thread").hidden = !open;
  byId("frame").classList.toggle("with-thread", open);
  if (!open) return;
  byId("thread-place").textContent = target("").name;
  threadLog.show(ordered(state.place.id), "");
  threadComposer.refresh();
}

function drawHome() {
  const holder = {
    key: state.home?.id,
    entered: enteredIn(state.home?.id ?? ""),
    act: (item, block, value) =>
      click({ view_id: state.home.id, action_id: item.action_id, block_id: block.block_id, value,
        entered: enteredIn(state.home.id) }),
  };
  byId("home").replaceChildren(...(state.home
    ? blocks(state.home.blocks, holder)
    : [el("p", { class: "start" }, "This app has no home tab. Type / in a channel to see what it can do.")]));
}

function drawBanner(text, now) {
  setNow(now);
  byId("banner").hidden = !text;
  byId("banner").replaceChildren(...inline(text));
}

const heard = {
  everything(all) {
    takeEverything(all);
    byId("team").textContent = all.team;
    document.title = `${all.team} playground`;
    drawBanner(all.banner, all.now);
    drawCast(people, become);
    drawPlace();
    drawModal();
  },
  message({ data }) {
    const known = shelf(data.channel).has(data.ts);
    shelf(data.channel).set(data.ts, data);
    const here = state.place.kind === "channel" && state.place.id === data.channel;
    if (here) {
      log.put(data);
      if (state.thread) threadLog.put(data);
    } else if (!known && data.user !== state.me && !isReply(data)) {
      markUnread(data);
      drawSidebar(go);
    }
  },
  gone({ data }) {
    shelf(data.channel).delete(data.ts);
    log.take(data.ts);
    threadLog.take(data.ts);
  },
  banner: ({ data }) => drawBanner(data.text, data.now),
  channel({ data }) {
    // What was said in a channel that is new to us comes only with everything.
    if (!state.channels.has(data.id) && !data.dm) return become(state.me);
    state.channels.set(data.id, data);
    return drawSidebar(go);
  },
  user: ({ data }) => state.users.set(data.id, data),
  modal({ data }) {
    state.modal = data;
    drawModal();
  },
  home({ data }) {
    state.home = data;
    if (state.place.kind === "home") drawHome();
  },
};

function become(user) {
  sessionStorage.setItem("as", user);
  state.me = user; // at once: whoever clicks quickly clicks as the new person
  stream?.close();
  // Who writes "until 17:00" means the clock by which this page shows times.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  stream = new EventSource(`/web/events?${new URLSearchParams({ user, zone })}`);
  stream.onmessage = (event) => {
    const item = JSON.parse(event.data);
    heard[item.kind]?.(item);
  };
  stream.onopen = () => (byId("lost").hidden = true);
  stream.onerror = () => (byId("lost").hidden = false);
}

function showMenu(open) {
  byId("frame").classList.toggle("with-menu", open);
  byId("menu").setAttribute("aria-expanded", String(open));
}

async function start() {
  startModal();
  composer.refresh(); // closed until the workspace is there
  byId("menu").addEventListener("click", () => showMenu(!byId("frame").classList.contains("with-menu")));
  byId("jump").addEventListener("click", () => log.toEnd());
  byId("thread-close").addEventListener("click", () => openNothing());
  byId("main").addEventListener("click", (event) => {
    if (!event.target.closest("#menu")) showMenu(false);
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll(".overflow[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") showMenu(false);
    if (event.key === "Escape" && state.thread && !document.querySelector("dialog[open]")) openNothing();
  });
  people = await (await fetch("/web/people")).json();
  const asked = new URLSearchParams(location.search);
  state.place.id = asked.get("channel") ?? "";
  const wanted = asked.get("as") ?? sessionStorage.getItem("as");
  become(people.some((person) => person.id === wanted) ? wanted : people[0].id);
}

function openNothing() {
  state.thread = "";
  drawThread();
}

start();
