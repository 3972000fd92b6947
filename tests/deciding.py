"""The flows of decisions on any Record: one team, two services, people who are on call, approve, do
both, or neither."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.decide.approval import Choice, Request, Ruling, Wish
from bot.decide.catalog import Catalog, Team
from bot.decide.change import Change
from bot.decide.freeze import Freeze
from bot.decide.identity import Identities, Identity
from bot.decide.override import Grant, Run, over_since, override_state
from bot.decide.people import Actor, Door, Group
from bot.decide.policy import DEFAULT, Approvals, Policy
from bot.decide.quorum import APPROVERS, ON_CALL, Need, Quorum
from bot.decide.service import Service
from bot.flow.ask.request import AskFor, Outcome, Plea
from bot.flow.ask.take_back import TakeBack
from bot.flow.ask.vote import CastVote
from bot.flow.override.card import named
from bot.flow.override.request import AskOverride
from bot.flow.override.revoke import RevokeOverride
from bot.flow.override.settle import SettleOverrides
from bot.flow.override.use import UseOverride
from bot.flow.tell.tidy import Tidy
from bot.ports import Books, HistoryFilter, Record
from tests.builders import NOON, person, when
from tests.fakes import FakeClock, FakeDirectory

LIVES, USABLE = 600, 900
"""Seconds that a request lives, and that a grant may be used."""
BOTH = Quorum((Need(ON_CALL, 1), Need(APPROVERS, 1)))
POLICY = replace(DEFAULT, approvals=Approvals(override=BOTH, expires=LIVES, usable=USABLE))
CALL, LEADS, OTHERS = ("ada", "ben", "uma"), ("lead", "uma"), ("eve", "max")
V38 = Change("ranker", "38")
TEAM, OPS = "#search", "#ops"


def user(name: str) -> str:
    return f"U{name.upper()}"


@dataclass
class Stage:
    """Short ways to let people decide; names are small letters."""

    record: Record
    policy: Policy = POLICY
    clock: FakeClock = field(default_factory=lambda: FakeClock(when(NOON)))
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    identities: Identities = field(default_factory=Identities)

    def __post_init__(self) -> None:
        for name in (*CALL, "lead", *OTHERS):
            self.directory.add(person(name))
        self.directory.groups["S1"] = {user(name) for name in CALL}

    def catalog(self) -> Catalog:
        mine = self.policy.name
        services = {n: Service(n, "", "search", policy=mine) for n in ("ranker", "recs")}
        approvers = Group(users=tuple(user(name) for name in LEADS))
        team = Team("search", "Search", TEAM, Group(("S1",)), approvers)
        return Catalog(
            (), services, {"search": team}, {mine: self.policy}, identities=self.identities
        )

    def freeze(self, word: str = "ranker", hours: float | None = None, by: str = "ada") -> Outcome:
        end = None if hours is None else self.clock.now() + timedelta(hours=hours)
        return self._plea(Wish.FREEZE, word, by, end)

    def unfreeze(self, word: str = "ranker", by: str = "ada") -> Outcome:
        return self._plea(Wish.UNFREEZE, word, by, None)

    def _plea(self, wish: Wish, word: str, by: str, end: datetime | None) -> Outcome:
        plea = Plea(wish, self.catalog().scope(word), "why", end)
        flow = AskFor(self.record, self.clock, self.catalog, self.directory, OPS)
        return flow.run(plea, self.actor(by))

    def override(self, change: Change = V38, by: str = "eve") -> Outcome:
        flow = AskOverride(self.record, self.clock, self.catalog, self.directory, OPS)
        return flow.run(change, "why", self.actor(by))

    def asked(self, change: Change = V38, by: str = "eve") -> Request:
        found = self.override(change, by).request
        assert found is not None
        return found

    def granted(self, change: Change = V38, by: str = "eve") -> Request:
        request = self.asked(change, by)
        for name in ("ada", "lead"):
            self.vote(request.id, name)
        return request

    def vote(self, number: int, by: str, choice: Choice = Choice.APPROVE, once: str = "") -> Ruling:
        flow = CastVote(self.record, self.clock, self.catalog, self.directory, OPS)
        return flow.run(number, user(by), choice, once)

    def taking(self) -> TakeBack:
        return TakeBack(self.record, self.clock, self.catalog, OPS)

    def use(
        self, change: Change = V38, run: str = "1", freezes: Sequence[int] = ()
    ) -> Grant | None:
        flow = UseOverride(self.record, self.clock, self.catalog, OPS)
        return flow.run(change, freezes, Run("github", run))

    def revoke(self, number: int, by: str = "ada") -> str:
        flow = RevokeOverride(self.record, self.clock, self.catalog, self.directory, OPS)
        return flow.run(number, "why", self.actor(by))

    def settle(self) -> int:
        return SettleOverrides(self.record, self.clock, self.catalog, OPS).run()

    def tidy(self) -> int:
        return Tidy(self.record, self.clock, self.catalog, OPS).run()

    def standing(self) -> list[Freeze]:
        """Freezes that are not over."""
        return self.record.read(lambda books: books.freezes.standing(self.clock.now()))

    def states(self, numbers: Iterable[int]) -> dict[int, str]:
        """Where each of these requests stands; of an override, with its grant."""
        now, wanted = self.clock.now(), list(numbers)

        def look(books: Books, number: int) -> str:
            request = books.requests.get(number)
            assert request is not None
            if request.wish is not Wish.OVERRIDE:
                return str(request.state(now))
            over = over_since(named(books, request), now)
            return str(override_state(request, books.grants.of_request(number), now, over))

        return self.record.read(lambda books: {n: look(books, n) for n in wanted})

    def votes(self, numbers: Iterable[int]) -> dict[int, dict[str, str]]:
        """Who has voted what on each of these requests."""
        wanted = list(numbers)
        found = self.record.read(lambda books: {n: books.requests.votes(n) for n in wanted})
        return {n: {v.voter.name: str(v.choice) for v in cast} for n, cast in found.items()}

    def actor(self, name: str) -> Actor:
        return Actor(user(name), name, Door.SLACK)

    def events(self) -> list[str]:
        """The history, oldest first."""
        rows = self.record.read(lambda books: books.history.find(HistoryFilter(limit=10_000)))
        return [str(row.decision.event) for row in reversed(rows)]

    def sound(self) -> bool:
        """Whether no row of the history is bad."""
        return self.record.read(lambda books: books.history.verify()).broken is None


def one_person(*ids: str) -> Identities:
    """A map of one person."""
    return Identities.of([Identity(ids)])
