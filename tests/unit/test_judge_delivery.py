"""The four key figures of delivery, and what counts as a failure."""

from fractions import Fraction

import pytest

from bot.judge.attribution import Share, attribute
from bot.judge.delivery import LIMIT, Delivery, Outcome, deliveries, outcome_of, worst_of
from bot.judge.release import Release
from tests.builders import DAY, HOUR, NOON
from tests.unit.releasing import SINCE, WEEK, hours

FINE, FAILED, OPEN = Outcome.FINE, Outcome.FAILED, Outcome.OPEN


def ago(hours: float) -> int:
    return NOON - int(hours * HOUR)


def delivered(*pairs: tuple[Release, Outcome]) -> Delivery:
    """The figures of the last ten days."""
    return deliveries([one for one, _ in pairs], [how for _, how in pairs], NOON - 10 * DAY, NOON)


def share_at(rate: float) -> Share:
    """A release of the last half day with this rate, after one with 0.5 %."""
    balances = hours(1_000, lambda at: rate if at > ago(12) else 0.005)
    found = attribute(WEEK, balances, SINCE, [Release("1", SINCE), Release("2", ago(12))])
    assert found is not None
    return found.shares[-1]


def test_what_was_rolled_back_failed() -> None:
    assert outcome_of(Release("1", NOON, rolled_back=True), None) is FAILED


def test_what_caused_more_than_the_limit_for_certain_failed() -> None:
    share = share_at(0.02)
    assert share.early is not None
    assert share.early.low > LIMIT
    assert outcome_of(share.release, share) is FAILED
    assert outcome_of(share.release, share, Fraction(1, 2)) is FINE


def test_the_limit_itself_is_not_more_than_the_limit() -> None:
    share = share_at(0.02)
    assert share.early is not None
    assert outcome_of(share.release, share, Fraction(share.early.low)) is FINE


def test_what_cannot_be_compared_stays_open() -> None:
    assert outcome_of(Release("1", NOON), None) is OPEN
    first = attribute(WEEK, hours(10, lambda _: 0.5), SINCE, [Release("1", SINCE)])
    assert first is not None
    assert outcome_of(Release("1", SINCE), first.shares[0]) is OPEN


def test_a_release_that_failed_one_objective_failed() -> None:
    assert worst_of([FINE, FAILED, OPEN]) is FAILED
    assert worst_of([OPEN, FINE]) is FINE
    assert worst_of([OPEN]) is worst_of([]) is OPEN


def test_where_nothing_was_released_each_figure_says_why_it_is_missing() -> None:
    found = delivered()
    figures = (found.frequency, found.lead, found.failures, found.restore)
    assert [one.value for one in figures] == [None] * 4
    assert all(one.reason.startswith("no release") for one in figures)


def test_the_four_figures() -> None:
    found = delivered(
        (Release("0", ago(11 * 24), commits=(0,)), FAILED),  # before this time
        (Release("1", ago(90), commits=(ago(94), ago(92))), FINE),
        (Release("2", ago(50), commits=(ago(53),)), FAILED),
        (Release("1", ago(48)), FINE),
        (Release("3", ago(20), commits=(ago(10),)), OPEN),  # a commit after its release: no lead
        (Release("4", NOON), OPEN),  # not yet
    )
    assert (found.frequency.value, found.frequency.count) == (pytest.approx(0.4), 4)
    assert (found.lead.value, found.lead.count) == (3 * HOUR, 3)
    assert (found.failures.value, found.failures.count) == (pytest.approx(1 / 3), 3)
    assert (found.restore.value, found.restore.count) == (2 * HOUR, 1)
    assert found.frequency.reason == ""


def test_what_failed_and_is_still_live_is_not_restored() -> None:
    found = delivered((Release("1", ago(9)), FAILED))
    assert found.restore.value is None
    assert "not been replaced" in found.restore.reason


def test_what_could_not_be_judged_is_no_success() -> None:
    found = delivered((Release("1", ago(9)), OPEN))
    assert found.failures.value is None
    assert "judged" in found.failures.reason


def test_a_release_counted_apart_is_replaced_by_the_next_all_the_same() -> None:
    own = hours(10, lambda _: 0)
    found = delivered((Release("1", ago(9), own=own), FAILED), (Release("2", ago(6)), FINE))
    assert found.restore.value == 3 * HOUR


def test_a_canary_that_went_on_is_a_stage_and_one_rolled_back_is_a_release() -> None:
    found = delivered(
        (Release("1", ago(9), ago(8), share=0.1), FINE),
        (Release("1", ago(8)), FINE),
        (Release("2", ago(4), ago(3), share=0.1, rolled_back=True), FAILED),
        (Release("3", ago(2), share=0.1), OPEN),
    )
    assert found.frequency.count == 3
    assert found.failures.value == pytest.approx(1 / 2)
    assert found.restore.value == HOUR
