"""A request must not vanish unheard: nobody can decide it, nobody has, or who may does not know."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.episode import Standing, still_asks
from bot.decide.freeze import Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Mode, Policy
from bot.errors import DeliveryError
from bot.flow.ask.calling import uncalled
from bot.flow.ask.callout import by_message, call, tell_operators
from bot.flow.ask.escalate import ask_fallback
from bot.flow.ask.remembering import Remembering
from bot.flow.ask.shortage import lacking
from bot.flow.ask.undecided import tell_undecided
from bot.flow.facts import asked_in
from bot.flow.grounds import grounds
from bot.flow.mention import MOST, nobody_home
from bot.flow.poll.unwatched import lost_causes
from bot.ports import Books, Clock, Directory, Record

log = logging.getLogger(__name__)

_OR_OPS = "Or set BURNBAN_OPS_CHANNEL."


@dataclass(frozen=True)
class Insist:
    """Look whether the policy's open requests can be decided at all, each once, and tell the
    operators if not. People's own requests are checked when they are made. In the thread of every
    open request call those whom its message could not mention."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str
    _looked: set[int] = field(default_factory=set)
    """Spares Slack the same question; after a restart it is asked again, and told once."""

    def run(self) -> int:
        """How many requests nobody can decide, of those not looked at before."""
        pending = self.record.read(lambda books: books.requests.pending(self.clock.now()))
        fresh = [r for r in pending if r.id not in self._looked]
        called: set[str] = set()
        asking = replace(self, directory=Remembering(self.directory))
        try:
            return sum(asking._look(some, called) for some in by_message(fresh))
        except DeliveryError as error:
            log.warning("who may decide could not be looked up: %s", error)
            return 0

    def _look(self, some: Sequence[Request], called: set[str]) -> int:
        """At requests that share a message, or at one."""
        catalog, ops = self.catalog(), self.ops_channel
        if not asked_in(catalog, some[0].scope, ops):
            self._unheard(catalog, some)
            return 0
        stuck = {r.id: why for r in some if (why := self._lacking(catalog, r))}
        # Many requests at once wake nobody but once.
        found = dict.fromkeys(u for r in some for u in uncalled(self.directory, catalog, r))
        whom = [user for user in found if user not in called][:MOST]
        called |= set(whom)
        now = self.clock.now()

        def work(books: Books) -> None:
            self._tell_stuck(books, catalog, [r for r in some if r.id in stuck], stuck, now)
            if whom:
                call(books, catalog, ops, some, whom, now)

        if stuck or whom:
            self.record.write(work)
        self._looked.update(one.id for one in some)
        return len(stuck)

    def _lacking(self, catalog: Catalog, request: Request) -> str:
        if request.origin is not Origin.POLICY:
            return ""
        by = request.requester.id
        return lacking(self.directory, catalog, request.scope, by, request.quorum)

    def _tell_stuck(
        self,
        books: Books,
        catalog: Catalog,
        some: Sequence[Request],
        why: Mapping[int, str],
        now: datetime,
    ) -> None:
        policies = {one.id: catalog.policy_for(one.scope) for one in some}
        if helped := [one for one in some if policies[one.id].approvals.fallback]:
            ask_fallback(books, catalog, self.ops_channel, helped, (), now)
        alike: defaultdict[str, list[Request]] = defaultdict(list)
        for one in some:
            alike[why[one.id]].append(one)
        for sentence, theirs in alike.items():
            tell_operators(books, catalog, self.ops_channel, theirs, sentence, now)

    def _unheard(self, catalog: Catalog, some: Sequence[Request]) -> None:
        for one in some:
            why = nobody_home(catalog, one.scope)
            log.error("%s", f"request {one.id} was told to nobody. {why} {_OR_OPS}")
            self._looked.add(one.id)


def ask_again(
    books: Books, catalog: Catalog, ops: str, request: Request, now: datetime
) -> list[int]:
    """A request of a policy that nobody decided in time is made again as long as its cause stands,
    and the operators are told: at most once in the time that a request lives. The number of the new
    one, still to be put before its deciders; none, if it is not made."""
    causes = _standing_causes(books, catalog, request, now)
    if not causes:
        return []
    again = replace(
        request,
        id=0,
        created_at=now,
        expires_at=now + (request.expires_at - request.created_at),
        cause=", ".join(causes),
        evidence=grounds(books, catalog, causes, now),
        docket=None,
    )
    stored = books.requests.add(again)
    version = catalog.policy_for(request.scope).version
    lift = request.wish is Wish.UNFREEZE
    for number in request.freezes:
        books.freezes.reminded(number, now)
    evidence = {
        "request": stored.id, "instead_of": request.id, "freezes": list(request.freezes)
    }  # fmt: skip
    event = Event.UNFREEZE_REQUESTED if lift else Event.FREEZE_REQUESTED
    books.history.append(
        Decision(
            event, now, BURNBAN, str(request.scope), request.reason, evidence, version,
            "" if lift else causes[0],
        )
    )  # fmt: skip
    tell_undecided(books, ops, request, stored.id, now)
    return [stored.id]


def _standing_causes(books: Books, catalog: Catalog, request: Request, now: datetime) -> list[str]:
    """The objectives for which the policy would ask today."""
    if request.origin is not Origin.POLICY:
        return []
    if request.wish is not Wish.FREEZE:
        freezes = [books.freezes.get(number) for number in request.freezes]
        standing = [freeze for freeze in freezes if freeze is not None and freeze.in_force(now)]
        return [cause for freeze in standing for cause in lost_causes(catalog, freeze)]
    known = books.standings.get(request.causes)
    found = [one for one in catalog.objectives if one.id in request.causes]
    return [
        one.id
        for one in found
        if _asks(known.get(one.id, Standing(one.id)), catalog.policy_of(one))
    ]


def _asks(standing: Standing, policy: Policy) -> bool:
    """A policy that only watches by now asks nobody."""
    return policy.mode is Mode.ENFORCE and still_asks(standing, policy)
