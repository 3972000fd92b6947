"""Releases that went without the gate's word: they never asked, or it stopped them and they went
all the same. On record, told to their team, listed once a day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.decision import Chained, Decision, Event
from bot.decide.people import BURNBAN
from bot.decide.release import Release
from bot.decide.scope import Reach, Scope
from bot.decide.seen import GRACE, let_go
from bot.flow.facts import Facts, channel_of, epoch
from bot.flow.gated import Passage, Word, went_without, words_for
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
_UNASKED = "without asking the gate"
_CHORE = "tell ungated releases"
_LEASE = 60.0


def note(
    books: Books, catalog: Catalog, seen: Sighting, now: datetime, what: str = "", former: str = ""
) -> None:
    """The row of the history. `what` moved, and where it stood before, where that is known."""
    stopped = _stopped(books, [seen])[seen.id]
    how = f"although the gate had stopped it (decision {stopped})" if stopped else _UNASKED
    reason = f"{seen.release} of {seen.service} was released {how}"
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
        "stopped": stopped,
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
            facts = _facts([row(one, _stopped(books, [one])[one.id])], day=False)
            books.outbox.put(Outgoing(topic, channel, topic, Act.POST, "ungated", facts), now)


def _facts(rows: Sequence[Facts], *, day: bool) -> Facts:
    names = list(dict.fromkeys(str(one["service"]) for one in rows))
    more = ["…"] if len(names) > _NAMED else []
    stopped = sum(one["stopped"] is not None for one in rows)
    return {
        "day": day,
        "service": ", ".join([*names[:_NAMED], *more]),
        "rows": list(rows[:_MOST]),
        "hidden": max(0, len(rows) - _MOST),
        "stopped": stopped,
        "how": _how(stopped, len(rows)),
    }


def _how(stopped: int, total: int) -> str:
    if stopped == 0:
        return _UNASKED
    if stopped < total:
        return "without the gate's word"
    return f"although the gate had stopped {'it' if total == 1 else 'them'}"


def _stopped(books: Books, some: Sequence[Sighting]) -> dict[int, int]:
    """By the id of each, the decision that stopped it; 0: there is none."""
    seen = [Passage(s.service, s.version, s.commit, s.digest, s.seen_at) for s in some]
    words = words_for(books, seen)
    return {one.id: word.stopped for one, word in zip(some, words, strict=True)}


def row(seen: Sighting, stopped: int = 0) -> Facts:
    """One release, as `burnban releases --json` and the message list it. `stopped`: by which
    decision the gate stopped it, if it did; it went all the same."""
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
        "stopped": stopped or None,
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
        "stopped": None,
        "why": said["why"],
    }


def _of_journal(release: Release, stopped: int) -> Facts:
    """A release that only the journal was told of."""
    change = Change(release.service, release.version, release.commit, release.digest)
    return {
        "service": release.service,
        "release": change.name,
        "version": release.version,
        "commit": release.commit,
        "digest": release.digest,
        "source": release.origins[0],
        "who": release.actor,
        "seen": epoch(release.began),
        "decision": None,
        "stopped": stopped or None,
    }


def _unseen(
    books: Books, catalog: Catalog, seen: Sequence[Sighting], since: datetime
) -> Iterator[tuple[Release, Word]]:
    """Of the journal, what no host and no registry saw."""
    for release, word in went_without(books, list(catalog.services), since):
        names = {"version": release.version, "commit": release.commit, "digest": release.digest}
        mine = (asdict(one) for one in seen if one.service == release.service)
        if not any(let_go(names, one) for one in mine):
            yield release, word


@dataclass(frozen=True)
class SweepReleases:
    """The flow behind the sweep, and behind `burnban releases`."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops: str

    def listing(self, *, ungated: bool, days: int = 7) -> list[Facts]:
        """Releases that were seen, and those that went while nobody answered (`why` says so),
        newest first. `ungated`: those without the gate's word, also where only the journal was
        told of them."""
        since = self.clock.now() - timedelta(days=days)
        unasked = HistoryFilter(events=(Event.RELEASE_UNASKED,), since=since, limit=_LISTED)

        def work(books: Books) -> list[Facts]:
            seen = books.sightings.since(since)
            known = {one.decision for one in seen}
            went = [one for one in books.history.find(unasked) if one.seq not in known]
            shown = [one for one in seen if not (ungated and one.decision)]
            rows = self._rows(books, shown)
            if ungated:
                found = _unseen(books, self.catalog(), seen, since)
                rows += [_of_journal(one, word.stopped) for one, word in found]
            return [{**one, "why": ""} for one in rows] + [_passage(one) for one in went]

        return sorted(self.record.read(work), key=_when, reverse=True)

    def _rows(self, books: Books, some: Sequence[Sighting]) -> list[Facts]:
        stopped = _stopped(books, [one for one in some if not one.decision])
        return [row(one, stopped.get(one.id, 0)) for one in some]

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

        def where(one: Facts) -> str:
            return channel_of(catalog, one["service"], self.ops)

        seen = [one for one in books.sightings.since(since) if one.seen_at > since]
        found = self._rows(books, [one for one in seen if not one.decision])
        # What only the journal knows and nobody asked about: some tell it all, and use no gate.
        went = _unseen(books, catalog, seen, since)
        found += [_of_journal(one, word.stopped) for one, word in went if word.stopped]
        for channel, some in groupby(sorted(found, key=where), where):
            rows = list(some)
            if channel:
                topic = f"ungated:{channel}:{turn}"
                facts = _facts(rows, day=True)
                books.outbox.put(Outgoing(topic, channel, topic, Act.POST, "ungated", facts), now)


def _when(one: Facts) -> float:
    return float(one["seen"])
