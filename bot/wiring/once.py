"""`burnban poll --once`: one whole cycle, and what came of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from bot.entrypoints.terminal import counted
from bot.errors import Refused
from bot.flow.evaluate import Progress
from bot.flow.show.answer import Judged
from bot.flow.tell.deliver import Deliver
from bot.flow.tell.refusal import remedy
from bot.judge.verdict import Kind
from bot.notify.escape import unescape, unmark
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
    burning: Sequence[str] = ()
    """What burns or is gone, worst first, each in a line."""
    told: Sequence[str] = ()
    """What was said in Slack, each message in a line."""
    mute: bool = False
    """Whether there is no Slack to tell it to."""

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
            words.append(f"{counted(self.waiting, 'message')} not yet delivered to Slack")
        yield ", ".join(words) + "."
        yield from _some("  burns: ", self.burning, "`burnban status` shows them all")
        yield from _some("  sent: ", self.told, "`burnban history` shows what was decided")
        if self.mute and self.waiting:
            have = "a message waits" if self.waiting == 1 else f"{self.waiting} messages wait"
            yield f"  {have} for Slack: SLACK_BOT_TOKEN is not set (`burnban doctor`)."
        for (source, reason), count in sorted(self.faults.items()):
            said = reason if reason.startswith(source) else f"{source}: {reason}"
            yield f"  {said} ({counted(count, 'objective')})"
        for (channel, code), count in sorted(self.refused.items()):
            yield f"  {channel}: {code} ({counted(count, 'message')}). {remedy(code)}"
        if held := self.objectives - self.evaluated:
            are = "is" if held == 1 else "are"
            yield f"  {held} {are} in the hands of another process just now."


def _some(lead: str, lines: Sequence[str], rest: str) -> Iterator[str]:
    yield from (f"{lead}{line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"{lead}{len(lines) - _SHOWN} more: {rest}"


_SHOWN = 10
"""Lines of one sort."""

PATIENCE = 60.0
"""Seconds for the messages to leave, at Slack's pace."""


def cycle(core: Core, progress: Progress, patience: float = PATIENCE) -> Cycle:
    """Measure, judge, decide, record; then tell, if there is a Slack to tell it to."""
    evaluated = core.poll(progress, force=True)
    done = Cycle(len(core.catalog().objectives), evaluated, _faults(core), burning=_burning(core))
    if core.settings.slack_bot_token is None:
        return replace(done, waiting=_unsent(core), mute=True)
    from bot.wiring.chat import chat  # Slack's libraries: needless without a token

    return _told(core, chat(core).deliver, done, patience)


def _faults(core: Core) -> dict[tuple[str, str], int]:
    sources = {o.id: o.source for o in core.catalog().objectives}
    standings = core.record.read(lambda books: books.standings.get(list(sources)))
    return dict(Counter((sources[name], s.fault) for name, s in standings.items() if s.fault))


def _burning(core: Core) -> list[str]:
    return [_line(one) for one in core.answer.judged() if one.verdict.kind in _BAD]


_BAD = (Kind.EXHAUSTED, Kind.BURNING)


def _line(one: Judged) -> str:
    verdict, left = one.verdict, one.verdict.left
    how = "gone" if verdict.kind is Kind.EXHAUSTED else f"{verdict.severity}"
    rest = "" if left is None or left < 0 else f", {float(left):.1%} of the budget left"
    return f"{one.objective.id} ({how}{rest}): {verdict.reasons[0].text}"


def _unsent(core: Core) -> int:
    return core.record.read(lambda books: books.outbox.backlog(core.clock.now()))[0]


def _told(core: Core, deliver: Deliver, done: Cycle, patience: float) -> Cycle:
    counting = _Counting(deliver.messenger)
    replace(deliver, messenger=counting).until_empty(patience)
    return replace(
        done,
        delivered=len(counting.sent),
        waiting=_unsent(core),
        refused=dict(counting.refused),
        told=tuple(counting.sent),
    )


class _Counting:
    """A messenger that counts what arrived."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self.sent: list[str] = []
        self.refused: Counter[tuple[str, str]] = Counter()
        self.find = messenger.find
        self.delete = messenger.delete

    def post(
        self, channel: str, message: Rendered, key: str, thread: str | None, *, broadcast: bool
    ) -> tuple[str, str]:
        """See bot.ports.Messenger."""
        with self._noting(channel):
            found = self._messenger.post(channel, message, key, thread, broadcast=broadcast)
        self._note(message)
        return found

    def edit(self, channel: str, ts: str, message: Rendered) -> None:
        """See bot.ports.Messenger."""
        with self._noting(channel):
            self._messenger.edit(channel, ts, message)
        self._note(message)

    def _note(self, message: Rendered) -> None:
        self.sent.append(unescape(unmark(" ".join(message.text.split()))))

    @contextmanager
    def _noting(self, channel: str) -> Iterator[None]:
        try:
            yield
        except Refused as error:
            self.refused[channel, error.code] += 1
            raise
