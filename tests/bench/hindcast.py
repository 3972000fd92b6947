"""`python -m tests.bench.hindcast [--wheel FILE] [--only NAME]`: forecasts of a week, made every
12 hours from the budgets of public predictions with labels, and held against what came: as the
ticker does it, with the record of 31 days widening each range.

Accuracy over a rolling 28 days, slices of an hour; the first window only fills the account. The
Brier score is of forecasts made while some budget was left; `base` is that of whoever always says
how often it was gone in the end, which nobody knew before.

`blind` is the error of the same pace on top of what is spent, as if nothing rolled off the window.

| data, target | forecasts | error (of a budget), blind | range held: all, after 30 | Brier, base |
|---|---|---|---|---|
| car loan (synthetic), 94 % | 536 | 3.6 %, 27.6 % | 76 %, 78 % | 0.104, 0.180 |
| car loan, 93.5 % | 536 | 3.4 %, 25.5 % | 76 %, 78 % | 0.031, 0.057 |
| census employment (real), 83 % | 531 | 1.4 %, 25.6 % | 81 %, 80 % | 0.065, 0.100 |
| census employment, 82 % | 531 | 1.4 %, 24.2 % | 81 %, 80 % | 0.056, 0.101 |
| California housing (drifts), 60 % | 617 | 14.6 %, 30.0 % | 76 %, 78 % | 0.077, 0.175 |
| California housing, 50 % | 617 | 11.7 %, 24.0 % | 76 %, 78 % | 0.078, 0.150 |

4 to 5 s each (2 cores, Python 3.11.7, x86_64).
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.flow.foresee import horizon_of
from bot.judge.expectation import Forecast
from bot.judge.forecast import forecast
from bot.judge.ledger import Balances, Slice, accumulate, between
from bot.judge.objective import Objective
from bot.judge.realised import outcome_of
from bot.judge.score import Outcome, score
from tests.bench.ground import machine
from tests.bench.label_data import DAY, FIRST, Prediction, asking, datasets, wheel_of
from tests.builders import objective, rolling

HOUR = 3_600
APART = 12 * HOUR
WINDOW, RECORD = 28, 31 * DAY
YOUNG = 30
"""Forecasts after which the record should have found the width of the ranges."""
TARGETS = {
    "car loan": ("0.94", "0.935"),
    "census employment": ("0.83", "0.82"),
    "California housing": ("0.6", "0.5"),
}


@dataclass(frozen=True)
class Told:
    """One forecast and what came."""

    outcome: Outcome
    left: bool
    """Whether anything was left when it was made: else it is no feat to say that it is gone."""
    blind: float
    """What the same pace would have left if nothing ever rolled off the window."""


def line(told: Sequence[Told]) -> str:
    """Figures of all, of those after the first thirty, and of those made while some was left."""
    outcomes = [one.outcome for one in told]
    found, later = score(outcomes), score(outcomes[YOUNG:])
    open_ones = [one.outcome for one in told if one.left]
    gone = sum(one.exhausted for one in open_ones) / max(1, len(open_ones))
    blind = sum(abs(one.blind - one.outcome.left) for one in told) / max(1, len(told))
    return (
        f"{found.count} forecasts, error {100 * (found.error or 0):.1f} % of a budget (without "
        f"what rolls off {100 * blind:.1f} %), 80 % range "
        f"held in {found.coverage or 0:.0%} (after {YOUNG}: {later.coverage or 0:.0%}); of "
        f"{len(open_ones)} with budget left it was gone in {gone:.0%}: "
        f"Brier {score(open_ones).brier or 0:.3f}, base {gone * (1 - gone):.3f}"
    )


def main() -> None:
    """Each set, at each of its targets."""
    options = asking(__doc__).parse_args()
    print(machine())
    with wheel_of(options) as wheel:
        for called, rows in datasets(wheel, options.only).items():
            for target in TARGETS[called]:
                one = objective("model", "accuracy", target, rolling(WINDOW), step=HOUR)
                begun = time.perf_counter()
                said = line(list(replay(one, rows)))
                took = time.perf_counter() - begun
                print(f"{called}, {float(target):.1%}: {said}; {took:.1f} s")


def replay(one: Objective, rows: Sequence[Prediction]) -> Iterator[Told]:
    """What became of each forecast, in the order in which they were made."""
    pieces = slices(rows)
    whole = Balances(accumulate(None, pieces))
    opened, last = pieces[0].at - HOUR, pieces[-1].at
    done: list[Outcome] = []
    for now in range(opened + WINDOW * DAY, last, APART):
        ripe = [o for o in done if now - RECORD < o.issued.until <= now]
        seen = Balances(accumulate(None, [piece for piece in pieces if piece.at <= now]))
        found = forecast(one, seen, opened, now, horizon_of(one), score(ripe))
        if isinstance(found, Forecast):
            outcome = outcome_of(found.issued, one, whole, opened)
            if outcome is not None:
                done.append(outcome)
                yield Told(outcome, found.left > 0, ignoring(one, whole, found))


def ignoring(one: Objective, whole: Balances, found: Forecast) -> float:
    """What would be left at the pace of the window, on top of all that is spent now."""
    spent, length = between(whole.at(found.at - WINDOW * DAY), whole.at(found.at)), WINDOW * DAY
    more = 1 + (found.until - found.at) / length
    return 1 - more * spent.bad / (float(1 - one.target) * spent.eligible)


def slices(rows: Sequence[Prediction]) -> list[Slice]:
    """Hour by hour: predictions, and those that were wrong. Hours without any are seen as well."""
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        cell = counts[FIRST + (row.at // HOUR + 1) * HOUR]
        cell[0] += 1
        cell[1] += row.predicted != row.actual
    ends = range(min(counts), max(counts) + 1, HOUR)
    return [Slice(at, *map(float, counts.get(at, (0, 0))), HOUR) for at in ends]


if __name__ == "__main__":
    main()
