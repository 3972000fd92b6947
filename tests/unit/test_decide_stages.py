"""Releases of the journal as the judges of budgets take them."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from bot.decide.release import End, Release
from bot.decide.stages import (
    Blame,
    Charge,
    blame_of,
    charges,
    delivery_of,
    stages_of,
    suspect,
)
from bot.judge.attribution import attribute
from bot.judge.control import Caused, Control
from bot.judge.delivery import Outcome
from tests.builders import HOUR, when
from tests.unit.releasing import NOON, SINCE, WEEK, hours

DAY = 24 * HOUR


def release(version: str, began: int, ended: int | None = None, **more: object) -> Release:
    end = None if ended is None else End.SUCCEEDED
    plain = Release(
        "ranker", version, when(began), None if ended is None else when(ended), end,
        False, (), ("api bot",), "ada", "", "", None, 0,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type] # fields of it


def test_a_release_of_everything_is_one_stage_without_a_share() -> None:
    (stage,) = stages_of(release("37", SINCE, NOON, committed=when(SINCE - HOUR)))
    assert (stage.version, stage.began, stage.ended) == ("37", SINCE, NOON)
    assert (stage.share, stage.whole, stage.commits) == (None, True, (SINCE - HOUR,))


def test_each_share_of_a_canary_is_a_stage_and_all_of_the_traffic_has_none() -> None:
    shares = (
        (when(SINCE), Fraction(1, 10)),
        (when(SINCE + HOUR), Fraction(1, 2)),
        (when(SINCE + DAY), Fraction(1)),
    )
    back = release("38", SINCE, NOON, shares=shares, end=End.ROLLED_BACK)
    found = stages_of(back)
    assert [(one.began, one.ended, one.share) for one in found] == [
        (SINCE, SINCE + HOUR, 0.1),
        (SINCE + HOUR, SINCE + DAY, 0.5),
        (SINCE + DAY, NOON, None),
    ]
    assert [one.rolled_back for one in found] == [False, False, True]


def test_a_version_with_an_account_of_its_own_needs_no_shares() -> None:
    own = hours(10, lambda at: 0.0)
    shares = ((when(SINCE), Fraction(1, 10)), (when(SINCE + HOUR), Fraction(1, 2)))
    (stage,) = stages_of(release("38", SINCE, shares=shares), {"38": own})
    assert (stage.own, stage.share, stage.ended) == (own, 0.1, None)


def test_what_each_release_burned_and_what_is_nobodys_is_all_that_was_consumed() -> None:
    rows = hours(1_000, lambda at: 0.02 if at > NOON - DAY else 0.005)
    middle = NOON - 2 * DAY
    shares = ((when(NOON - DAY), Fraction(1, 4)), (when(NOON - HOUR), Fraction(3, 4)))
    told = [release("37", SINCE + DAY), release("38", NOON - DAY, shares=shares)]
    staged = [stage for one in told for stage in stages_of(one)]
    found = attribute(WEEK, rows, SINCE, staged)
    assert found is not None
    known = charges([*told, release("36", SINCE - DAY, SINCE)], found)
    assert [one.release.version for one in known] == ["37", "38"]
    burned = sum(one.burn for one in known)
    assert abs(burned + found.unattributed - found.consumed) < Fraction(1, 10**12)
    assert float(found.unattributed) > 0  # the first day belongs to nobody
    assert middle < NOON
    assert known[1].excess > 0
    assert known[1].bad > known[1].eligible * 0.019


def test_a_release_that_was_taken_back_has_failed_whatever_it_burned() -> None:
    rows = hours(1_000, lambda at: 0.0)
    back = release("38", SINCE + DAY, SINCE + 2 * DAY, end=End.ROLLED_BACK)
    found = attribute(WEEK, rows, SINCE, stages_of(back))
    assert found is not None
    (charge,) = charges([back], found)
    assert charge.outcome is Outcome.FAILED


def test_a_release_that_spoils_the_budget_at_once_has_failed() -> None:
    rows = hours(1_000, lambda at: 0.05 if at > NOON - DAY else 0.001)
    told = [release("37", SINCE, NOON - DAY), release("38", NOON - DAY)]
    found = attribute(WEEK, rows, SINCE, [stage for one in told for stage in stages_of(one)])
    assert found is not None
    known = charges(told, found)
    assert known[1].outcome is Outcome.FAILED
    assert known[1].blame is not None
    assert known[1].blame.control is Control.BEFORE_AFTER
    assert suspect(known, when(NOON)) == known[1]
    assert suspect(known[:1], when(NOON)) is None
    unsure = replace(known[1], blame=None)
    assert suspect([unsure], when(NOON)) == unsure


def charge_of(version: str, burn: str, low: float | None, ended: datetime | None) -> Charge:
    end = End.ROLLED_BACK if ended is not None else None
    ending = None if ended is None else int(ended.timestamp())
    one = release(version, NOON - DAY, ending, end=end)
    blame = None if low is None else Blame(low, low, low, Control.BEFORE_AFTER, 1, 1, 1, 1)
    return Charge(one, 100.0, 10.0, Fraction(burn), Fraction(0), blame, Outcome.OPEN)


def test_who_burned_a_budget_stays_its_culprit_once_it_was_taken_back() -> None:
    hour = when(NOON - HOUR)
    serves = charge_of("39", "0.9", None, None)
    first, worst = charge_of("37", "0.1", 0.1, hour), charge_of("38", "0.4", 0.3, hour)
    assert suspect([first, worst, serves], when(NOON), hour) == worst
    assert suspect([first, worst, serves], when(NOON)) == serves
    later = when(NOON - HOUR + 1)
    assert suspect([first, worst, serves], when(NOON), later) == serves


def test_what_serves_and_surely_burns_comes_before_what_was_taken_back() -> None:
    hour = when(NOON - HOUR)
    gone, serves = charge_of("38", "0.4", 0.3, hour), charge_of("39", "0.1", 0.05, None)
    assert suspect([gone, serves], when(NOON), hour) == serves
    unsure = charge_of("38", "0.4", -0.1, hour)
    assert suspect([unsure], when(NOON), hour) is None


CAUSED = Caused(Control.CONCURRENT, 0.2, 0.1, 0.3, 5.0, 100.0, 1.0, 900.0)


def test_the_blame_of_several_stages_is_their_sum_compared_as_most_of_their_events() -> None:
    other = replace(CAUSED, control=Control.BEFORE_AFTER, share=0.1, low=-0.1, eligible=50.0)
    found = blame_of([other, CAUSED])
    assert found is not None
    assert (round(found.share, 9), round(found.low, 9), round(found.high, 9)) == (0.3, 0.0, 0.6)
    assert (found.control, found.eligible) == (Control.CONCURRENT, 100.0)
    assert blame_of([]) is None


def test_the_figures_of_delivery_count_a_canary_once_and_a_way_back_as_a_failure() -> None:
    shares = ((when(SINCE), Fraction(1, 10)), (when(SINCE + HOUR), Fraction(1)))
    told = [
        release("37", SINCE, SINCE + DAY, shares=shares, committed=when(SINCE - HOUR)),
        release("38", SINCE + DAY, SINCE + 2 * DAY, end=End.ROLLED_BACK),
        release("37", SINCE + 2 * DAY),
    ]
    outcomes = {told[0].key: [Outcome.FINE], told[2].key: [Outcome.OPEN]}
    found = delivery_of(told, outcomes, when(SINCE), when(NOON))
    assert (found.frequency.count, found.failures.value) == (3, 0.5)
    assert found.restore.value == timedelta(days=1).total_seconds()
    assert found.lead.value == 2 * HOUR
