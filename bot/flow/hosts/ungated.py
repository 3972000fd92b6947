"""Releases that never asked the gate: on record, told to their team, listed once a day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.decide.catalog import Catalog
from bot.decide.decision import Chained, Decision, Event
from bot.decide.people import BURNBAN
from bot.decide.scope import Reach, Scope
from bot.decide.seen import GRACE
from bot.flow.facts import Facts, channel_of, epoch
from bot.flow.hosts.sightings import judge
from bot.ports import Act, Books, Clock, HistoryFilter, Outgoing, Record
from bot.ports.hosts import Sighting

HOUR = 7
"""UTC, from which on the day's list goes out."""
DAY = timedelta(days=1)
KEPT = timedelta(days=90)
FOLLOWED = timedelta(days=400)
"""An object of a cluster without a release for so long is met as if for the first time."""
_MOST = 20
"""Releases in one message."""
_NAMED = 5
_LISTED = 1_000
_CHORE = "tell ungated releases"
_LEASE = 60.0


def note(
    books: Books, catalog: Catalog, seen: Sighting, now: datetime, what: str = "", former: str = ""
) -> None:
    """The row of the history. `what` moved, and where it stood before, where that is known."""
    reason = f"{seen.release} of {seen.service} was released without asking the gate"
    evidence = {
        "sighting": seen.id,
        "change": seen.release,
        "version": seen.version,
        "commit": seen.commit,
        "digest": seen.digest,
        "source": seen.source,
        "deployer": seen.who,
        "seen_at": seen.seen_at.isoformat(),
        "moved": what,
        "former": former,
    }
    scope = f"service:{seen.service}"
    version = catalog.policy_for(Scope(Reach.SERVICE, seen.service)).version
    books.history.append(
        Decision(Event.RELEASE_UNGATED, now, BURNBAN, scope, reason, evidence, version)
    )
    books.sightings.mark_told([seen.id])


def tell(books: Books, catalog: Catalog, ops: str, seen: Sequence[Sighting], now: datetime) -> None:
    """At once, to the team of each."""
    for one in seen:
        channel = channel_of(catalog, one.service, ops)
        if channel:
            topic = f"ungated:{one.id}"
            facts = _facts([row(one)], day=False)
            books.outbox.put(Outgoing(topic, channel, topic, Act.POST, "ungated", facts), now)


def _facts(rows: Sequence[Facts], *, day: bool) -> Facts:
    names = list(dict.fromkeys(str(one["service"]) for one in rows))
    more = ["…"] if len(names) > _NAMED else []
    return {
        "day": day,
        "service": ", ".join([*names[:_NAMED], *more]),
        "rows": list(rows[:_MOST]),
        "hidden": max(0, len(rows) - _MOST),
    }


def row(seen: Sighting) -> Facts:
    """One release, as `burnban releases --json` and the message list it."""
    return {
        "service": seen.service,
        "release": seen.release,
        "version": seen.version,
        "commit": seen.commit,
        "digest": seen.digest,
        "source": seen.source,
        "who": seen.who,
        "seen": epoch(seen.seen_at),
        "decision": seen.decision or None,
    }


def _passage(one: Chained) -> Facts:
    """A release that went while nobody answered, as its pipeline has told afterwards."""
    decision, said = one.decision, one.decision.evidence
    return {
        "service": decision.scope.removeprefix("service:"),
        "release": said["change"],
        "version": said["version"],
        "commit": said["commit"],
        "digest": said["digest"],
        "source": "burnban gate",
        "who": said["deployer"] or decision.actor.name,
        "seen": epoch(datetime.fromisoformat(str(said["passed_at"]))),
        "decision": one.seq,
        "why": said["why"],
    }


@dataclass(frozen=True)
class SweepReleases:
    """The flow behind the sweep, and behind `burnban releases`."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops: str

    def listing(self, *, ungated: bool, days: int = 7) -> list[Facts]:
        """Releases that were seen, and those that went while nobody answered (`why` says so),
        newest first."""
        since = self.clock.now() - timedelta(days=days)
        unasked = HistoryFilter(events=(Event.RELEASE_UNASKED,), since=since, limit=_LISTED)
        seen, went = self.record.read(
            lambda books: (
                books.sightings.since(since, ungated=ungated),
                books.history.find(unasked),
            )
        )
        known = {one.decision for one in seen}
        rows = [{**row(one), "why": ""} for one in seen]
        rows += [_passage(one) for one in went if one.seq not in known]
        return sorted(rows, key=_when, reverse=True)

    def run(self) -> int:
        """Note what never asked, once it had time to; tell of the day. How many were noted."""
        found = self.record.read(lambda books: self._open(books, self.clock.now()))
        noted = self.record.write(self._note) if found else 0
        self._tell_day()
        return noted

    def _open(self, books: Books, now: datetime) -> list[Sighting]:
        seen = books.sightings.since(now - DAY, ungated=True)
        return [one for one in seen if not one.told and one.seen_at <= now - GRACE]

    def _note(self, books: Books) -> int:
        books.history.hold()
        now = self.clock.now()
        fresh = [judge(books, one) for one in self._open(books, now)]
        ungated = [one for one in fresh if not one.decision]
        for one in ungated:
            note(books, self.catalog(), one, now)
        return len(ungated)

    def _tell_day(self) -> None:
        now = self.clock.now().astimezone(UTC)
        turn = f"{now - timedelta(hours=HOUR):%Y-%m-%d}"
        last = self.record.read(lambda books: books.chores.last(_CHORE))
        if last is not None and last[0] >= turn:
            return

        def work(books: Books) -> None:
            if books.chores.claim(_CHORE, turn, now, _LEASE):
                self._lists(books, turn, last[1] if last is not None else now - DAY, now)
                books.sightings.forget(now - KEPT)
                books.workloads.forget(now - FOLLOWED)
                books.chores.done(_CHORE, turn, now)

        self.record.write(work)

    def _lists(self, books: Books, turn: str, since: datetime, now: datetime) -> None:
        catalog = self.catalog()

        def where(one: Sighting) -> str:
            return channel_of(catalog, one.service, self.ops)

        found = books.sightings.since(since, ungated=True)
        seen = [one for one in found if one.seen_at > since]
        for channel, some in groupby(sorted(seen, key=where), where):
            rows = [row(one) for one in some]
            if channel:
                topic = f"ungated:{channel}:{turn}"
                facts = _facts(rows, day=True)
                books.outbox.put(Outgoing(topic, channel, topic, Act.POST, "ungated", facts), now)


def _when(one: Facts) -> float:
    return float(one["seen"])
