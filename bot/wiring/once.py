"""`burnban poll --once`: one whole cycle, and what came of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from bot.entrypoints.terminal import counted
from bot.errors import Refused
from bot.flow.evaluate import Progress
from bot.flow.tell.deliver import Deliver
from bot.flow.tell.refusal import remedy
from bot.ports import Messenger, Rendered
from bot.wiring.core import Core


@dataclass(frozen=True, slots=True)
class Cycle:
    """What one cycle came to."""

    objectives: int
    evaluated: int
    faults: Mapping[tuple[str, str], int]
    """Objectives without an answer, by source and reason."""
    delivered: int = 0
    waiting: int = 0
    refused: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Messages that Slack would not take, by channel and its own word for why."""

    @property
    def sound(self) -> bool:
        """Whether every source answered and Slack refused nothing."""
        return not self.faults and not self.refused

    def lines(self) -> Iterator[str]:
        """For people."""
        answered = self.evaluated - sum(self.faults.values())
        words = [f"{counted(max(0, answered), 'objective')} evaluated"]
        if self.faults:
            words.append(f"{sum(self.faults.values())} without an answer")
        if self.delivered:
            words.append(f"{counted(self.delivered, 'message')} delivered")
        if self.waiting:
            words.append(f"{self.waiting} still waiting")
        yield ", ".join(words) + "."
        for (source, reason), count in sorted(self.faults.items()):
            said = reason if reason.startswith(source) else f"{source}: {reason}"
            yield f"  {said} ({counted(count, 'objective')})"
        for (channel, code), count in sorted(self.refused.items()):
            yield f"  {channel}: {code} ({counted(count, 'message')}). {remedy(code)}"
        if held := self.objectives - self.evaluated:
            are = "is" if held == 1 else "are"
            yield f"  {held} {are} in the hands of another process just now."


PATIENCE = 60.0
"""Seconds for the messages to leave, at Slack's pace."""


def cycle(core: Core, progress: Progress, patience: float = PATIENCE) -> Cycle:
    """Measure, judge, decide, record; then tell, if there is a Slack to tell it to."""
    evaluated = core.poll(progress, force=True)
    done = Cycle(len(core.catalog().objectives), evaluated, _faults(core))
    if core.settings.slack_bot_token is None:
        return done
    from bot.wiring.chat import chat  # Slack's libraries: needless without a token

    return _told(core, chat(core).deliver, done, patience)


def _faults(core: Core) -> dict[tuple[str, str], int]:
    sources = {o.id: o.source for o in core.catalog().objectives}
    standings = core.record.read(lambda books: books.standings.get(list(sources)))
    return dict(Counter((sources[name], s.fault) for name, s in standings.items() if s.fault))


def _told(core: Core, deliver: Deliver, done: Cycle, patience: float) -> Cycle:
    counting = _Counting(deliver.messenger)
    replace(deliver, messenger=counting).until_empty(patience)
    unsent, _ = core.record.read(lambda books: books.outbox.backlog(core.clock.now()))
    return replace(done, delivered=counting.sent, waiting=unsent, refused=dict(counting.refused))


class _Counting:
    """A messenger that counts what arrived."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self.sent = 0
        self.refused: Counter[tuple[str, str]] = Counter()
        self.find = messenger.find
        self.delete = messenger.delete

    def post(
        self, channel: str, message: Rendered, key: str, thread: str | None, *, broadcast: bool
    ) -> tuple[str, str]:
        """See bot.ports.Messenger."""
        with self._noting(channel):
            found = self._messenger.post(channel, message, key, thread, broadcast=broadcast)
        self.sent += 1
        return found

    def edit(self, channel: str, ts: str, message: Rendered) -> None:
        """See bot.ports.Messenger."""
        with self._noting(channel):
            self._messenger.edit(channel, ts, message)
        self.sent += 1

    @contextmanager
    def _noting(self, channel: str) -> Iterator[None]:
        try:
            yield
        except Refused as error:
            self.refused[channel, error.code] += 1
            raise
