"""How much the accounts of two versions say against the newer one. Nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.canary import Pair, pair
from bot.decide.catalog import Catalog
from bot.decide.release import Release
from bot.decide.scope import Reach, Scope
from bot.flow import attributing
from bot.flow.facts import Facts, epoch
from bot.judge.abreast import abreast, account_of
from bot.judge.canary import Advice, Advised, Look, advice, evidence
from bot.judge.indicator import Scored
from bot.judge.objective import Method, Objective
from bot.judge.reason import span
from bot.judge.version import bears_versions
from bot.ports import Account, Books

REACH = timedelta(days=30)
"""Releases that were gone by then are no matter here."""
HUGE = 1e12
"""Odds beyond this are told, and kept, as this."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one objective says."""

    objective: Objective
    advised: Advised


@dataclass(frozen=True, slots=True)
class Compared:
    """Two releases that serve side by side, and what each objective says of the newer one."""

    pair: Pair
    found: tuple[Found, ...]

    @property
    def against(self) -> list[Found]:
        """The objectives that advise to roll back, the surest first."""
        found = [one for one in self.found if one.advised.advice is Advice.ROLL_BACK]
        return sorted(found, key=lambda one: -one.advised.evidence.log_e)


def releases_of(books: Books, service: str, now: datetime) -> list[Release]:
    """As the journal tells, oldest first."""
    return attributing.releases_of(books, service, now - REACH)


def compare(
    books: Books, catalog: Catalog, releases: Sequence[Release], now: datetime
) -> Compared | None:
    """None unless two versions of the service serve now. Objectives whose versions have no accounts
    of their own say nothing; nor do batches, each of which is one event, and labels that have not
    all come."""
    found = pair(releases, now)
    if found is None:
        return None
    mine = catalog.objectives_in(Scope(Reach.SERVICE, found.release.service))
    return Compared(found, tuple(_objectives(books, found, mine, now)))


def _objectives(
    books: Books, found: Pair, mine: Sequence[Objective], now: datetime
) -> Sequence[Found]:
    objectives = [one for one in mine if counts_events(one)]
    versions = found.release.version, found.beside.version
    names = [account_of(one.id, version) for one in objectives for version in versions]
    accounts = books.ledger.accounts(names)
    return [
        Found(one, _advised(books, one, sides, found, now))
        for one in objectives
        if (sides := _sides(accounts, one, versions)) is not None
    ]


def _advised(
    books: Books, one: Objective, sides: tuple[Account, Account], found: Pair, now: datetime
) -> Advised:
    versions = found.release.version, found.beside.version
    until = now - timedelta(seconds=one.label_delay)
    if one.label_delay and until <= found.since:
        sentence = (
            f"No advice on {versions[0]} yet: labels take {span(one.label_delay)}, "
            f"and it has not served that long beside {versions[1]}."
        )
        return Advised(Advice.WITHHELD, evidence(()), sentence)
    return advice(*versions, _looks(books, *sides, found.since, until))


def counts_events(objective: Objective) -> bool:
    """Whether every event of it is one of many alike."""
    batches = isinstance(objective.indicator, Scored)
    return objective.method is Method.OCCURRENCES and not batches


def _sides(
    accounts: dict[str, Account], objective: Objective, versions: tuple[str, str]
) -> tuple[Account, Account] | None:
    mine, other = (accounts.get(account_of(objective.id, one)) for one in versions)
    if mine is None or other is None:
        return None
    silent = mine.opened is None or other.opened is None
    return None if silent and bears_versions(objective) else (mine, other)


def _looks(
    books: Books, mine: Account, other: Account, since: datetime, until: datetime
) -> list[Look]:
    first, last = int(since.timestamp()), int(until.timestamp())
    rows = [books.ledger.rows(one.id, first, last) for one in (mine, other)]
    if rows[0] is None or rows[1] is None:
        return []
    return abreast(rows[0], rows[1], first, last)


def row(one: Found) -> Facts:
    """What an objective says, for messages and evidence; E cut at HUGE."""
    found = one.advised.evidence
    return {
        "objective": one.objective.id,
        "title": one.objective.title or one.objective.name,
        "advice": str(one.advised.advice),
        "sentence": one.advised.sentence,
        "e": min(HUGE, found.e),
        "b1": found.b1,
        "n1": found.n1,
        "b0": found.b0,
        "n0": found.n0,
    }


def release_facts(found: Pair, now: datetime) -> Facts:
    """Who stands against whom."""
    return {
        "service": found.release.service,
        "release": found.release.version,
        "to": found.beside.version,
        "began": epoch(found.release.began),
        "since": epoch(found.since),
        "share": float(found.release.share_at(now)),
    }
