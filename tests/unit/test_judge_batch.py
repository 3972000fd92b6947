"""Three-valued verdicts of one batch: proven good, proven bad, or undecided."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest

from bot.judge.batch import (
    Form,
    Requirement,
    Ruling,
    Sample,
    interval,
    misfit,
    rule,
    sample_of,
    unnamed,
)
from bot.judge.indicator import Op
from bot.judge.observation import Observation

ACCURACY = Requirement(Op.GTE, Fraction("0.94"), Form.SHARE)
RMSE = Requirement(Op.LTE, Fraction("2.5"), Form.ROOT_MEAN_SQUARE, minimum=50)
DRIFT = Requirement(Op.LT, Fraction("0.1"), minimum=200)
P = Requirement(Op.GTE, Fraction("0.05"), Form.P_VALUE, minimum=100)


def correct(right: float, n: float) -> Sample:
    return Sample(0, right / n, n)


@pytest.mark.parametrize(
    ("right", "n", "ruling"),
    [
        (46, 50, Ruling.UNDECIDED),
        (880, 1_000, Ruling.BAD),
        (970, 1_000, Ruling.GOOD),
        (940, 1_000, Ruling.UNDECIDED),
        (0, 1, Ruling.BAD),
        (1, 1, Ruling.UNDECIDED),
    ],
)
def test_a_batch_is_judged_by_what_its_samples_prove(right: int, n: int, ruling: Ruling) -> None:
    assert rule(correct(right, n), ACCURACY) is ruling


@given(st.integers(1, 3_000), st.data())
def test_the_interval_of_a_share_is_wilsons_at_ninety_percent(n: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, n))
    wanted = binomtest(right, n).proportion_ci(0.90, "wilson")
    found = interval(correct(right, n), Form.SHARE)
    assert found == pytest.approx((wanted.low, wanted.high), abs=2e-4)


@given(st.integers(1, 3_000), st.data())
def test_a_share_is_decided_where_the_score_test_is_significant(
    n: int, data: st.DataObject
) -> None:
    right, limit = data.draw(st.integers(0, n)), 0.94
    distance = abs(right / n - limit) / (limit * (1 - limit) / n) ** 0.5
    assume(abs(distance - 1.645) > 1e-6)
    assert (rule(correct(right, n), ACCURACY) is Ruling.UNDECIDED) is (distance < 1.645)


@pytest.mark.parametrize(("n", "naive", "proven"), [(30, 0.45, 0.07), (100, 0.23, 0.05)])
def test_one_point_better_than_the_target_is_seldom_called_bad(
    n: int, naive: float, proven: float
) -> None:
    right = np.random.default_rng(n).binomial(n, 0.95, 4_000).tolist()
    bad = sum(rule(correct(k, n), ACCURACY) is Ruling.BAD for k in right) / 4_000
    assert sum(k / n < 0.94 for k in right) / 4_000 == pytest.approx(naive, abs=0.02)
    assert bad <= proven


@pytest.mark.parametrize(("n", "power"), [(100, 0.55), (1_000, 0.998)])
def test_four_points_worse_than_the_target_is_found_out(n: int, power: float) -> None:
    right = np.random.default_rng(n).binomial(n, 0.90, 2_000).tolist()
    bad = sum(rule(correct(k, n), ACCURACY) is Ruling.BAD for k in right) / 2_000
    assert bad == pytest.approx(power, abs=0.03)


def test_an_interval_of_a_tenth_of_the_budget_is_no_longer_waited_for() -> None:
    assert rule(correct(4_700, 5_000), ACCURACY) is Ruling.GOOD  # at the limit: it holds
    assert rule(correct(4_699, 5_000), ACCURACY) is Ruling.BAD
    assert rule(correct(3_758, 4_000), ACCURACY) is Ruling.UNDECIDED


def test_the_tools_own_interval_counts_instead_of_ours() -> None:
    assert rule(Sample(0, 0.9, 1_000, 0.85, 0.95), ACCURACY) is Ruling.UNDECIDED
    assert rule(Sample(0, 0.9, 10, 0.88, 0.92), ACCURACY) is Ruling.BAD
    assert rule(Sample(0, 0.97, 10, 0.95, 0.99), ACCURACY) is Ruling.GOOD


@pytest.mark.parametrize("ends", [(0.88, None), (None, 0.92)])
def test_half_an_interval_is_none(ends: tuple[float | None, float | None]) -> None:
    assert rule(Sample(0, 0.9, 10, *ends), ACCURACY) is Ruling.UNDECIDED


def test_a_score_that_is_written_like_the_limit_meets_it() -> None:
    for op in (Op.GTE, Op.LTE):
        assert all(
            Requirement(op, Fraction(k, 1_000)).met_by(float(f"{k / 1_000:.3f}"))
            for k in range(1_000)
        )


def test_an_interval_that_ends_at_the_limit_meets_it() -> None:
    assert rule(Sample(0, 3.0, 10, 2.5, 3.5), RMSE) is Ruling.UNDECIDED
    assert rule(Sample(0, 2.0, 10, 1.5, 2.5), RMSE) is Ruling.GOOD


@pytest.mark.parametrize(
    ("requirement", "value", "n", "ruling"),
    [
        (RMSE, 2.5, 50, Ruling.GOOD),
        (RMSE, 2.6, 50, Ruling.BAD),
        (RMSE, 9.9, 49, Ruling.UNDECIDED),
        (DRIFT, 0.1, 200, Ruling.BAD),
        (DRIFT, 0.09, 200, Ruling.GOOD),
        (DRIFT, 0.5, 199, Ruling.UNDECIDED),
        (P, 0.05, 100, Ruling.GOOD),
        (P, 0.049, 100, Ruling.BAD),
        (P, 0.0, 99, Ruling.UNDECIDED),
    ],
)
def test_a_score_without_an_interval_is_believed_from_its_minimum_of_samples_on(
    requirement: Requirement, value: float, n: float, ruling: Ruling
) -> None:
    assert rule(Sample(0, value, n), requirement) is ruling


def test_auc_is_as_sure_as_the_smaller_class() -> None:
    auc = Requirement(Op.GTE, Fraction("0.8"), Form.RANK, minimum=500)
    assert rule(Sample(0, 0.76, 10_000, smaller=100), auc) is Ruling.UNDECIDED
    assert rule(Sample(0, 0.76, 10_000, smaller=400), auc) is Ruling.BAD
    assert rule(Sample(0, 0.76, 10_000), auc) is Ruling.BAD  # no classes: the minimum decides
    assert rule(Sample(0, 0.76, 400), auc) is Ruling.UNDECIDED


def test_the_interval_of_auc_is_wider_than_it_really_spreads() -> None:
    chance = np.random.default_rng(7)
    few, many = chance.normal(1, 1, (500, 40, 1)), chance.normal(0, 1, (500, 1, 400))
    auc = (few > many).mean(axis=(1, 2))
    inside = [low <= auc.mean() <= high for low, high in _ranks(auc.tolist(), 40)]
    assert sum(inside) / 500 >= 0.90


def _ranks(values: list[float], smaller: int) -> list[tuple[float, float]]:
    found = [interval(Sample(0, v, 440, smaller=smaller), Form.RANK) for v in values]
    return [ends for ends in found if ends is not None]


@pytest.mark.parametrize("requirement", [ACCURACY, DRIFT])
def test_a_batch_without_samples_is_undecided(requirement: Requirement) -> None:
    assert rule(Sample(0, 0.0, 0), requirement) is Ruling.UNDECIDED
    assert interval(Sample(0, 0.0, 0), Form.SHARE) is None


@pytest.mark.parametrize(
    ("limit", "precision"), [("0.94", 0.006), ("0.1", 0.01), ("2.5", 0.25), ("-3", 0.3), ("0", 0.1)]
)
def test_precision_is_a_tenth_of_what_the_limit_leaves(limit: str, precision: float) -> None:
    assert Requirement(Op.LTE, Fraction(limit)).precision == pytest.approx(precision)


@given(st.integers(1, 2_000), st.data())
def test_one_wrong_answer_more_never_makes_a_batch_better(n: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(1, n))
    order = [Ruling.GOOD, Ruling.UNDECIDED, Ruling.BAD]
    before, after = (order.index(rule(correct(k, n), ACCURACY)) for k in (right, right - 1))
    assert after >= before


def test_an_observation_of_a_score_is_a_batch() -> None:
    row = Observation(
        0, 60, "38", 1, 2, 3, 4, 300, 100,
        value=0.9, n=400, low=0.8, high=0.95, tool="nannyml", metric="auc",
    )  # fmt: skip
    assert sample_of(row) == Sample(60, 0.9, 400, 0.8, 0.95, "nannyml", "auc", 100)


def test_an_observation_that_does_not_tell_its_classes_has_no_smaller_one() -> None:
    found = sample_of(Observation(0, 60, value=0.9, n=400, positives=300))
    assert found == Sample(60, 0.9, 400)
    assert sample_of(Observation(0, 60, value=0.9, n=400)) == found


@pytest.mark.parametrize("row", [Observation(0, 60, value=0.9), Observation(0, 60, n=100)])
def test_an_observation_without_a_score_or_its_samples_is_no_batch(row: Observation) -> None:
    assert sample_of(row) is None


@pytest.mark.parametrize("form", [Form.SHARE, Form.RANK, Form.P_VALUE])
@pytest.mark.parametrize("value", [-0.01, 1.01, 93.2])
def test_a_score_that_is_no_share_is_refused_where_shares_are_wanted(
    form: Form, value: float
) -> None:
    wrong = misfit(Observation(0, 60, value=value, n=10), form)
    assert wrong is not None
    assert wrong.field == "value"
    assert wrong.rule == f"is {value:g}: a score of scale {form} lies between 0 and 1"


def test_the_ends_of_a_scale_belong_to_it() -> None:
    for form in (Form.SHARE, Form.RANK, Form.P_VALUE):
        assert misfit(Observation(0, 60, value=0.0, n=10), form) is None
        assert misfit(Observation(0, 60, value=1.0, n=10), form) is None
    assert misfit(Observation(0, 60, value=0.0, n=10), Form.ROOT_MEAN_SQUARE) is None


def test_a_root_mean_square_is_never_negative_and_a_mean_may_be() -> None:
    below = Observation(0, 60, value=-2.5, n=10)
    wrong = misfit(below, Form.ROOT_MEAN_SQUARE)
    assert wrong is not None
    assert wrong.rule == "is -2.5: a score of scale rms is never negative"
    assert misfit(below, Form.MEAN) is None


@pytest.mark.parametrize(
    ("tool", "metric", "lacking"),
    [("", "psi", "tool"), ("evidently", "", "metric"), ("", "", "tool")],
)
def test_a_score_that_does_not_say_by_which_tool_and_metric_is_told_what_it_lacks(
    tool: str, metric: str, lacking: str
) -> None:
    wrong = unnamed(Observation(0, 60, value=0.1, n=10, tool=tool, metric=metric))
    assert wrong is not None
    assert (wrong.field, wrong.rule[:10]) == (lacking, "is missing")


def test_a_score_with_both_names_and_what_is_no_score_lack_nothing() -> None:
    assert unnamed(Observation(0, 60, value=0.1, n=10, tool="evidently", metric="psi")) is None
    assert unnamed(Observation(0, 60, eligible=9, bad=1)) is None


def test_what_has_no_score_has_none_that_does_not_fit() -> None:
    assert misfit(Observation(0, 60, eligible=9, bad=1), Form.SHARE) is None
