"""Late labels: what is left of a quality budget at worst, probably, and at best."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.batch import Form, Requirement, Ruling, Sample, rule
from bot.judge.indicator import Op
from bot.judge.maturity import Labelled, Left, maturity, needed
from bot.judge.tally import Confusion, Counts, Quality

TARGET = Fraction("0.94")
TRUTH = Confusion(2_386, 108, 179, 2_282)
"""30 days of NannyML's (synthetic) car loan data: 94.2 % right."""
SLOW_NEGATIVES = Confusion(1_876, 82, 64, 863, positives=2_494, negatives=2_461)
"""The same, labels after 7 days on average for those predicted positive, after 30 for the rest."""
SLOW_FAILURES = Confusion(1_800, 35, 144, 810, positives=2_494, negatives=2_461)
"""The same, labels after 7 days on average for actual positives, after 30 for the rest."""
EVEN = Confusion(1_320, 64, 99, 1_288, positives=2_494, negatives=2_461)
"""The same, labels after 15 days on average, whatever was said or true."""

numbers = st.integers(0, 3_000).map(float)


@st.composite
def partly_labelled(draw: st.DrawFn) -> tuple[Confusion, Confusion]:
    """Labels that have arrived, and what they are when all have."""
    cells = [draw(numbers) for _ in range(4)]
    tp, fp, fn, tn = cells
    seen = [draw(st.integers(0, int(cell)).map(float)) for cell in cells]
    return Confusion(*seen, positives=tp + fp, negatives=fn + tn), Confusion(*cells)


def left_of(confusion: Confusion, quality: Quality = Quality.ACCURACY) -> tuple[Fraction, ...]:
    found = maturity(confusion, quality).left(TARGET)
    assert None not in found
    return tuple(share for share in found if share is not None)


@pytest.mark.parametrize("seen", [SLOW_NEGATIVES, SLOW_FAILURES, EVEN])
def test_with_half_of_the_labels_the_truth_lies_between_worst_and_best(seen: Confusion) -> None:
    (truth, _, _) = left_of(TRUTH)
    low, expected, high = left_of(seen)
    assert low < truth < high
    assert low < expected < high
    assert 0.55 < float(seen.labelled / seen.made) < 0.59


@pytest.mark.parametrize(
    ("seen", "low", "expected", "high"),
    [
        (SLOW_NEGATIVES, -6.4537, 0.1566, 0.5089),
        (SLOW_FAILURES, -6.8877, -0.0697, 0.3979),
    ],
)
def test_the_labelled_part_alone_would_flip_the_objective_either_way(
    seen: Confusion, low: float, expected: float, high: float
) -> None:
    assert left_of(seen) == pytest.approx((low, expected, high), abs=1e-4)
    assert left_of(TRUTH)[1] == pytest.approx(0.0346, abs=1e-4)


@pytest.mark.parametrize("quality", Quality)
def test_with_all_labels_there_is_one_figure(quality: Quality) -> None:
    assert len(set(left_of(TRUTH, quality))) == 1


@given(partly_labelled(), st.sampled_from(Quality))
def test_whatever_the_late_labels_say_the_truth_is_within_the_bounds(
    labels: tuple[Confusion, Confusion], quality: Quality
) -> None:
    seen, all_of_them = labels
    low, expected, high = maturity(seen, quality).left(TARGET)
    truth = maturity(all_of_them, quality).left(TARGET).expected
    if truth is not None and low is not None:
        assert low <= truth
    if truth is not None and high is not None:
        assert truth <= high
    if expected is not None:
        assert low is not None
        assert high is not None
        assert low <= expected <= high


@given(partly_labelled())
def test_the_bounds_of_accuracy_and_precision_keep_every_prediction(
    labels: tuple[Confusion, Confusion],
) -> None:
    seen, all_of_them = labels
    for quality in (Quality.ACCURACY, Quality.PRECISION):
        found, eligible = maturity(seen, quality), all_of_them.counts(quality).eligible
        assert found.best.eligible == found.worst.eligible == eligible
        assert found.best.bad == found.matured.bad
        assert found.worst.bad - found.best.bad == eligible - found.matured.eligible


def test_a_pending_prediction_is_eligible_for_recall_only_if_it_is_actually_positive() -> None:
    found = maturity(Confusion(8, 1, 2, 9, positives=14, negatives=21), Quality.RECALL)
    assert found.matured == Counts(10, 2)
    assert found.best == Counts(15, 2)  # all five pending positives are hits, no negative a miss
    assert found.worst == Counts(20, 12)  # all ten pending negatives are misses


def test_before_the_first_label_nothing_is_expected() -> None:
    found = maturity(Confusion(0, 0, 0, 0, 5, 5), Quality.ACCURACY)
    assert found.left(TARGET) == Left(1 - 1 / (1 - TARGET), None, Fraction(1))
    assert "nothing can be said of quality" in found.sentence(TARGET)


def test_where_nothing_was_predicted_nothing_is_left_or_gone() -> None:
    found = maturity(Confusion(0, 0, 0, 0), Quality.RECALL)
    assert found.left(TARGET) == (None, None, None)
    assert found.labelled == Labelled(None, None, None)
    assert not found.labelled.biased


@pytest.mark.parametrize("seen", [SLOW_NEGATIVES, SLOW_FAILURES])
def test_classes_labelled_more_than_twenty_points_apart_are_called_biased(seen: Confusion) -> None:
    found = maturity(seen, Quality.ACCURACY)
    assert found.labelled.biased
    assert "These labels are biased" in found.sentence(TARGET)


def test_twenty_points_apart_are_not_biased_yet() -> None:
    assert not maturity(EVEN, Quality.ACCURACY).labelled.biased
    edge = Confusion(60, 0, 0, 40, positives=100, negatives=100)
    assert not maturity(edge, Quality.ACCURACY).labelled.biased
    assert maturity(replace(edge, tn=39), Quality.ACCURACY).labelled.biased


def test_bounds_without_an_expectation_are_not_put_into_words() -> None:
    found = maturity(Confusion(0, 0, 0, 7, positives=1, negatives=9), Quality.RECALL)
    assert found.labelled.overall == Fraction("0.7")
    assert found.left(TARGET).expected is None
    assert found.sentence(TARGET) == (
        "No label that counts here has arrived yet: nothing can be said of quality."
    )


def test_the_labelled_share_is_told_for_each_class() -> None:
    found = maturity(Confusion(60, 15, 0, 40, positives=100, negatives=100), Quality.PRECISION)
    assert found.labelled == Labelled(Fraction("0.575"), Fraction("0.75"), Fraction("0.4"))


def test_a_class_that_is_never_predicted_biases_nothing() -> None:
    assert not maturity(Confusion(60, 15, 0, 0, 100, 0), Quality.ACCURACY).labelled.biased


def test_the_sentence_says_what_it_rests_on() -> None:
    assert maturity(SLOW_NEGATIVES, Quality.ACCURACY).sentence(TARGET) == (
        "58.2 % of the labels are in: about 15.6 % of the budget is left if the rest is like them, "
        "-645.4 % at worst, 50.8 % at best. These labels are biased (78.5 % of the predicted "
        "positives have theirs, 37.6 % of the negatives): wait for the rest before you rely on it."
    )
    evenly = maturity(Confusion(30, 1, 1, 25, positives=54, negatives=46), Quality.ACCURACY)
    assert evenly.sentence(Fraction("0.9")) == (
        "57 % of the labels are in: about 64.9 % of the budget is left if the rest is like them, "
        "-350 % at worst, 80 % at best."
    )


def test_with_all_labels_the_sentence_is_short() -> None:
    labelled = maturity(Confusion(50, 1, 1, 48, positives=51, negatives=49), Quality.ACCURACY)
    found = labelled.sentence(Fraction("0.9"))
    assert found == "All labels are in: 80 % of the budget is left."


@given(st.fractions(Fraction(1, 100), Fraction(99, 100)), st.floats(0, 1), st.sampled_from(Op))
def test_the_samples_needed_are_the_fewest_that_decide(
    limit: Fraction, rate: float, op: Op
) -> None:
    share = Requirement(op, limit, Form.SHARE)
    found = needed(rate, share)
    assert rule(Sample(0, rate, found), share) is not Ruling.UNDECIDED
    assert found == 1 or rule(Sample(0, rate, found - 1), share) is Ruling.UNDECIDED


def test_the_samples_needed_follow_from_the_score_test() -> None:
    share = Requirement(Op.GTE, TARGET, Form.SHARE)
    assert needed(0.92, share) == int(1.645**2 * 0.94 * 0.06 / 0.02**2) + 1 == 382
    assert needed(0.90, share) == int(1.645**2 * 0.94 * 0.06 / 0.04**2) + 1 == 96


def test_at_the_very_limit_the_samples_needed_are_those_of_a_narrow_interval() -> None:
    found = needed(0.94, Requirement(Op.GTE, TARGET, Form.SHARE))
    assert found == pytest.approx(1.645**2 * 0.94 * 0.06 / 0.006**2, rel=0.01)
