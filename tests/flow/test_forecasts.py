"""Every hour each budget is looked ahead from, and what was said is held against what came."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.policy import Thaw, Then, Threshold
from bot.flow.foresee import forecast_facts, foreseen
from bot.flow.grounds import judge_now
from bot.flow.poll.forecast import ForecastBudgets
from bot.judge.expectation import Forecast
from bot.judge.reason import Code, Reason
from bot.ports import Books, Given
from tests.builders import DAY, HOUR, MINUTE, NOON, calendar, objective, rolling
from tests.flow.adjusting import minutes_ago, outage, take_out
from tests.flow.conftest import QUICK, World

RANKER = "ranker/availability"
DAILY = replace(objective(window=rolling(1), target="0.99", step=HOUR), label_delay=0)
FREEZING = replace(QUICK, thresholds=(Threshold(Fraction(0), Then.FREEZE),))
MUCH = Fraction(6, 10)


def told(world: World) -> dict[str, Given]:
    def work(books: Books) -> dict[str, Given]:
        accounts = books.ledger.accounts([one.id for one in world.objectives])
        found = books.forecasts.newest([one.id for one in accounts.values()])
        return {one.objective: found[one.id] for one in accounts.values() if one.id in found}

    return world.record.read(work)


def facts(world: World, name: str = RANKER) -> dict[str, object]:
    """What messages and JSON say now."""

    def work(books: Books) -> dict[str, object]:
        now, catalog = world.clock.now(), world.catalog()
        judged = judge_now(books, catalog.objectives, now)
        return foreseen(books, catalog, judged, now)[name]

    return world.record.read(work)


def run(world: World) -> int:
    return ForecastBudgets(world.record, world.clock, world.catalog, chunk=1).run()


def hours(world: World, count: int, bad: float = 0.3) -> None:
    """Of steady traffic, polled and looked ahead from as they pass."""
    for _ in range(count):
        now = int(world.clock.now().timestamp())
        for one in world.objectives:
            world.source.steady(one.id, now, now + HOUR, 1.0, bad / 100)
        world.clock.advance(HOUR)
        world.evaluate()
        run(world)


def test_once_an_hour_every_counted_budget_has_its_forecast(world: World) -> None:
    assert run(world) == 0  # nothing was ever counted
    world.history_of_calm(bad=0.02)
    assert run(world) == 2
    assert run(world) == 0
    said = told(world)[RANKER].said
    assert isinstance(said, Forecast)
    assert said.until == NOON + 7 * DAY
    assert said.low <= said.expected <= said.high
    world.clock.advance(HOUR)
    assert run(world) == 2


def test_what_cannot_be_told_says_why(world: World) -> None:
    world.traffic(RANKER, bad=0.1, minutes=120)
    run(world)
    why = "only 2 h are on record: too little to look 7 d ahead"
    assert facts(world) == {"unknown": why, "text": f"No forecast: {why}."}


def test_counts_that_are_too_old_tell_nothing_of_what_comes(world: World) -> None:
    world.history_of_calm(bad=0.02)
    world.clock.advance(3 * HOUR)
    run(world)
    said = told(world)[RANKER].said
    assert isinstance(said, Reason)
    assert said.code is Code.STALE
    assert facts(world)["unknown"]


def test_an_objective_that_nobody_has_counted_has_no_forecast(world: World) -> None:
    found = facts(world)
    assert "probability" not in found
    assert found["unknown"]


def test_what_was_said_this_hour_is_shown_with_its_figures(world: World) -> None:
    world.history_of_calm(bad=0.02)
    run(world)
    said = told(world)[RANKER].said
    assert isinstance(said, Forecast)
    world.traffic(RANKER, bad=20.0, minutes=2)
    shown = facts(world)
    assert (shown["expected"], shown["low"], shown["high"]) == (said.expected, said.low, said.high)
    assert shown["by"] == "2026-03-09T12:00:00+00:00"
    assert shown["unknown"] == ""
    assert str(shown["text"]).startswith("The budget should last: about ")


def test_a_forecast_from_before_a_warning_is_not_shown_but_made_anew(world: World) -> None:
    world.history_of_calm(bad=0.02)
    run(world)
    before = told(world)[RANKER].said
    assert isinstance(before, Forecast)
    world.traffic(RANKER, bad=60.0, minutes=10)
    assert world.answer().show("ranker")["objectives"][0]["exhausts_in"]
    assert told(world)[RANKER].said == before  # the next is made at the full hour
    shown = facts(world)
    assert str(shown["as_of"]) > "2026-03-02T12:05"
    assert str(shown["text"]).startswith("If what burns it now ends: the budget ")
    assert shown["expected"] < before.expected  # type: ignore[operator] # a figure


def test_a_question_about_many_that_burn_shows_no_forecast_from_before(world: World) -> None:
    world.objectives = tuple(objective(f"model-{n}") for n in range(22))
    world.open()
    world.history_of_calm(days=2, bad=0.02)
    run(world)
    now = int(world.clock.now().timestamp())
    for one in world.objectives:
        world.source.steady(one.id, now, now + 10 * MINUTE, 100 / 60, 1.0)
    world.polls(10)
    shown = [row["forecast"] for row in world.answer().rows()]
    late = "the last one is of Mon 2 Mar 2026, 12:00 UTC, and much changed since"
    assert [one["unknown"] for one in shown].count(late) == 2
    assert sum(not one["unknown"] for one in shown) == 20


def test_what_could_not_be_told_this_hour_is_asked_again(world: World) -> None:
    world.traffic(RANKER, bad=0.1, minutes=2)
    run(world)
    assert isinstance(told(world)[RANKER].said, Reason)
    world.traffic(RANKER, bad=0.1, minutes=25)
    assert "only 27 min are on record" in str(facts(world)["unknown"])


def test_a_budget_that_went_since_is_looked_at_anew(world: World) -> None:
    world.history_of_calm(bad=0.02)
    run(world)
    world.traffic(RANKER, bad=100.0, minutes=70, eligible=100.0)
    shown = facts(world)
    assert str(shown["text"]).startswith("The budget is gone until about ")
    assert shown["probability"] == 1


def test_a_calendar_month_ends_with_a_new_budget(world: World) -> None:
    month = objective(window=calendar())
    world.objectives = (month,)
    world.open()
    world.history_of_calm(days=20, bad=0.02)
    world.traffic(RANKER, bad=100.0, minutes=45)
    shown = facts(world)
    assert shown["back"] == "2026-04-01T00:00:00+00:00"
    assert "when a new one begins" in str(shown["text"])


def test_a_freeze_of_the_policy_asks_for_more_than_nothing_to_be_left(world: World) -> None:
    world.policy = FREEZING
    world.history_of_calm(bad=0.02)
    world.traffic(RANKER, bad=100.0, minutes=30)
    world.traffic(RANKER, bad=50.0, minutes=30)
    [freeze] = world.freezes()
    early = facts(world)["back"]
    world.policy = replace(FREEZING, thaw=Thaw(left=MUCH))
    late = facts(world)["back"]
    assert freeze.causes
    assert isinstance(early, str)
    assert isinstance(late, str)
    assert early < late


def test_forecasts_are_scored_when_their_time_has_come(world: World) -> None:
    world.objectives = (DAILY,)
    world.open()
    world.history_of_calm(days=3, bad=0.3)
    run(world)
    hours(world, 30)
    record = facts(world)["record"]
    assert isinstance(record, dict)
    # one in six hours counts, and is scored six hours later
    assert record["forecasts"] == 4
    assert record["hits"] == 4
    assert record["error"] == pytest.approx(0, abs=0.02)
    assert "held in 4 of 4 past forecasts" in str(facts(world)["text"])


def test_time_that_was_taken_out_of_a_budget_is_no_burn_to_come(world: World) -> None:
    outage(world, minutes=30)
    before = facts(world)["expected"]
    asked = take_out(world, minutes_ago(world, 40), minutes_ago(world, 10))
    world.vote(asked.request, "UADA")
    after = facts(world)["expected"]
    assert isinstance(before, float)
    assert before < 0.5
    assert after == pytest.approx(1.0)


def test_a_question_about_everything_does_not_look_ahead_of_everything(world: World) -> None:
    world.objectives = tuple(objective(f"model-{n}") for n in range(23))
    world.open()
    world.history_of_calm(days=2, bad=0.02)
    shown = [row["forecast"]["unknown"] for row in world.answer().rows()]
    assert sum("within a minute" in why for why in shown) == 3
    assert sum(not why for why in shown) == 20
    run(world)
    assert all(not row["forecast"]["unknown"] for row in world.answer().rows())


def test_a_reason_that_ends_in_a_question_is_no_sentence_with_two_ends() -> None:
    asked = Reason(Code.STALE, "nothing was observed in the last 2 h: is the feed f still pushed?")
    assert forecast_facts(asked)["text"].endswith("still pushed?")
    told = Reason(Code.NO_DATA, "nothing has been counted yet")
    assert forecast_facts(told)["text"] == "No forecast: nothing has been counted yet."
