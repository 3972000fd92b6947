"""The loopback Slack of a test: the playground, with the questions that tests ask of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.entrypoints.manifest import SCOPES
from bot.entrypoints.slack_commands import COMMANDS
from bot.playground.limits import Limits
from bot.playground.modals import View
from bot.playground.model import Bot, Command, Message
from bot.playground.server import PlaygroundServer
from bot.playground.state import Entered
from tests.e2e.chaos import KEYS, TEMPLATES
from tests.e2e.waiting import until
from tests.team import TEAM_CHANNEL, small_workspace

ROOM = TEAM_CHANNEL.id


class Slack:
    """People who type, click and read in a workspace. `logs` is told when they wait in vain."""

    def __init__(self, server: PlaygroundServer, logs: Callable[[], str] = lambda: "") -> None:
        self.server = server
        self.space = server.workspace
        self.sender = server.sender
        self.logs = logs

    @property
    def env(self) -> dict[str, str]:
        """The settings by which a Burnban finds its way here."""
        return {
            "SLACK_API_URL": self.server.api_url,
            "SLACK_BOT_TOKEN": KEYS.bot,
            "SLACK_SIGNING_SECRET": KEYS.signing,
        }

    def heads(self, containing: str = "", channel: str = ROOM) -> list[Message]:
        """The bot's own messages in a channel that are no replies, oldest first."""
        bot = self.space.bot.user_id
        found = [m for m in self.space.messages(channel) if m.user == bot and not m.is_reply]
        return [m for m in found if containing in words(m)]

    def replies(self, head: Message) -> list[str]:
        """The texts in the thread under a message."""
        return [words(m) for m in self.space.replies(head.channel, head.ts)]

    def head(self, containing: str, seconds: float = 20.0, channel: str = ROOM) -> Message:
        """Wait for the one message that says so."""
        found = until(
            lambda: self.heads(containing, channel), f"“{containing}”", seconds, self._story
        )
        assert len(found) == 1, f"said {len(found)} times: {containing}"
        return found[0]

    def now(self, message: Message) -> Message:
        """A message as it stands by now."""
        return self.space.message(message.channel, message.ts)

    def says(self, message: Message, containing: str, seconds: float = 15.0) -> str:
        """Wait until a message was edited so that it says so; all it says."""

        def met() -> str:
            text = words(self.now(message))
            return text if containing in text else ""

        return until(met, f"edit to “{containing}”", seconds, self._story)

    def answer(self, user: str, act: Callable[[], Any], seconds: float = 15.0) -> str:
        """What only `user` sees of what comes of an act: the next private message to them."""
        before = {m.ts for m in self.space.ephemerals(user)}
        outcome = act()
        assert outcome.ok, f"the app did not take it: {outcome.error}\n{self.logs()}"

        def fresh() -> list[Message]:
            return [m for m in self.space.ephemerals(user) if m.ts not in before]

        return words(until(fresh, f"answer to {user}", seconds, self._story)[0])

    def command(self, user: str, line: str, channel: str = ROOM) -> str:
        """Type a slash command; the answer."""
        return self.answer(user, lambda: self.sender.command(user, channel, line))

    def click(self, user: str, message: Message, action: str) -> str:
        """Click a button; the answer."""
        act = lambda: self.sender.click(user, message.channel, message.ts, action)  # noqa: E731
        return self.answer(user, act)

    def opens(self, user: str, act: Callable[[], Any], containing: str) -> View:
        """The modal that an act opens, once it says so."""
        assert act().ok, self.logs()

        def met() -> View | None:
            view = self.space.modals.top(user)
            return view if view is not None and containing in str(view.content) else None

        return until(met, f"modal with “{containing}”", 15.0, self._story)

    def submit(self, user: str, view: View, entered: Entered) -> str:
        """Send a form; the answer."""
        return self.answer(user, lambda: self.sender.submit(user, view.id, entered))

    def _story(self) -> str:
        said = [
            f"{m.channel} {m.ts}: {words(m)}"
            for c in self.space.channels
            for m in self.heads(channel=c.id)
        ]
        whispers = [
            f"to {u.id}: {words(m)}" for u in self.space.users for m in self.space.ephemerals(u.id)
        ]
        return "\n".join(["in Slack:", *said, *whispers, "log:", self.logs()])


@contextmanager
def slack(*, limits: Limits | None = None, **changes: Any) -> Iterator[Slack]:
    """A workspace of four people, served for as long as the `with` lasts. Its bot has exactly the
    scopes that the manifest asks for."""
    space = small_workspace(
        time.time,
        commands=[Command(c.name, c.summary, c.usage) for c in COMMANDS],
        bot=Bot(scopes=frozenset(SCOPES)),
        keys=KEYS,
        limits=limits,
        **changes,
    )
    with PlaygroundServer(space, TEMPLATES) as server:
        yield Slack(server)


def words(message: Message) -> str:
    """Everything that a message says: its text, and the texts of its blocks."""
    return "\n".join([message.text, *_texts(message.blocks)])


def tells(text: str, part: str) -> None:
    """The text must say so."""
    assert part in text, f"“{part}” is not in this:\n{text}"


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _texts(value)


def actions(message: Message) -> list[str]:
    """The buttons that a message offers."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row["elements"]]
