"""What people do in the workspace, sent to the app as Slack would send it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.playground import shapes
from bot.playground.delivery import Delivery, Reply
from bot.playground.events import Events
from bot.playground.hooks import Hook
from bot.playground.modals import View
from bot.playground.model import Channel, Json, Message, SlackError
from bot.playground.payloads import Envelope
from bot.playground.responses import respond
from bot.playground.state import Entered, chosen, elements, missing, state_values
from bot.playground.submissions import apply_reply
from bot.playground.workspace import Workspace
from bot.playground.writing import command_text, stored_text

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class Outcome:
    """How an act went: `error` is Slack's code, `notes` the faults of single inputs."""

    error: str = ""
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.error and not self.notes


class Sender:
    """`route` gives the way to the app; `base_url` is where response URLs point."""

    def __init__(
        self,
        workspace: Workspace,
        events: Events,
        route: Callable[[], Delivery],
        base_url: str,
    ) -> None:
        self._workspace = workspace
        self._events = events
        self._route = route
        self._base = base_url
        self._envelope = Envelope(workspace.team, workspace.bot)

    def say(self, user: str, channel: str, text: str, thread_ts: str = "") -> Outcome:
        """Type into the composer: a slash command, or a message."""
        if text.startswith("/"):
            return self.command(user, channel, text, in_thread=bool(thread_ts))
        room, space = self._entered(user, channel), self._workspace
        stored = stored_text(text, space.users, space.channels)
        said = space.post(Message(room.id, "", user, text=stored, thread_ts=thread_ts))
        if f"<@{space.bot.user_id}>" in stored and space.bot.user_id in room.members:
            event = {"type": "app_mention", "user": user, "text": stored, "ts": said.ts}
            thread = {"thread_ts": thread_ts} if thread_ts else {}
            self._events.send({**event, **thread, "channel": room.id, "event_ts": said.ts})
        return Outcome()

    def command(self, user: str, channel: str, line: str, *, in_thread: bool = False) -> Outcome:
        room, space = self._entered(user, channel), self._workspace
        name, _, typed = line.strip().partition(" ")
        known = {command.name: command for command in space.commands}
        if in_thread:
            return self._slackbot(user, room, f"`{name}` is not supported in threads. Sorry!")
        if name not in known or "commands" not in space.bot.scopes:
            return self._slackbot(user, room, f"`{name}` is not a valid command.")
        text = command_text(
            typed.strip(), space.users, space.channels, should_escape=known[name].should_escape
        )
        hook = space.hooks.for_command(user, room.id)
        payload = self._envelope.command(
            space.user(user),
            room,
            name=name,
            text=text,
            trigger=space.modals.new_trigger(user),
            url=self._base + "/" + hook.path,
        )
        reply = self._route().deliver("slash_commands", payload)
        return self._show_answer(name, hook, reply, room)

    def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        block_id: str = "",
        value: Any = None,
        entered: Entered | None = None,
    ) -> Outcome:
        """Use a button or another element of a message; `value` is what was picked in it."""
        space = self._workspace
        said = space.ephemeral(user, ts) or space.message(self._entered(user, channel).id, ts)
        room = space.channel(said.channel)
        body = self._action(user, said.blocks, action_id, block_id, value)
        hook = space.hooks.for_action(
            user, room.id, ts, ephemeral=bool(said.only_for), thread_ts=said.thread_ts
        )
        container = {"type": "message", "message_ts": ts, "channel_id": room.id}
        thread = {"thread_ts": said.thread_ts} if said.thread_ts else {}
        body |= {
            "container": {**container, **thread, "is_ephemeral": bool(said.only_for)},
            "channel": {"id": room.id, "name": room.name},
            "state": {"values": state_values(said.blocks, entered or {})},
            "response_url": self._base + "/" + hook.path,
        }
        if not said.only_for:  # Slack leaves an ephemeral message out
            body["message"] = shapes.message(said, space.replies(room.id, ts))
        return Outcome(self._route().deliver("interactive", body).error)

    def click_in_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        *,
        block_id: str = "",
        value: Any = None,
        entered: Entered | None = None,
    ) -> Outcome:
        view = self._own_view(user, view_id)
        body = self._action(user, view.content["blocks"], action_id, block_id, value)
        body |= {
            "container": {"type": "view", "view_id": view.id},
            "view": self._view_body(view, entered or {}),
        }
        return Outcome(self._route().deliver("interactive", body).error)

    def submit(self, user: str, view_id: str, entered: Entered | None = None) -> Outcome:
        """Press a modal's submit button with raw values, by block id and action id."""
        view = self._own_view(user, view_id)
        blocks = view.content["blocks"]
        lacking = missing(blocks, state_values(blocks, entered or {}))
        if lacking:
            return Outcome(notes=lacking)
        body = self._interaction("view_submission", user)
        body |= {"view": self._view_body(view, entered or {}), "response_urls": []}
        reply = self._route().deliver("interactive", body)
        if not reply.ok:
            return Outcome(reply.error)
        try:
            return Outcome(notes=apply_reply(self._workspace, view, reply.body))
        except SlackError as refused:
            return Outcome(refused.code)

    def close(self, user: str, view_id: str, *, everything: bool = False) -> Outcome:
        view = self._own_view(user, view_id)
        with self._workspace.lock:
            self._workspace.modals.close(user, everything=everything)
        if not view.content.get("notify_on_close"):
            return Outcome()
        body = self._envelope.interaction("view_closed", self._workspace.user(user))
        body |= {"view": self._view_body(view, {}), "is_cleared": everything}
        return Outcome(self._route().deliver("interactive", body).error)

    def open_home(self, user: str) -> None:
        space = self._workspace
        home = space.modals.home(user)
        event = {"type": "app_home_opened", "user": user, "tab": "home"}
        event |= {"channel": space.open_dm(user).id, "event_ts": space.stamps.next()}
        self._events.send(event | ({"view": self._view_body(home, {})} if home else {}))

    def _entered(self, user: str, channel: str) -> Channel:
        """The channel, joined first where a person may do so, as Slack's own page offers."""
        person, room = self._workspace.user(user), self._workspace.channel(channel)
        if person.id not in room.members:
            if room.is_private or person.is_guest:
                raise SlackError("channel_not_found")
            self._workspace.join(room.id, person.id)
        return self._workspace.channel(room.id)

    def _interaction(self, kind: str, user: str) -> Json:
        trigger = self._workspace.modals.new_trigger(user)
        return self._envelope.interaction(kind, self._workspace.user(user), trigger)

    def _action(self, user: str, blocks: Any, action_id: str, block_id: str, value: Any) -> Json:
        for block, element in elements(blocks):
            same_block = not block_id or block["block_id"] == block_id
            if same_block and element.get("action_id") == action_id:
                stamp = self._workspace.stamps.next()
                action = {"block_id": block["block_id"], "action_ts": stamp}
                kept = ("action_id", "type", "text", "value", "style")
                action |= {key: element[key] for key in kept if key in element}
                body = self._interaction("block_actions", user)
                return body | {"actions": [action | chosen(element, value)]}
        raise SlackError("no_such_action")

    def _own_view(self, user: str, view_id: str) -> View:
        view = self._workspace.modals.find(view_id)
        if view.user != user:
            raise SlackError("not_found")
        return view

    def _view_body(self, view: View, entered: Entered) -> Json:
        bot = self._workspace.bot
        body = view.as_slack(self._workspace.team.id, bot.bot_id, bot.app_id)
        return body | {"state": {"values": state_values(view.content["blocks"], entered)}}

    def _show_answer(self, name: str, hook: Hook, reply: Reply, room: Channel) -> Outcome:
        error = reply.error
        if reply.ok and reply.body:
            try:
                respond(self._workspace, hook, reply.body)
            except SlackError as refused:
                error = refused.code
        if error:
            why = f'{name} failed with the error "{error}"'
            if error == "dispatch_failed":
                why = f"{name} failed because the app did not respond"
            self._slackbot(hook.user, room, why)
        return Outcome(error)

    def _slackbot(self, user: str, room: Channel, text: str) -> Outcome:
        self._workspace.whisper(Message(room.id, "", SLACKBOT, text=text, only_for=user))
        return Outcome("slackbot")
