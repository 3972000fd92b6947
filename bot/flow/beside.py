"""What two versions of a service did while both served: from their accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.release import Release
from bot.flow.attributing import releases_of
from bot.judge.abreast import abreast, account_of
from bot.judge.canary import Look
from bot.judge.objective import Objective
from bot.judge.stake import Change
from bot.judge.version import tells_versions
from bot.ports import Books

LATELY = timedelta(days=30)
"""So far back releases are looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """Bad and all events of a release, and of the one beside it, over the same time."""

    bad: float
    eligible: float
    bad0: float
    eligible0: float

    @property
    def change(self) -> Change:
        """Of the rate of bad events, with its interval."""
        return Change.of(self.bad, self.eligible, self.bad0, self.eligible0)


@dataclass(frozen=True, slots=True)
class Beside:
    """A version, the one that served beside it, and the time in which both did."""

    version: str
    other: str
    since: int
    until: int
    now: int

    def of(self, books: Books, objective: Objective) -> Found | None:
        """What one objective counted of each; None where nothing tells them apart, or one of them
        served nothing."""
        if not tells_versions(objective) or self.waits(objective):
            return None
        found = self._counted(books, objective)
        return found if found.eligible > 0 and found.eligible0 > 0 else None

    def waits(self, objective: Objective) -> bool:
        """Whether nothing that both served is old enough for its labels to be there."""
        return objective.label_delay > 0 and self._until(objective) <= self.since

    def _until(self, objective: Objective) -> int:
        return min(self.until, self.now - objective.label_delay)

    def _counted(self, books: Books, objective: Objective) -> Found:
        names = [account_of(objective.id, one) for one in (self.version, self.other)]
        accounts, until = books.ledger.accounts(names), self._until(objective)
        mine, theirs = (
            books.ledger.rows(accounts[name].id, self.since, until) if name in accounts else None
            for name in names
        )
        looks: list[Look] = []
        if mine is not None and theirs is not None:
            looks = abreast(mine, theirs, self.since, until)
        both = [one for one in looks if one.total > 0 and one.total0 > 0]
        return Found(
            sum(one.bad for one in both),
            sum(one.total for one in both),
            sum(one.bad0 for one in both),
            sum(one.total0 for one in both),
        )


def beside(books: Books, service: str, version: str, now: datetime) -> Beside | None:
    """The last time that a version served, and the one that served beside it for longest; None if
    nobody told of that."""
    releases = releases_of(books, service, now - LATELY)
    mine = [one for one in releases if one.version == version and one.began <= now]
    if not mine:
        return None
    release = mine[-1]
    found = [
        (span, other.version)
        for other in releases
        if other.version != version and (span := _both(release, other, now)) is not None
    ]
    if not found:
        return None
    (since, until), other = max(found, key=lambda one: one[0][1] - one[0][0])
    return Beside(version, other, int(since), int(until), int(now.timestamp()))


def _both(one: Release, other: Release, now: datetime) -> tuple[float, float] | None:
    began = max(one.began, other.began)
    ended = min(_end(one, now), _end(other, now))
    return (began.timestamp(), ended.timestamp()) if began < ended else None


def _end(release: Release, now: datetime) -> datetime:
    return now if release.ended is None else min(now, release.ended)
