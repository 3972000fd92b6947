"""The workspace itself: a fake that remembers everything, behind one lock."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from bot.playground import shapes
from bot.playground.faults import Faults
from bot.playground.feed import Change, Feed
from bot.playground.hooks import Hooks
from bot.playground.identifiers import with_identifiers
from bot.playground.limits import Limits
from bot.playground.modals import Modals
from bot.playground.model import (
    Bot,
    Channel,
    Command,
    Json,
    Keys,
    Message,
    SlackError,
    Team,
    User,
    UserGroup,
)
from bot.playground.stamps import Stamps

# A demo may run for days; no test makes so many.
_CALLS_KEPT = 10_000


@dataclass(frozen=True)
class Call:
    """One call of the Web API as the workspace saw it."""

    method: str
    args: Json
    answer: Json
    at: float


class Workspace:
    """People, channels, groups and messages; `wall` gives seconds since the epoch."""

    def __init__(
        self,
        *,
        wall: Callable[[], float],
        users: Iterable[User] = (),
        channels: Iterable[Channel] = (),
        groups: Iterable[UserGroup] = (),
        commands: Iterable[Command] = (),
        bot: Bot | None = None,
        team: Team | None = None,
        keys: Keys | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.wall = wall
        self.bot = bot or Bot()
        self.team = team or Team()
        self.keys = keys or Keys()
        self.commands = tuple(commands)
        self.limits = limits or Limits()
        self.feed = Feed(self.lock)
        self.stamps = Stamps(wall)
        self.faults = Faults()
        self.hooks = Hooks(wall)
        self.modals = Modals(wall, self.feed, self.team.id)
        self.calls: deque[Call] = deque(maxlen=_CALLS_KEPT)
        self.banner = ""
        self.shown_now: float | None = None
        robot = User(self.bot.user_id, self.bot.name, self.bot.real_name, is_bot=True)
        self._users = {person.id: person for person in (*users, robot)}
        self._channels = {room.id: room for room in channels}
        self._groups = {group.id: group for group in groups}
        self._said: dict[str, dict[str, Message]] = {room: {} for room in self._channels}
        self._whispers: dict[str, dict[str, Message]] = {}

    # --- who and where ---------------------------------------------------------------------

    @property
    def users(self) -> tuple[User, ...]:
        with self.lock:
            return tuple(self._users.values())

    @property
    def channels(self) -> tuple[Channel, ...]:
        with self.lock:
            return tuple(self._channels.values())

    @property
    def groups(self) -> tuple[UserGroup, ...]:
        with self.lock:
            return tuple(self._groups.values())

    def user(self, user_id: str) -> User:
        with self.lock:
            if user_id not in self._users:
                raise SlackError("user_not_found")
            return self._users[user_id]

    def channel(self, channel_id: str) -> Channel:
        with self.lock:
            if channel_id not in self._channels:
                raise SlackError("channel_not_found")
            return self._channels[channel_id]

    def group(self, group_id: str) -> UserGroup:
        with self.lock:
            if group_id not in self._groups:
                raise SlackError("no_such_subteam")
            return self._groups[group_id]

    def put_channel(self, room: Channel) -> None:
        """Add a channel, or replace the one with the same id."""
        with self.lock:
            self._channels[room.id] = room
            self._said.setdefault(room.id, {})
            self.feed.tell(Change("channel", {"id": room.id}, channel=room.id))

    def put_user(self, person: User) -> None:
        with self.lock:
            self._users[person.id] = person
            self.feed.tell(Change("user", {"id": person.id}))

    def move(self, zone: str) -> None:
        """All people live where whoever acts as them looks at the clock; a zone that this machine
        does not know changes nothing."""
        if zone not in available_timezones():
            return
        with self.lock:
            for person in self.users:
                if not person.is_bot and person.tz != zone:
                    self.put_user(replace(person, tz=zone))

    def join(self, channel_id: str, user_id: str) -> None:
        with self.lock:
            room = self.channel(channel_id)
            self.put_channel(replace(room, members=room.members | {self.user(user_id).id}))
            data = {"channel": channel_id, "user": user_id}
            self.feed.tell(Change("joined", data, channel=channel_id))

    def leave(self, channel_id: str, user_id: str) -> None:
        with self.lock:
            room = self.channel(channel_id)
            self.put_channel(replace(room, members=room.members - {user_id}))

    def open_dm(self, user_id: str) -> Channel:
        with self.lock:
            person = self.user(user_id)
            room = Channel(
                "D" + person.id[1:],
                person.name,
                frozenset({person.id, self.bot.user_id}),
                is_private=True,
                is_im=True,
            )
            if room.id not in self._channels:
                self.put_channel(room)
            return self._channels[room.id]

    def set_group_users(
        self, group_id: str, users: Iterable[str], *, disabled: bool = False
    ) -> None:
        with self.lock:
            before = self.group(group_id)
            after = replace(before, users=tuple(users), disabled=disabled)
            self._groups[group_id] = after
            data: Json = {
                "subteam_id": group_id,
                "added_users": [u for u in after.users if u not in before.users],
                "removed_users": [u for u in before.users if u not in after.users],
            }
            self.feed.tell(Change("group", data))

    def set_banner(self, text: str, now: float | None = None) -> None:
        """Show a line above the workspace, live; an empty text takes it away. `now`: what "today"
        means on the page, in seconds since the epoch, where it is not the reader's own day."""
        with self.lock:
            self.banner, self.shown_now = text, now
            self.feed.tell(Change("banner", {"text": text, "now": now}))

    # --- what was said ---------------------------------------------------------------------

    def post(self, said: Message) -> Message:
        """Store a message under a new time stamp; blocks get the ids that they lack."""
        with self.lock:
            room = self.channel(said.channel)
            if said.thread_ts:
                self.message(room.id, said.thread_ts)
            said = replace(said, ts=self.stamps.next(), blocks=with_identifiers(said.blocks))
            self._said[room.id][said.ts] = said
            self._tell_message(said)
            return said

    def edit(self, said: Message) -> Message:
        with self.lock:
            said = replace(said, blocks=with_identifiers(said.blocks), edited_ts=self.stamps.next())
            return self.put_message(said)

    def put_message(self, said: Message) -> Message:
        """Replace a stored message or ephemeral as it is, without an edit mark."""
        with self.lock:
            shelf = self._whispers[said.only_for] if said.only_for else self._said[said.channel]
            shelf[said.ts] = said
            self._tell_message(said)
            return said

    def delete(self, said: Message) -> None:
        """Take a message away; a parent with replies leaves a mark in its place, as in Slack."""
        with self.lock:
            if self.replies(said.channel, said.ts):
                mark = "This message was deleted."
                self.put_message(
                    replace(said, text=mark, blocks=(), subtype="tombstone", metadata=None)
                )
                return
            del self._said[said.channel][said.ts]
            self._tell_gone(said)
            if said.is_reply:
                self._tell_message(self.message(said.channel, said.thread_ts))

    def whisper(self, said: Message) -> Message:
        """Show an ephemeral message to `said.only_for`."""
        with self.lock:
            said = replace(said, ts=self.stamps.next(), blocks=with_identifiers(said.blocks))
            self._whispers.setdefault(said.only_for, {})[said.ts] = said
            self._tell_message(said)
            return said

    def dismiss(self, user_id: str, ts: str) -> None:
        with self.lock:
            said = self._whispers.get(user_id, {}).pop(ts, None)
            if said:
                self._tell_gone(said)

    def message(self, channel_id: str, ts: str) -> Message:
        with self.lock:
            said = self._said.get(channel_id, {}).get(ts)
            if said is None:
                raise SlackError("message_not_found")
            return said

    def ephemeral(self, user_id: str, ts: str) -> Message | None:
        with self.lock:
            return self._whispers.get(user_id, {}).get(ts)

    def ephemerals(self, user_id: str) -> tuple[Message, ...]:
        with self.lock:
            return tuple(self._whispers.get(user_id, {}).values())

    def messages(self, channel_id: str) -> tuple[Message, ...]:
        """Everything said in a channel, replies included, oldest first."""
        with self.lock:
            return tuple(self._said.get(channel_id, {}).values())

    def replies(self, channel_id: str, ts: str) -> tuple[Message, ...]:
        return tuple(m for m in self.messages(channel_id) if m.is_reply and m.thread_ts == ts)

    # --- for tests -------------------------------------------------------------------------

    def calls_to(self, method: str) -> tuple[Call, ...]:
        with self.lock:
            return tuple(call for call in self.calls if call.method == method)

    def remember(self, call: Call) -> None:
        with self.lock:
            self.calls.append(call)
            self.feed.tell(Change("call", {"method": call.method}, only_for="nobody"))

    def wait_until(self, met: Callable[[], bool], timeout: float = 10.0) -> bool:
        """Wait until `met` holds; it is asked again at every change, and answers at once."""
        return self.feed.wait_until(met, timeout)

    def _tell_message(self, said: Message) -> None:
        data = shapes.message(said, self.replies(said.channel, said.ts)) | {
            "channel": said.channel,
            "ephemeral": bool(said.only_for),
        }
        self.feed.tell(Change("message", data, channel=said.channel, only_for=said.only_for))
        if said.is_reply and not said.only_for:
            self._tell_message(self.message(said.channel, said.thread_ts))

    def _tell_gone(self, said: Message) -> None:
        data = {"channel": said.channel, "ts": said.ts}
        self.feed.tell(Change("gone", data, channel=said.channel, only_for=said.only_for))
