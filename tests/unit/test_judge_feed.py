"""What feeds say becomes slices; what they say later becomes the difference."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.feed import Counts, corrections, requirement_of, slices
from bot.judge.indicator import Counted, Fed, Labelled, Op, Ratio, Scored, feed_of
from bot.judge.ledger import Slice
from bot.judge.observation import Observation
from bot.judge.tally import Quality
from bot.judge.thinning import Stretch
from tests.builders import HOUR, MINUTE, NOON

ACCURACY = Labelled("labels", Quality.ACCURACY)
COUNTED = Counted("answers")
AUC = Scored("auc", Op.GTE, Fraction(94, 100), "share")


def labels(start: int, end: int, version: str = "", wrong: float = 1.0) -> Observation:
    return Observation(start, end, version, tp=5, fp=wrong, fn=0, tn=4)


def counted(start: int, end: int, eligible: float = 10, bad: float = 1) -> Observation:
    return Observation(start, end, eligible=eligible, bad=bad)


def score(end: int, value: float, n: float = 1_000) -> Observation:
    return Observation(end - HOUR, end, value=value, n=n)


def test_an_observation_counts_in_the_slice_in_which_it_ends() -> None:
    rows = [counted(NOON - HOUR, NOON), counted(NOON, NOON + 90, 5, 2)]
    found = slices(COUNTED, rows, Stretch(NOON - HOUR, NOON + HOUR, HOUR))
    assert found == (Slice(NOON, 10, 1, HOUR), Slice(NOON + HOUR, 5, 2, 90))


def test_what_ends_beyond_a_stretch_is_seen_in_it_and_not_counted_yet() -> None:
    rows = [counted(NOON, NOON + 2 * HOUR)]
    assert slices(COUNTED, rows, Stretch(NOON, NOON + HOUR, HOUR)) == (
        Slice(NOON + HOUR, 0, 0, HOUR),
    )
    assert slices(COUNTED, rows, Stretch(NOON - HOUR, NOON, HOUR)) == (Slice(NOON, 0, 0, 0),)


def test_versions_are_summed_and_time_that_both_cover_is_seen_once() -> None:
    rows = [labels(NOON, NOON + 60, "37"), labels(NOON, NOON + 60, "38", wrong=3)]
    assert slices(ACCURACY, rows, Stretch(NOON, NOON + 60, 60)) == (Slice(NOON + 60, 22, 4, 60),)


@pytest.mark.parametrize(
    ("quality", "eligible", "bad"),
    [(Quality.ACCURACY, 10, 3), (Quality.PRECISION, 6, 1), (Quality.RECALL, 7, 2)],
)
def test_one_feed_of_labels_answers_three_questions(
    quality: Quality, eligible: float, bad: float
) -> None:
    row = Observation(NOON, NOON + 60, tp=5, fp=1, fn=2, tn=2)
    [found] = slices(Labelled("labels", quality), [row], Stretch(NOON, NOON + 60, 60))
    assert (found.eligible, found.bad) == (eligible, bad)


@pytest.mark.parametrize("indicator", [ACCURACY, COUNTED, AUC])
def test_an_observation_of_another_kind_is_neither_counted_nor_seen(indicator: Fed) -> None:
    rows = [
        row
        for row, kind in (
            (labels(NOON, NOON + 60), ACCURACY),
            (counted(NOON, NOON + 60), COUNTED),
            (score(NOON + 60, 0.5), AUC),
        )
        if kind is not indicator
    ]
    stretch = Stretch(NOON, NOON + 60, 60)
    assert slices(indicator, rows, stretch) == (Slice(NOON + 60, 0, 0, 0),)


def test_an_undecided_batch_is_seen_and_not_charged_until_all_that_waited_decide() -> None:
    rows = [score(NOON + HOUR, 46 / 50, 50), score(NOON + 2 * HOUR, 0.88, 1_000)]
    stretch = Stretch(NOON, NOON + 2 * HOUR, HOUR)
    first, second = slices(AUC, rows, stretch)
    assert first == Slice(NOON + HOUR, 0, 0, HOUR)
    assert second == Slice(NOON + 2 * HOUR, 2, 2, HOUR)


def test_a_score_that_waited_before_a_stretch_is_decided_in_it() -> None:
    rows = [score(NOON, 46 / 50, 50), score(NOON + HOUR, 0.88, 1_000)]
    [found] = slices(AUC, rows, Stretch(NOON, NOON + HOUR, HOUR))
    assert (found.eligible, found.bad) == (2, 2)


def test_scores_must_be_as_the_indicator_says() -> None:
    found = requirement_of(replace(AUC, form="rank", minimum=500))
    assert (found.op, found.limit, found.form, found.minimum) == (
        Op.GTE,
        Fraction(94, 100),
        "rank",
        500,
    )


def test_only_what_comes_through_a_feed_names_one() -> None:
    assert [feed_of(one) for one in (ACCURACY, COUNTED, AUC)] == ["labels", "answers", "auc"]
    assert feed_of(Ratio("requests_total", bad="errors_total")) == ""


def read(opened: int | None = NOON, until: int = NOON + 4 * HOUR, touched: int = NOON) -> Counts:
    return Counts.of(touched, HOUR, opened, until)


def test_more_labels_of_a_slice_are_posted_as_the_difference() -> None:
    before, after = [labels(NOON, NOON + HOUR)], [labels(NOON, NOON + HOUR, wrong=4)]
    assert corrections(ACCURACY, before, after, HOUR, read()) == [Slice(NOON + HOUR, 3, 3, 0)]


def test_the_same_word_again_posts_nothing() -> None:
    rows = [labels(NOON, NOON + HOUR), labels(NOON + HOUR, NOON + 2 * HOUR)]
    assert corrections(ACCURACY, rows, rows, HOUR, read()) == []


def test_a_slice_that_nobody_had_seen_is_seen_now() -> None:
    known = [counted(NOON, NOON + HOUR)]
    fresh = [*known, counted(NOON + HOUR, NOON + 2 * HOUR, 5, 5)]
    found = corrections(COUNTED, known, fresh, HOUR, read())
    assert found == [Slice(NOON + 2 * HOUR, 5, 5, HOUR)]


def test_what_was_not_read_yet_is_left_to_the_poll() -> None:
    late = [counted(NOON + 4 * HOUR, NOON + 5 * HOUR)]
    assert corrections(COUNTED, [], late, HOUR, read()) == []


def test_what_lies_before_the_opening_is_posted_as_a_whole() -> None:
    old, known = counted(NOON - 2 * HOUR, NOON - HOUR, 7, 2), counted(NOON, NOON + HOUR)
    found = corrections(COUNTED, [known], [old, known], HOUR, read(touched=NOON - 2 * HOUR))
    assert found == [Slice(NOON - HOUR, 7, 2, HOUR)]


def test_an_account_without_rows_lacks_everything() -> None:
    rows = [counted(NOON, NOON + HOUR), counted(NOON + HOUR, NOON + 2 * HOUR, 4, 0)]
    found = corrections(COUNTED, rows[:1], rows, HOUR, read(opened=None))
    assert found == [Slice(NOON + HOUR, 10, 1, HOUR), Slice(NOON + 2 * HOUR, 4, 0, HOUR)]


def test_a_score_that_changes_moves_every_later_decision() -> None:
    waits, decides = score(NOON + HOUR, 46 / 50, 50), score(NOON + 3 * HOUR, 0.88, 1_000)
    before = [score(NOON + HOUR, 0.99, 1_000), decides]
    found = corrections(AUC, before, [waits, decides], HOUR, read())
    assert found == [Slice(NOON + HOUR, -1, 0, 0), Slice(NOON + 3 * HOUR, 1, 1, 0)]


minutes = st.lists(
    st.tuples(st.integers(0, 59), st.integers(1, 20), st.integers(0, 9), st.integers(0, 9)),
    max_size=12,
)


@given(minutes, st.sampled_from([MINUTE, 5 * MINUTE]))
def test_slices_of_any_length_hold_the_same_counts_and_seconds(
    drawn: list[tuple[int, int, int, int]], step: int
) -> None:
    rows = [
        counted(NOON + a * 60, NOON + min(60, a + length) * 60, more + bad, bad)
        for a, length, more, bad in drawn
    ]
    fine = slices(COUNTED, rows, Stretch(NOON, NOON + HOUR, step))
    [coarse] = slices(COUNTED, rows, Stretch(NOON, NOON + HOUR, HOUR))
    assert sum(one.eligible for one in fine) == coarse.eligible
    assert sum(one.bad for one in fine) == coarse.bad
    assert sum(one.observed for one in fine) == coarse.observed


@given(minutes, minutes)
def test_what_was_counted_and_the_corrections_are_what_is_known(
    drawn: list[tuple[int, int, int, int]], more: list[tuple[int, int, int, int]]
) -> None:
    def rows(some: list[tuple[int, int, int, int]]) -> dict[tuple[int, int], Observation]:
        return {
            (a, a + length): counted(NOON + a * 60, NOON + (a + length) * 60, ok + bad, bad)
            for a, length, ok, bad in some
        }

    before = list(rows(drawn).values())
    after = list((rows(drawn) | rows(more)).values())
    stretch = Stretch(NOON, NOON + 2 * HOUR, MINUTE)
    counts = Counts.of(NOON, MINUTE, NOON, NOON + 2 * HOUR)
    lacking = {one.at: one for one in corrections(COUNTED, before, after, MINUTE, counts)}
    none = Slice(0, 0, 0, 0)
    for old, new in zip(
        slices(COUNTED, before, stretch), slices(COUNTED, after, stretch), strict=True
    ):
        piece = lacking.get(old.at, none)
        assert old.eligible + piece.eligible == new.eligible
        assert old.bad + piece.bad == new.bad
        assert old.observed + piece.observed == new.observed


def test_a_score_that_is_none_of_the_scale_is_neither_counted_nor_seen() -> None:
    auc = Scored("ranker-auc", Op.GTE, Fraction(94, 100), "share")
    rows = [
        Observation(NOON - HOUR, NOON, value=93.2, n=1_000),
        Observation(NOON, NOON + HOUR, value=0.99, n=1_000),
    ]
    found = slices(auc, rows, Stretch(NOON - HOUR, NOON + HOUR, HOUR))
    assert found == (Slice(NOON, 0, 0, 0), Slice(NOON + HOUR, 1, 0, HOUR))
