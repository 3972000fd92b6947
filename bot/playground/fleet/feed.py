"""What fraud's labels and its check for drift say, as far as they have come at a given time.

Pure: the same start, the same figures. Labels come as reviewers get to the payments: of half an
hour some a quarter of an hour later, all after fifty minutes; of one hour of the morning much
later.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.judge.observation import Observation
from bot.playground.fleet.counts import chance, traffic
from bot.playground.fleet.happenings import (
    AWAY,
    CAUGHT_UP,
    DRIFTED,
    HISTORY,
    NOON,
    RETRAINED,
)
from bot.playground.fleet.serving import parts

LABELS, DRIFT = "fraud-labels", "fraud-drift"
"""Names of the feeds, as the specs have them."""
STEP = 30
"""Minutes that a row is about."""
REVIEWED = 60
"""Payments a minute (on average) whose verdict is looked at."""
_FLAGGED = 0.05
"""Share of them that the model calls fraud."""
_WRONG = {"f21": 0.018, "f22": 0.016}
_USUALLY_WRONG = 0.03
"""Share of verdicts that are overturned."""
_AGED = 0.008
"""That share grows so much while the inputs have drifted."""
_FIRST, _REST = 15, 50
"""Minutes after the end of a row by which some of its labels are there, and all."""
USUAL, FAR = 0.06, 0.31
"""PSI of the amounts, against those of the training: on usual days, and once they have drifted."""
LIMIT = 0.2


def labels(start: datetime, since: int | None, until: int) -> Iterator[Observation]:
    """Confusion counts that are new or have grown in since < minute <= until of the day, as they
    stand then; None: all there are."""
    for end in _ends(since, until):
        stages = _stages(end)
        come = [at for at in stages if at <= until]
        if come and (since is None or come[-1] > since):
            part = stages[come[-1]]
            yield from _confusion(start, end, part)


def drift(start: datetime, since: int | None, until: int) -> Iterator[Observation]:
    """Scores of batches that ended in since < minute <= until of the day; None: all there are."""
    for end in _ends(since, until):
        if since is None or end > since:
            began, ended = _instants(start, end)
            n = float(round(REVIEWED * STEP * traffic((began + ended) // 2)))
            yield Observation(
                began, ended, value=round(psi(end), 3), n=n,
                tool="drift-job", metric="PSI of the amount", threshold=LIMIT,
            )  # fmt: skip


def psi(end: int) -> float:
    """Of the half-hour that ends at minute `end`."""
    noise = 0.03 * (chance(DRIFT, end, "psi") - 0.5)
    odd = 0.16 if chance(DRIFT, end, "odd") > 0.99 else 0.0
    return USUAL + noise + (odd if end < 0 else 0.0) + (FAR - USUAL) * _drifted(end)


def _drifted(end: int) -> float:
    """How far the inputs are from those of the training: 0 … 1."""
    if not NOON < end <= RETRAINED.at:
        return 0.0
    return min(1.0, (end - NOON) / (DRIFTED - NOON))


def _ends(since: int | None, until: int) -> range:
    """Minutes at which rows end of which something may be new in since < minute <= until."""
    first = STEP - HISTORY
    if since is not None:
        first = max(first, min(AWAY[0], since - _REST) // STEP * STEP)
    return range(first, until + 1, STEP)


def _stages(end: int) -> dict[int, float]:
    """By the minute at which they have come, the share of the labels of a row."""
    if AWAY[0] < end <= AWAY[1]:
        return {end + _FIRST: 0.4, end + _REST: 0.6, CAUGHT_UP: 1.0}
    return {end + _FIRST: 0.4, end + _REST: 1.0}


def _confusion(start: datetime, end: int, part: float) -> Iterator[Observation]:
    began, ended = _instants(start, end)
    made = REVIEWED * STEP * traffic((began + ended) // 2)
    for version, share in parts("fraud", end - STEP + 1) or (("", 1.0),):
        positives = round(made * share * _FLAGGED)
        negatives = round(made * share) - positives
        fp, fn = _wrong(version, end, positives + negatives)
        right = positives - fp, negatives - fn
        tp, tn = (float(int(one * part)) for one in right)
        yield Observation(
            began, ended, version, tp, float(int(fp * part)), float(int(fn * part)), tn,
            float(positives), float(negatives),
        )  # fmt: skip


def _wrong(version: str, end: int, made: int) -> tuple[int, int]:
    """Payments called fraud that were none, and frauds that were missed."""
    rate = _WRONG.get(version, _USUALLY_WRONG) + _AGED * _drifted(end)
    wrong = round(made * rate * (0.85 + 0.3 * chance(LABELS, end, version)))
    return round(wrong * 0.4), wrong - round(wrong * 0.4)


def _instants(start: datetime, end: int) -> tuple[int, int]:
    began = int(start.timestamp())
    return began + (end - STEP) * 60, began + end * 60
