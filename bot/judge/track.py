"""An estimate of quality without labels, and whether its own record lets it speak.

Estimates such as NannyML's CBPE hold while only the inputs change. Measured on public data, by
chunks: within 0.9 percentage points on average where that was so, 14.1 where it was not. So an
estimate is shown with its record, or not at all; trusted or not, it is no count: it warns nobody
and freezes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

RECENT = 5
"""Matured chunks that a record needs, and the newest on which trust rests: an estimate that was
good for a year has still lost its voice when the world changed last week."""
TOLERANCE = 0.02
"""Mean absolute error up to which an estimate is trusted: 2 percentage points."""


class Trust(Enum):
    """What an estimate's record says of it."""

    TRUSTED = "trusted"
    UNPROVEN = "unproven"
    """Too few matured chunks yet, and those not so bad as to settle it."""
    REFUTED = "refuted"
    """Off by more than is tolerated, or certain to be, whatever the chunks that are missing say."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """An estimate for one stretch of time, and what was realised there. Shares, 0 … 1."""

    at: int
    """Its end, seconds since 1970."""
    estimate: float
    realised: float | None = None
    """None until its labels have matured."""


@dataclass(frozen=True, slots=True)
class Record:
    """How far an estimate was off, over the newest matured chunks (at most `RECENT`)."""

    chunks: int
    error: float | None
    """Mean absolute error, 0 … 1; None without a matured chunk."""
    worst: float | None
    tolerance: float
    trust: Trust

    def sentence(self, estimator: str, estimate: float) -> str:
        """What may be shown of an estimate (0 … 1): never the figure without its record."""
        if self.error is None or self.worst is None:
            return (
                f"{estimator} has an estimate, but no record yet: none of its chunks has its "
                "labels. Nothing rests on it."
            )
        past = (
            f"over its last {_chunks(self.chunks)} with labels it was off by "
            f"{_points(self.error)} on average, {_points(self.worst)} at most"
        )
        if self.trust is Trust.REFUTED:
            return (
                f"{estimator} is not trusted here: {past} ({_points(self.tolerance)} are "
                "tolerated). Wait for the labels."
            )
        text = f"{estimator} estimates {100 * estimate:.1f} %; {past}"
        if self.trust is Trust.UNPROVEN:
            return f"{text}. That is too short a record to trust ({RECENT} chunks are needed)."
        return f"{text}. An estimate is no count: it stops no release."


def record(chunks: Iterable[Chunk], tolerance: float = TOLERANCE) -> Record:
    """The record of an estimate; `tolerance`: mean absolute error that is still trusted, 0 … 1.

    Trust needs `RECENT` matured chunks: one or two may fit by luck. It is refused as soon as their
    mean error can no longer come down to the tolerance, even if the missing ones fit perfectly.
    """
    matured = sorted((chunk.at, error) for chunk in chunks if (error := _error(chunk)) is not None)
    errors = [error for _, error in matured[-RECENT:]]
    if not errors:
        return Record(0, None, None, tolerance, Trust.UNPROVEN)
    if sum(errors) > tolerance * RECENT:
        trust = Trust.REFUTED
    else:
        trust = Trust.TRUSTED if len(errors) == RECENT else Trust.UNPROVEN
    return Record(len(errors), sum(errors) / len(errors), max(errors), tolerance, trust)


def _error(chunk: Chunk) -> float | None:
    return None if chunk.realised is None else abs(chunk.estimate - chunk.realised)


def _chunks(number: int) -> str:
    return "1 chunk" if number == 1 else f"{number} chunks"


def _points(share: float) -> str:
    return f"{100 * share:.1f} pp"
