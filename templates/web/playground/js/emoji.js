// A handful of emoji by name. Those that apps use most are drawn, as not every machine has a font.

const DRAWN = {
  fire: "fire", warning: "warning", rotating_light: "siren", white_check_mark: "check",
  heavy_check_mark: "check", ballot_box_with_check: "check", x: "cross", snowflake: "snow",
  ice_cube: "snow", no_entry: "stop", no_entry_sign: "stop", octagonal_sign: "stop",
  hourglass: "wait", hourglass_flowing_sand: "wait", chart_with_upwards_trend: "up",
  chart_with_downwards_trend: "down", bar_chart: "bars", bell: "bell", lock: "lock",
  unlock: "unlock", mag: "lens", memo: "memo", scroll: "memo", rocket: "rocket", eyes: "eyes",
  bulb: "bulb", information_source: "info", stopwatch: "clock", clock3: "clock",
};
const DOTS = {
  large_green_circle: "#2c9a63", large_yellow_circle: "#efc12f", large_orange_circle: "#ec8328",
  red_circle: "#cf3328", large_red_circle: "#cf3328", white_circle: "#cfd6d2",
  black_circle: "#2b2320", large_blue_circle: "#3b7fb8", blue_circle: "#3b7fb8",
};
const CHARACTERS = {
  "🔥": "fire", "⚠️": "warning", "⚠": "warning", "🚨": "rotating_light", "✅": "white_check_mark",
  "✔️": "white_check_mark", "❌": "x", "❄️": "snowflake", "❄": "snowflake", "🧊": "ice_cube",
  "⛔": "no_entry", "🚫": "no_entry", "🛑": "no_entry", "⏳": "hourglass", "⌛": "hourglass",
  "📈": "chart_with_upwards_trend", "📉": "chart_with_downwards_trend", "📊": "bar_chart",
  "🔔": "bell", "🔒": "lock", "🔓": "unlock", "🔍": "mag", "📝": "memo", "🚀": "rocket",
  "👀": "eyes", "💡": "bulb", "ℹ️": "information_source", "🟢": "large_green_circle",
  "🟡": "large_yellow_circle", "🟠": "large_orange_circle", "🔴": "red_circle",
  "⚪": "white_circle", "⚫": "black_circle", "🔵": "large_blue_circle",
};
const PLAIN = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", tada: "🎉", wave: "👋",
  raised_hand: "✋", key: "🔑", no_bell: "🔕", question: "❓", grey_question: "❔",
  exclamation: "❗", construction: "🚧", thread: "🧵", shield: "🛡️", seedling: "🌱",
  evergreen_tree: "🌲", calendar: "📅", point_right: "👉", arrow_right: "→", arrow_up: "↑",
  arrow_down: "↓", pushpin: "📌", zap: "⚡", package: "📦", wrench: "🔧", sunny: "☀️",
  hammer_and_wrench: "🛠️", busts_in_silhouette: "👥", bust_in_silhouette: "👤",
  speech_balloon: "💬", repeat: "🔁", sos: "🆘", link: "🔗", checkered_flag: "🏁",
  robot_face: "🤖", brain: "🧠", sleeping: "😴", slightly_smiling_face: "🙂", heart: "❤️", star: "⭐",
};
const ANY = new RegExp(`:([a-z0-9_+-]+):|(${Object.keys(CHARACTERS).join("|")})`, "gu");
const SVG = "http://www.w3.org/2000/svg";

export function emoji(name) {
  const picture = DRAWN[name] ?? (DOTS[name] && "dot");
  if (!picture) return PLAIN[name];
  const node = document.createElementNS(SVG, "svg");
  node.setAttribute("class", "emoji");
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", name.replaceAll("_", " "));
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/emoji.svg#${picture}`);
  node.append(use);
  if (DOTS[name]) node.style.color = DOTS[name];
  return node;
}

// Text with its emoji as nodes.
export function withEmoji(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(ANY)) {
    const shown = emoji(match[1] ?? CHARACTERS[match[2]]);
    if (!shown) continue;
    nodes.push(text.slice(from, match.index), shown);
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

// The same where only letters may stand, as in a menu.
export const emojiText = (text) =>
  text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => {
    const found = Object.entries(CHARACTERS).find(([, known]) => known === name);
    return found?.[0] ?? PLAIN[name] ?? whole;
  });

