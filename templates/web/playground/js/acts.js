// What a person does, sent to the workspace.
import { toast } from "./dom.js";
import { state } from "./state.js";

const WORDS = {
  operation_timeout: "The app did not answer within 3 seconds.",
  dispatch_failed: "The app did not respond. Is it running?",
  channel_not_found: "You have no access to this channel.",
  message_not_found: "That message is gone.",
  not_found: "That window is no longer open.",
  expired_trigger_id: "That took too long. Try again.",
};

async function post(path, body) {
  try {
    const answer = await fetch(`/web/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: state.me, ...body }),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "unreachable", notes: {} };
  }
}

export function explain(error) {
  return WORDS[error] || `We had some trouble connecting (${error}). Try again?`;
}

async function loud(path, body) {
  const outcome = await post(path, body);
  // A failed command is told by an ephemeral message already.
  if (outcome.error && path !== "say") toast(explain(outcome.error));
  return outcome;
}

export const say = (channel, text, thread) =>
  loud("say", { channel, text, ...(thread ? { thread_ts: thread } : {}) });
export const click = (body) => loud("click", body);
export const submit = (view, entered) => post("submit", { view_id: view, entered });
export const close = (view) => loud("close", { view_id: view });
export const dismiss = (ts) => loud("dismiss", { ts });
export const openHome = () => loud("home", {});
