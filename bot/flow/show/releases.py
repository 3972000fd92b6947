"""Releases and what each did to the budgets: `/budget releases`, `burnban releases`, the API."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from bot.decide.catalog import Catalog
from bot.decide.release import Note, Release, journal
from bot.decide.scope import Reach
from bot.decide.stages import Blame, Charge, delivery_of
from bot.flow.attributing import Attributed, attributed, releases_of
from bot.flow.facts import Facts, epoch, scope_words, services_of, window_words
from bot.flow.gated import Word, judged
from bot.judge.delivery import Delivery, Figure, Outcome, worst_of
from bot.ports import Books, Clock, Record

PAGE = 8
"""Rows of a table in Slack, each with a line of its own."""
LATELY = timedelta(days=30)
"""The time that the figures of delivery are about, and the list of more than one service."""


@dataclass(frozen=True)
class _Seen:
    """The releases of one service and what became of its budgets."""

    service: str
    releases: Sequence[Release]
    budgets: Sequence[Attributed]

    @cached_property
    def _known(self) -> Mapping[str, list[tuple[Attributed, Charge]]]:
        found: defaultdict[str, list[tuple[Attributed, Charge]]] = defaultdict(list)
        for budget in self.budgets:
            for charge in budget.charges:
                found[charge.release.key].append((budget, charge))
        return found

    def charges(self, release: Release) -> list[tuple[Attributed, Charge]]:
        """What it did to each budget, the one that it burned most first."""
        return sorted(self._known.get(release.key, []), key=lambda pair: -pair[1].burn)

    def outcomes(self, release: Release) -> list[Outcome]:
        """As each budget judges it."""
        return [charge.outcome for _, charge in self.charges(release)]


@dataclass(frozen=True)
class ShowReleases:
    """The flow that looks at the journal; nothing is changed."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def facts(self, word: str = "all", page: int = 1) -> Facts:
        """One page of the releases of a scope, newest first; of a single service with what nobody
        can be charged with. Raises UserError for a word that means no scope."""
        catalog, now = self.catalog(), self.clock.now()
        scope = catalog.scope(word)
        names = services_of(catalog, scope)
        alone = scope.reach is Reach.SERVICE

        def work(books: Books) -> Facts:
            seen = {name: _look(books, catalog, name, now) for name in names if alone}
            found = [r for one in seen.values() for r in one.releases]
            rows = _newest_first(found if alone else _lately(books, names, now))
            pages = max(1, -(-len(rows) // PAGE))
            at = min(max(1, page), pages)
            shown = rows[(at - 1) * PAGE : at * PAGE]
            for name in {one.service for one in shown} - seen.keys():
                seen[name] = _look(books, catalog, name, now)
            said = judged(books, shown)
            return {
                "scope": scope_words(scope),
                "filter": catalog.word(scope),
                "alone": alone,
                "rows": [row(seen[one.service], one, now, said[one.key]) for one in shown],
                "total": len(rows),
                "page": at,
                "pages": pages,
                "days": LATELY.days,
                **_summary(list(seen.values()) if alone else [], now),
            }

        return self.record.read(work)

    def listing(self, service: str, before: datetime | None, limit: int) -> list[Facts]:
        """At most so many releases of a service that began before that, newest first."""
        catalog, now = self.catalog(), self.clock.now()

        def work(books: Books) -> list[Facts]:
            seen = _look(books, catalog, service, now)
            late = [one for one in reversed(seen.releases) if before is None or one.began < before]
            said = judged(books, late[:limit])
            return [row(seen, one, now, said[one.key]) for one in late[:limit]]

        return self.record.read(work)


def _oldest(catalog: Catalog, service: str, now: datetime) -> datetime:
    """When the longest budget window of a service began."""
    mine = [one for one in catalog.objectives if one.service == service]
    return min((one.window.bounds(now)[0] for one in mine), default=now - LATELY)


def _lately(books: Books, names: Sequence[str], now: datetime) -> Iterator[Release]:
    """Those of many services, in no order."""
    notes: defaultdict[str, list[Note]] = defaultdict(list)
    for note in books.journal.of(names, now - LATELY):
        notes[note.service].append(note)
    for some in notes.values():
        yield from journal(some)


def _newest_first(found: Iterable[Release]) -> list[Release]:
    return sorted(found, key=lambda one: (one.began, one.service, one.version), reverse=True)


def _summary(seen: Collection[_Seen], now: datetime) -> Facts:
    """Of a single service."""
    figures = delivery_facts(_delivery(seen, now - LATELY, now)) if seen else None
    rests = [_rest(budget) for one in seen for budget in one.budgets]
    return {"unattributed": rests, "delivery": figures}


def _look(books: Books, catalog: Catalog, service: str, now: datetime) -> _Seen:
    mine = [one for one in catalog.objectives if one.service == service]
    releases = releases_of(books, service, _oldest(catalog, service, now))
    return _Seen(service, releases, attributed(books, mine, releases))


def _delivery(seen: Iterable[_Seen], since: datetime, until: datetime) -> Delivery:
    releases = [(one, release) for one in seen for release in one.releases]
    outcomes = {release.key: one.outcomes(release) for one, release in releases}
    return delivery_of([release for _, release in releases], outcomes, since, until)


def row(seen: _Seen, release: Release, now: datetime, said: Word) -> Facts:
    """One release; its figures are those of the budget that it burned most. `better`: for which
    other it did most for certain, for what is better there may be worth what is worse here.
    `stopped`: the decision by which the gate stopped it, where it went all the same."""
    found = seen.charges(release)
    worst, charge = found[0] if found else (None, None)
    return {
        "service": release.service,
        "version": release.version,
        "began": epoch(release.began),
        "ended": epoch(release.ended),
        "live": release.live(now),
        "end": str(release.end or ""),
        "presumed": release.presumed,
        "share": float(release.share_at(now)),
        "by": release.actor,
        "commit": release.commit,
        "digest": release.digest,
        "origins": list(release.origins),
        "decision": said.let_go or None,
        "stopped": said.stopped or None,
        "outcome": worst_of(seen.outcomes(release)).value,
        "objective": worst.objective.name if worst is not None else "",
        "title": (worst.objective.title or worst.objective.name) if worst is not None else "",
        "window": window_words(worst.objective.window) if worst is not None else "",
        **charge_facts(charge),
        "better": _better(found[1:]),
        "objectives": [{"objective": b.objective.name, **charge_facts(c)} for b, c in found],
    }


def _better(found: Iterable[tuple[Attributed, Charge]]) -> Facts | None:
    """None if nothing is better for certain. In rates: as a share of the budget it would be what
    the bad time before had cost if it had lasted as long, and that never was."""
    better = [(b, c.blame) for b, c in found if c.blame is not None and c.blame.high < 0]
    if not better:
        return None
    budget, blame = min(better, key=lambda pair: pair[1].share)
    return {
        "objective": budget.objective.name,
        "title": budget.objective.title or budget.objective.name,
        "control": str(blame.control),
        **_rates(blame),
    }


def _rates(blame: Blame) -> Facts:
    """Bad events of each that it served, and of each that the control did."""
    return {"rate": blame.bad / blame.eligible, "rate0": blame.bad0 / blame.eligible0}


def charge_facts(charge: Charge | None) -> Facts:
    """What a release did to one budget; 1 is all of it."""
    blame = charge.blame if charge is not None else None
    return {
        "bad": charge.bad if charge is not None else None,
        "eligible": charge.eligible if charge is not None else None,
        "burn": float(charge.burn) if charge is not None else None,
        "excess": float(charge.excess) if charge is not None else None,
        "caused": None
        if blame is None
        else {
            "share": blame.share,
            "low": blame.low,
            "high": blame.high,
            "control": str(blame.control),
            "bad": blame.bad,
            "eligible": blame.eligible,
            "bad0": blame.bad0,
            "eligible0": blame.eligible0,
            **_rates(blame),
        },
    }


def _rest(one: Attributed) -> Facts:
    return {
        "objective": one.objective.name,
        "title": one.objective.title or one.objective.name,
        "burn": float(one.found.unattributed),
        "consumed": float(one.found.consumed),
        "window": window_words(one.objective.window),
    }


def delivery_facts(found: Delivery) -> Facts:
    """The four key figures; one that does not exist says why."""
    figures = {
        "frequency": found.frequency,
        "lead": found.lead,
        "failures": found.failures,
        "restore": found.restore,
    }
    return {name: _figure(one) for name, one in figures.items()}


def _figure(one: Figure) -> Facts:
    return {"value": one.value, "count": one.count, "reason": one.reason}
