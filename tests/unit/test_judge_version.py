"""Objectives of one version alone."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.judge.indicator import Counted, Labelled, Op, Scored
from bot.judge.observation import Observation
from bot.judge.tally import Quality
from bot.judge.version import bears_versions, of_version, said_of, tells_versions, whole_of
from tests.builders import HOUR, NOON, objective

WHOLE = replace(objective(), version_label="version")


def test_a_version_is_counted_apart_and_never_judged() -> None:
    one = of_version(WHOLE, "38", NOON + 1_234)
    assert one.id == "ranker/availability@38"
    assert (one.version_label, one.version) == ("version", "38")
    assert (one.opens, one.alerts) == (NOON, ())
    assert (one.indicator, one.source, one.step) == (WHOLE.indicator, WHOLE.source, WHOLE.step)


def test_long_slices_begin_where_slices_begin() -> None:
    slow = replace(WHOLE, step=6 * HOUR)
    assert of_version(slow, "38", NOON + 5 * HOUR).opens == NOON


def test_each_version_is_a_way_of_counting_of_its_own() -> None:
    marks = {one.fingerprint for one in (WHOLE, of_version(WHOLE, "38", NOON),
                                         of_version(WHOLE, "39", NOON))}  # fmt: skip
    assert len(marks) == 3
    assert of_version(WHOLE, "38", NOON).fingerprint == of_version(WHOLE, "38", 0).fingerprint


def test_a_label_alone_changes_nothing_of_what_is_counted() -> None:
    assert WHOLE.fingerprint == objective().fingerprint


def test_versions_are_told_apart_by_a_label_and_not_a_second_time() -> None:
    assert tells_versions(WHOLE)
    assert not tells_versions(objective())
    assert not tells_versions(of_version(WHOLE, "38", NOON))


@pytest.mark.parametrize("indicator", [Labelled("labels", Quality.RECALL), Counted("answers")])
def test_rows_of_a_feed_bear_their_version_without_a_label(indicator: Labelled | Counted) -> None:
    fed = objective(indicator=indicator)
    assert tells_versions(fed)
    assert bears_versions(fed)
    assert not tells_versions(of_version(fed, "38", NOON))
    assert not bears_versions(WHOLE)


def test_scores_of_batches_are_not_counted_by_version() -> None:
    scored = objective(indicator=Scored("scores", Op.GTE, Fraction(9, 10)))
    assert not tells_versions(scored)


def test_a_version_counts_what_is_said_of_it_and_of_no_other() -> None:
    fed = objective(indicator=Labelled("labels", Quality.ACCURACY))
    rows = [Observation(NOON - HOUR, NOON, version) for version in ("", "37", "38")]
    assert said_of(fed, rows) == rows
    assert said_of(of_version(fed, "38", NOON), rows) == rows[2:]


def test_a_version_waits_for_no_labels() -> None:
    """They come when nobody reads its account any more, and are posted to it then."""
    fed = replace(objective(indicator=Labelled("labels", Quality.ACCURACY)), label_delay=7 * HOUR)
    assert of_version(fed, "38", NOON).label_delay == 0


def test_the_whole_of_a_version_is_the_objective_that_it_is_a_part_of() -> None:
    assert whole_of(of_version(WHOLE, "38", NOON)) == whole_of(WHOLE) == WHOLE.id
    assert whole_of(of_version(WHOLE, "a@b", NOON)) == WHOLE.id
