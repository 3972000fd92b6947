"""What somebody says of a release, and whether it can be believed. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from bot.decide.change import MAX_VERSION
from bot.decide.release import OPENING, WHOLE, Note, NoteKind, journal
from bot.errors import Unfit

AHEAD = timedelta(seconds=300)
"""How far another clock may be ahead of ours."""
OLDEST = timedelta(days=400)
WRITTEN = timedelta(days=3_650)
"""How long before its release a change may have been written."""
_VERSION = re.compile(rf"[!-~]{{1,{MAX_VERSION}}}")
ENDS = (NoteKind.ENDED, NoteKind.ROLLED_BACK, NoteKind.FAILED)
"""What can only be said of a version that was told of before."""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says of a release; at least one of version, commit and digest names it."""

    service: str
    version: str
    kind: NoteKind
    at: datetime | None = None
    """None: now."""
    share: Fraction | None = None
    """Of the traffic, 0 … 1: said for `share` and for nothing else."""
    commit: str = ""
    digest: str = ""
    committed: datetime | None = None
    actor: str = ""
    """Who released, as the teller calls them."""

    def same(self, note: Note) -> bool:
        """Whether the note says this, as far as this says anything."""
        said = (self.service, self.kind, self.share, self.commit, self.digest)
        has = (note.service, note.kind, note.share, note.commit, note.digest)
        then = self.at is None or abs(self.at - note.at) <= AHEAD  # by a clock that was ahead
        return said == has and self.version in ("", note.version) and then


def check(word: Word, now: datetime) -> None:
    """Raises Unfit, naming the field."""
    if word.version and not _VERSION.fullmatch(word.version):
        sentence = f"A version has 1 to {MAX_VERSION} letters, figures and signs, and no space."
        raise Unfit("version", sentence, "38")
    _check_share(word)
    at = word.at or now
    if at > now + AHEAD:
        raise Unfit("at", "That is a time to come: tell of it once it has happened.")
    if at < now - OLDEST:
        raise Unfit("at", f"That is more than {OLDEST.days} days ago.")
    if word.committed is not None and not at - WRITTEN <= word.committed <= at:
        raise Unfit("committed", "The change was written after its release, or ten years before.")


def end_of(word: Word, notes: Sequence[Note], at: datetime) -> datetime:
    """When what `word` ends had ended, if it had ended at `at`: no release ends before it begins.
    Of a clock that is a little behind the one that told the beginning, it is that. `notes`: of the
    service. Raises Unfit."""
    mine = [one.at for one in notes if one.version == word.version and one.kind in OPENING]
    began = min(mine, default=at)
    if began - at > AHEAD:
        told = f"{began.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        sentence = f"That is before {word.version} began, which was told for {told}."
        raise Unfit("at", f"{sentence} An end is not earlier than the beginning.", told)
    return max(at, began)


def check_sum(word: Word, notes: Sequence[Note], at: datetime) -> None:
    """The shares that are told for one time are at most all of the traffic. Who serves all that is
    left makes room; who was told to serve a share does not. Raises Unfit."""
    others = {
        release.version: release.share_at(at)
        for release in journal(notes)
        if release.version != word.version and release.share_at(at) < WHOLE
    }
    taken = sum(others.values(), Fraction(0))
    if word.share is None or not taken or taken + word.share <= WHOLE:
        return
    names = ", ".join(f"{name} {_percent(share)}" for name, share in others.items() if share)
    sentence = f"Together that is {_percent(taken + word.share)} of the traffic: {names} already."
    raise Unfit("share", f"{sentence} Tell first that another one serves less, or has ended.")


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.4g} %"


def _check_share(word: Word) -> None:
    if (word.kind is NoteKind.SHARE) != (word.share is not None):
        sentence = "A share of the traffic is said with the kind `share`, and with no other."
        raise Unfit("share", sentence, '"kind": "share", "share": 0.1')
    if word.share is not None and not 0 <= word.share <= 1:
        raise Unfit("share", "A share lies between 0 and 1: 0.1 is a tenth of the traffic.")
