"""From labelled predictions to the events of accuracy, precision and recall (law 1)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.observation import Observation
from bot.judge.tally import Confusion, Counts, Quality, confusion_of, counts_of, difference

numbers = st.integers(0, 100_000).map(float)
confusions = st.builds(Confusion, numbers, numbers, numbers, numbers)


def row(tp: float, fp: float, fn: float, tn: float) -> Observation:
    return Observation(0, 3_600, "38", tp=tp, fp=fp, fn=fn, tn=tn)


@pytest.mark.parametrize(
    ("quality", "counts"),
    [
        (Quality.ACCURACY, Counts(147, 7)),
        (Quality.PRECISION, Counts(94, 4)),
        (Quality.RECALL, Counts(93, 3)),
    ],
)
def test_one_feed_of_labels_answers_three_questions(quality: Quality, counts: Counts) -> None:
    assert Confusion(tp=90, fp=4, fn=3, tn=50).counts(quality) == counts


@given(st.integers(0, 2**32 - 1), st.integers(1, 300))
def test_the_counts_are_those_of_the_single_predictions(seed: int, n: int) -> None:
    chance = np.random.default_rng(seed)
    said, true = chance.random(n) < 0.4, chance.random(n) < 0.5
    cells = [(said & true), (said & ~true), (~said & true), (~said & ~true)]
    found = Confusion(*(float(cell.sum()) for cell in cells))
    assert found.counts(Quality.ACCURACY) == (n, (said != true).sum())
    assert found.counts(Quality.PRECISION) == (said.sum(), (~true[said]).sum())
    assert found.counts(Quality.RECALL) == (true.sum(), (~said[true]).sum())


@given(confusions, st.sampled_from(Quality))
def test_there_are_never_more_bad_events_than_eligible_ones(
    found: Confusion, quality: Quality
) -> None:
    eligible, bad = found.counts(quality)
    assert 0 <= bad <= eligible <= found.labelled


@given(confusions, confusions, st.sampled_from(Quality))
def test_two_stretches_together_count_what_they_count_apart(
    one: Confusion, other: Confusion, quality: Quality
) -> None:
    assert one.plus(other).counts(quality) == one.counts(quality).plus(other.counts(quality))


def test_predictions_without_a_label_are_made_but_not_counted() -> None:
    found = Confusion(90, 4, 3, 50, positives=100, negatives=60)
    assert (found.labelled, found.made) == (147, 160)
    assert found.counts(Quality.ACCURACY).eligible == 147


def test_where_nobody_says_how_many_were_made_all_have_their_labels() -> None:
    found = Confusion(90, 4, 3, 50)
    assert (found.made_positive, found.made_negative, found.made) == (94, 53, 147)


def test_versions_together_were_made_together_even_if_only_one_says_how_many() -> None:
    both = Confusion(9, 1, 1, 9, positives=20, negatives=30).plus(Confusion(5, 0, 0, 5))
    assert (both.made_positive, both.made_negative, both.labelled) == (25, 35, 30)


@pytest.mark.parametrize("missing", ["tp", "fp", "fn", "tn"])
def test_an_observation_without_all_four_counts_is_no_confusion(missing: str) -> None:
    counts = {"tp": 1.0, "fp": 1.0, "fn": 1.0, "tn": 1.0, missing: None}
    assert confusion_of(Observation(0, 60, **counts)) is None


def test_an_observation_keeps_how_many_were_made() -> None:
    said = Observation(0, 60, tp=1, fp=2, fn=3, tn=4, positives=5, negatives=9)
    assert confusion_of(said) == Confusion(1, 2, 3, 4, 5, 9)


def test_plain_counts_stand_as_they_are_whatever_is_asked() -> None:
    plain = Observation(0, 60, eligible=100, bad=3)
    assert {counts_of(plain, quality) for quality in Quality} == {Counts(100, 3)}


def test_a_score_has_no_events() -> None:
    assert counts_of(Observation(0, 60, value=0.9, n=100), Quality.ACCURACY) == Counts(0, 0)


def test_the_first_word_on_a_slice_restates_it_from_nothing() -> None:
    assert difference(None, row(9, 1, 0, 10), Quality.ACCURACY) == Counts(20, 1)


def test_a_replayed_observation_restates_nothing() -> None:
    assert difference(row(9, 1, 2, 10), row(9, 1, 2, 10), Quality.RECALL) == Counts(0, 0)


def test_a_corrected_label_moves_events_from_bad_to_good() -> None:
    assert difference(row(9, 1, 2, 10), row(10, 0, 2, 10), Quality.PRECISION) == Counts(0, -1)


def test_late_labels_lead_to_the_same_account_as_labels_in_time() -> None:
    early, late = row(40, 2, 1, 40), row(70, 5, 3, 80)
    for quality in Quality:
        read = counts_of(early, quality).plus(difference(early, late, quality))
        assert read == counts_of(late, quality)
