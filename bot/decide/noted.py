"""What somebody says of a release, and whether it can be believed. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from bot.decide.change import MAX_VERSION
from bot.decide.release import Note, NoteKind
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


def _check_share(word: Word) -> None:
    if (word.kind is NoteKind.SHARE) != (word.share is not None):
        sentence = "A share of the traffic is said with the kind `share`, and with no other."
        raise Unfit("share", sentence, '"kind": "share", "share": 0.1')
    if word.share is not None and not 0 <= word.share <= 1:
        raise Unfit("share", "A share lies between 0 and 1: 0.1 is a tenth of the traffic.")
