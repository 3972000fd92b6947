"""Values against thresholds, compared exactly (law 6)."""

from fractions import Fraction

import pytest

from bot.judge.indicator import Op


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
