"""Requests of policies put before their deciders: a few one by one, many of a channel together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.catalog import Catalog
from bot.decide.freeze import Origin
from bot.decide.summary import AT_ONCE, share
from bot.flow.announce import announce_request
from bot.flow.docket import TEMPLATE, docket_facts, topic_of
from bot.flow.facts import asked_in
from bot.flow.mention import whom_of
from bot.ports import Act, Books, Outgoing


@dataclass
class Gather:
    """In one transaction: collects what is asked, and tells it at the end."""

    books: Books
    catalog: Catalog
    ops: str
    now: datetime
    called: set[str] = field(default_factory=set)
    """Who has been mentioned already: many requests wake nobody but once."""

    def put(self, numbers: Sequence[int]) -> None:
        """Put these requests, stored a moment ago, before their deciders. What begins within a
        quarter of an hour of one another joins one message, once there are many."""
        by_channel: defaultdict[str, list[Request]] = defaultdict(list)
        for number in numbers:
            request = self.books.requests.get(number)  # others may have joined it
            if request is not None and request.state(self.now) is RequestState.PENDING:
                by_channel[self._channel(request)].append(request)
        if not by_channel:
            return
        self.books.history.hold()  # who gathers waits for all who do
        pending = self.books.requests.pending(self.now)
        for channel, some in by_channel.items():
            before = [one for one in pending if self._lately(one, channel, numbers)]
            growing = max((one.docket for one in before if one.docket is not None), default=None)
            together = growing is not None or share(len(some), len(before))
            if channel and together and all(one.wish is Wish.FREEZE for one in some):
                self._gather(channel, some, growing)
            else:
                self._one_by_one(some)

    def _channel(self, request: Request) -> str:
        return next(iter(asked_in(self.catalog, request.scope, self.ops)), "")

    def _lately(self, one: Request, channel: str, numbers: Sequence[int]) -> bool:
        """Another policy asks for a freeze in this channel, and that began not long ago."""
        freeze = (one.wish, one.origin) == (Wish.FREEZE, Origin.POLICY)
        fresh = one.id not in numbers and one.created_at > self.now - AT_ONCE
        return freeze and fresh and self._channel(one) == channel

    def _one_by_one(self, some: Sequence[Request]) -> None:
        for request in some:
            announce_request(
                self.books, self.catalog, self.ops, request, [], self.now, called=self.called
            )
            self.called |= set(whom_of(self.catalog, request))

    def _gather(self, channel: str, some: Sequence[Request], growing: int | None) -> None:
        docket = some[0].id if growing is None else growing
        self.books.requests.gather([one.id for one in some], docket)
        facts = docket_facts(self.books, self.catalog, docket, self.now)
        topic = topic_of(docket)
        act, mark = (Act.POST, "") if growing is None else (Act.EDIT, ":edit")
        said = Outgoing(f"{topic}{mark}", channel, topic, act, TEMPLATE, facts)
        self.books.outbox.put(said, self.now)
