"""Values against thresholds, compared exactly (law 6)."""

from fractions import Fraction

import pytest

from bot.judge.indicator import Op, Ratio, Throughput


@pytest.mark.parametrize(
    ("op", "below", "equal", "above"),
    [
        (Op.LTE, True, True, False),
        (Op.LT, True, False, False),
        (Op.GTE, False, True, True),
        (Op.GT, False, False, True),
    ],
)
def test_a_value_is_good_on_its_side_of_the_limit(
    op: Op, below: bool, equal: bool, above: bool
) -> None:
    limit = Fraction("0.25")
    assert [op.holds(v, limit) for v in (0.2499, 0.25, 0.2501)] == [below, equal, above]


def test_a_value_is_compared_as_the_source_gave_it() -> None:
    # the double 0.1 is a little more than a tenth
    assert not Op.LTE.holds(0.1, Fraction(1, 10))
    assert Op.LTE.holds(0.1, Fraction(0.1))


FLOOR = Throughput("served_total", "shed_total", Fraction(20))


def test_throughput_counts_what_was_shed_among_all_that_was_offered() -> None:
    assert FLOOR.counts == Ratio("(served_total\n) + (shed_total\n)", bad="shed_total")


@pytest.mark.parametrize(
    ("offered", "shed", "events"),
    [
        (0.0, 0.0, (0.0, 0.0)),  # no offered load: no event
        (60.0, 0.0, (1.0, 0.0)),  # little demand, all of it served
        (1_300.0, 100.0, (1.0, 0.0)),  # just the floor, though some was shed
        (1_299.0, 100.0, (1.0, 1.0)),
        (100.0, 100.0, (1.0, 1.0)),
    ],
)
def test_a_slice_is_bad_only_if_work_was_shed_below_the_floor(
    offered: float, shed: float, events: tuple[float, float]
) -> None:
    assert FLOOR.events(offered, shed, 60) == events
