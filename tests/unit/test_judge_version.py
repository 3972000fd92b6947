"""Objectives of one version alone."""

from dataclasses import replace

from bot.judge.version import of_version, tells_versions
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
