"""Addresses outside are told of what happens: each decision once into the outbox, in the order of
the history; the outbox sees to the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.outside import Hook
from bot.decide.told import body_of, concerns, events_of
from bot.ports import Act, Books, Clock, HistoryFilter, Outgoing, Record

PREFIX = "hook:"
"""Of the channels that are no channels of Slack's."""
TEMPLATE = "hook"
"""What is sent there is no message to people: the body goes out as it is."""
_MOST = 100
"""Decisions in one transaction."""
_PLACES = 12
"""Figures of a sequence number as a turn: turns are texts that sort."""


@dataclass(frozen=True)
class TellHooks:
    """The flow that follows the history for them. An address that is new in the specs is told from
    then on."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def run(self) -> int:
        """How many were put on their way."""
        return sum(self._follow(hook) for hook in self.catalog().outside.hooks.values())

    def _follow(self, hook: Hook) -> int:
        head, last = self.record.read(
            lambda books: (books.history.head()[0], books.chores.last(_chore(hook)))
        )
        if last is not None and int(last[0]) >= head:
            return 0
        return self.record.write(lambda books: self._put(books, hook))

    def _put(self, books: Books, hook: Hook) -> int:
        # Nobody else follows for it meanwhile, and what is read stays the newest.
        books.history.hold()
        now, head = self.clock.now(), books.history.head()[0]
        last = books.chores.last(_chore(hook))
        if last is None:
            books.chores.done(_chore(hook), _turn(head), now)
            return 0
        wanted = HistoryFilter(events=events_of(hook), after=int(last[0]), limit=_MOST)
        rows = sorted(books.history.find(wanted), key=lambda row: row.seq)
        fitting = [row for row in rows if concerns(row)]
        for row in fitting:
            name = f"{PREFIX}{hook.name}"
            key = f"{name}:{row.seq}"
            # Patient: what an address refuses is not copied into the operators' channel.
            told = Outgoing(key, name, key, Act.POST, TEMPLATE, body_of(row), patient=True)
            books.outbox.put(told, now)
        reached = rows[-1].seq if len(rows) == _MOST else head
        books.chores.done(_chore(hook), _turn(reached), now)
        return len(fitting)


def _chore(hook: Hook) -> str:
    return f"{PREFIX}{hook.name}"


def _turn(seq: int) -> str:
    return f"{seq:0{_PLACES}}"
