"""What a feed may say, and what it may not."""

from dataclasses import replace

import pytest

from bot.judge.observation import Change, Observation, Wrong, went_down, wrongs

NOW = 10_000
LABELS = Observation(0, 3_600, "38", tp=90, fp=4, fn=3, tn=50, positives=100, negatives=60)
COUNTS = Observation(0, 3_600, eligible=100, bad=3)
SCORE = Observation(0, 3_600, value=0.93, n=800, low=0.9, high=0.95, tool="t", metric="auc")


@pytest.mark.parametrize(
    "row", [LABELS, COUNTS, SCORE, replace(LABELS, positives=None, negatives=None)]
)
def test_a_sound_observation_has_nothing_wrong(row: Observation) -> None:
    assert wrongs(row, NOW) == []


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        (replace(COUNTS, bad=float("nan")), "bad", "finite"),
        (replace(SCORE, value=float("inf")), "value", "finite"),
        (replace(COUNTS, bad=-1), "bad", "is -1: a count is never negative"),
        (replace(COUNTS, start=3_600), "end", "later than start"),
        (replace(COUNTS, end=NOW + 301), "end", "future"),
        (Observation(0, 60), "tp … | eligible, bad | value, n", "exactly one kind"),
        (replace(COUNTS, value=1.0, n=3), "tp … | eligible, bad | value, n", "exactly one kind"),
        (replace(LABELS, fn=None), "fn", "come together"),
        (replace(COUNTS, bad=None), "bad", "is missing"),
        (replace(COUNTS, eligible=None), "eligible", "is missing"),
        (replace(SCORE, n=None), "n", "the samples it rests on"),
        (replace(COUNTS, bad=101), "bad", "more than eligible (101 > 100)"),
        (replace(LABELS, positives=93), "tp + fp", "labels of 94 of 93 predictions"),
        (replace(LABELS, negatives=50), "fn + tn", "labels of 53 of 50 predictions"),
        (replace(LABELS, positives=None), "positives", "come together"),
        (replace(LABELS, negatives=None), "negatives", "come together"),
        (replace(SCORE, low=0.96), "low", "above high"),
        (replace(COUNTS, eligible=1.1e15), "eligible", "is 1.1e+15: a row has at most 1,000,000"),
        (replace(SCORE, n=5e-324), "n", "a count is 0, or at least 0.000001"),
        (replace(SCORE, n=1e308), "n", "a row has at most"),
        (replace(SCORE, value=-1e101), "value", "is -1e+101: no score is that far from zero"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_rule(
    row: Observation, field: str, rule: str
) -> None:
    (found,) = wrongs(row, NOW)
    assert found.field == field
    assert rule in found.rule


def test_all_faults_of_an_observation_are_told_at_once() -> None:
    found = wrongs(replace(COUNTS, eligible=-1, bad=float("nan"), end=NOW * 2), NOW)
    assert [one.field for one in found] == ["eligible", "bad", "end"]


def test_events_may_be_weighted() -> None:
    assert wrongs(replace(COUNTS, eligible=0.5, bad=0.000001), NOW) == []


def test_a_clock_may_be_a_little_ahead() -> None:
    assert wrongs(replace(COUNTS, end=NOW + 300), NOW) == []


def test_labels_and_events_that_were_there_do_not_vanish() -> None:
    assert went_down(Change(LABELS, replace(LABELS, tn=49))) == [
        Wrong("tp, fp, fn, tn", "went down from 147 to 146: counts only grow")
    ]
    assert went_down(Change(LABELS, replace(LABELS, positives=99))) == [
        Wrong("positives", "went down from 100 to 99: counts only grow")
    ]
    assert went_down(Change(COUNTS, replace(COUNTS, eligible=None, bad=None))) == [
        Wrong("eligible", "went down from 100 to 0: counts only grow")
    ]


def test_a_corrected_label_moves_a_count_and_takes_none_away() -> None:
    assert went_down(Change(LABELS, replace(LABELS, tp=89, fp=5))) == []
    assert went_down(Change(COUNTS, replace(COUNTS, bad=2))) == []
    assert went_down(Change(None, COUNTS)) == []


def test_an_observation_knows_its_key_and_how_much_of_it_is_labelled() -> None:
    assert LABELS.key == (0, 3_600, "38")
    assert (LABELS.labelled, LABELS.made) == (147, 160)
    assert (COUNTS.labelled, COUNTS.made) == (0, None)
