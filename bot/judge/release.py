"""Releases as stretches of time: when each was live, and what is known of its own traffic."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.judge.ledger import Balances, Spend, between


@dataclass(frozen=True, slots=True)
class Release:
    """A version that was live in an environment. Instants: seconds since 1970."""

    version: str
    began: int
    ended: int | None = None
    """None: until another whole release takes its place, or still live."""
    share: float | None = None
    """Declared part of the traffic (0 … 1) while others are live too; None: all that is left."""
    own: Balances | None = None
    """Its own account, where the metrics bear a version label: then no share is needed."""
    rolled_back: bool = False
    commits: tuple[int, ...] = ()
    """When the commits were made that came with it, as far as known."""

    @property
    def whole(self) -> bool:
        """Whether it takes the place of the one before it, rather than a part of its traffic."""
        return self.share is None


@dataclass(frozen=True, slots=True)
class Life:
    """A release and the time in which it was live, (since, until]."""

    release: Release
    since: int
    until: int
    ended: bool
    """False: still live at the newest row."""

    def spend(self, since: int, until: int) -> Spend | None:
        """What its own account took in from `since` to `until`; None if it has none."""
        own = self.release.own
        return None if own is None else between(own.at(since), own.at(until))


def lives_of(releases: Iterable[Release], last: int) -> list[Life]:
    """Releases that began before `last`, in the order of their beginnings, each with its end: as
    given; else when the same version began anew, or, for one that is not told apart by an account
    of its own, when the next whole release began; else `last`."""
    ordered = sorted((one for one in releases if one.began < last), key=lambda one: one.began)
    found: list[Life] = []
    whole: int | None = None
    again: dict[str, int] = {}
    for one in reversed(ordered):
        ends = [one.ended, again.get(one.version), whole if one.own is None else None]
        end = one.ended if one.ended is not None else _soonest(ends)
        found.append(_life(one, end, last))
        again[one.version] = one.began
        if one.whole:
            whole = one.began
    return found[::-1]


def _soonest(ends: Iterable[int | None]) -> int | None:
    return min((end for end in ends if end is not None), default=None)


def _life(release: Release, end: int | None, last: int) -> Life:
    until = last if end is None else max(release.began, min(end, last))
    return Life(release, release.began, until, end is not None and end <= last)
