// What day it is in the workspace: the replayed one, where a day is replayed.
let told = null;

export function setNow(seconds) {
  told = seconds ?? null;
}

export const now = () => (told === null ? new Date() : new Date(told * 1000));

const DAYS = { "-1": "yesterday", 0: "today", 1: "tomorrow" };

const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate());

// "yesterday", "today", "tomorrow" by that day, or nothing.
export function nearby(then) {
  return DAYS[Math.round((midnight(then) - midnight(now())) / 86400000)];
}
