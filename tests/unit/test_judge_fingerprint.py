"""What starts a new account, and what does not."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.judge.indicator import Op, Ratio, Recorded, Threshold
from bot.judge.objective import Method, Objective
from tests.builders import objective, rolling

BASE = objective()


@pytest.mark.parametrize(
    "changed",
    [
        replace(BASE, indicator=Ratio("requests_total", good="errors_total")),
        replace(BASE, indicator=Ratio("requests_total", bad="errors_total", counter=False)),
        replace(BASE, indicator=Threshold("q", Op.LT, Fraction(1, 3))),
        replace(BASE, indicator=Recorded("ranker/availability")),
        replace(BASE, method=Method.TIMESLICES),
        replace(BASE, slice_target=Fraction(99, 100)),
        replace(BASE, source="other"),
        replace(BASE, step=300),
    ],
)
def test_what_changes_the_counts_changes_the_fingerprint(changed: Objective) -> None:
    assert changed.fingerprint != BASE.fingerprint


@pytest.mark.parametrize(
    "changed",
    [
        replace(BASE, target=Fraction(9, 10)),
        replace(BASE, window=rolling(7)),
        replace(BASE, alerts=()),
        replace(BASE, policy="strict"),
        replace(BASE, title="Availability", labels={"team": "search"}),
    ],
)
def test_what_only_judges_the_counts_does_not(changed: Objective) -> None:
    assert changed.fingerprint == BASE.fingerprint


def test_the_fingerprint_is_the_same_in_every_version() -> None:
    stored = "8d9d2ae409bdb3b1eff200ccffeaee3901c87044062506c28d0080cce1f66b38"
    assert BASE.fingerprint == stored
