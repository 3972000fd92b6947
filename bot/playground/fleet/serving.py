"""Which versions serve on the replayed day, and what the pipelines tell of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from bot.decide.noted import Word
from bot.decide.release import NoteKind
from bot.playground.fleet.happenings import BEFORE, RELEASES, Release

Part = tuple[str, float]
"""A version and its share of the traffic (0 … 1)."""
_ALL: Sequence[Release] = (*BEFORE, *RELEASES)


@lru_cache(maxsize=8_192)
def parts(service: str, minute: int) -> tuple[Part, ...]:
    """What serves in the minute that ends at `minute`: the version that has been there, then the
    one beside it. Empty before the first that is told of."""
    mine = [one for one in _ALL if one.service == service and one.at < minute]
    taken = [one for one in mine if one.over < minute and not one.back]
    if not taken:
        return ()
    whole = max(taken, key=lambda one: one.over)
    beside = next((one for one in mine if minute <= one.over and one.share < 1), None)
    if beside is None:
        return ((whole.version, 1.0),)
    return (whole.version, 1 - beside.share), (beside.version, beside.share)


def words(start: datetime) -> list[Word]:
    """All that is told to the journal, by time."""
    found = [word for one in _ALL for word in _of(one, start)]
    return sorted(found, key=lambda word: word.at or start)


def _of(release: Release, start: datetime) -> Iterator[Word]:
    service, version = release.service, release.version
    at, over = (start + timedelta(minutes=minute) for minute in (release.at, release.over))
    if release.beside:
        share = Fraction(str(release.share))
        yield Word(service, version, NoteKind.SHARE, at, share)
    if release.back:
        yield Word(service, version, NoteKind.ROLLED_BACK, over)
    else:
        yield Word(service, version, NoteKind.BEGAN, over)
    gone = _replaced_at(release)
    if gone:
        yield Word(service, gone, NoteKind.ROLLED_BACK, over)


def _replaced_at(release: Release) -> str:
    """The version that a return to an earlier one takes back; empty if it is no return."""
    earlier = [one for one in _ALL if one.service == release.service and one.at < release.at]
    if release.version not in {one.version for one in earlier}:
        return ""
    return max(earlier, key=lambda one: one.over).version
