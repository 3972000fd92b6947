"""A forecast, and its score, from only the totals that they take."""

import pytest

from bot.judge.expectation import Forecast
from bot.judge.forecast import asked, dated, forecast
from bot.judge.ledger import Balances
from bot.judge.objective import Objective
from bot.judge.realised import needed, outcome_of
from tests.builders import DAY, HOUR, NOON, Part, calendar, objective, rolling, story

WEEK = objective(target="0.99", window=rolling(7), alerts=())
MONTH = objective(target="0.99", window=calendar(), alerts=())
YOUNG = story(Part(3 * HOUR, 100, 0.2))


def of(balances: Balances, instants: list[int]) -> Balances:
    """What a store gives back that is asked for these instants."""
    rows = {row.at: row for row in (balances.first, *(balances.at(one) for one in instants))}
    return Balances([rows[at] for at in sorted(rows)])


def said(one: Objective, balances: Balances, horizon: int) -> object:
    return forecast(one, balances, balances.first.at, NOON, horizon)


CALM = story(Part(9 * DAY, 100, 0.3), Part(HOUR, 300, 2), Part(2 * DAY, 100, 0.2))


@pytest.mark.parametrize(("one", "days"), [(WEEK, 1), (WEEK, 9), (MONTH, 1), (MONTH, 90)])
def test_the_totals_that_are_asked_for_give_the_same_forecast(one: Objective, days: int) -> None:
    wanted = asked(one, CALM.first.at, NOON, NOON, days * DAY)
    found = said(one, of(CALM, wanted), days * DAY)
    assert isinstance(found, Forecast)
    assert not dated(found)
    assert found == said(one, CALM, days * DAY)


def test_an_account_that_is_too_young_is_asked_for_no_blocks() -> None:
    wanted = asked(objective(step=HOUR), YOUNG.first.at, NOON, NOON, HOUR)
    assert said(WEEK, of(YOUNG, wanted), DAY * 40) == said(WEEK, YOUNG, DAY * 40)


@pytest.mark.parametrize("bad", [3, 1.3])
def test_where_it_names_a_date_every_row_is_to_be_looked_at(bad: float) -> None:
    hot = story(Part(5 * DAY, 100, 0), Part(3 * DAY, 100, bad))
    found = said(WEEK, hot, 5 * DAY)
    assert isinstance(found, Forecast)
    assert dated(found)


@pytest.mark.parametrize("one", [WEEK, MONTH])
def test_the_totals_that_are_asked_for_give_the_same_outcome(one: Objective) -> None:
    earlier = CALM.at(NOON - DAY)
    past = of(CALM, list(range(CALM.first.at, earlier.at + 1, 60)))
    given = forecast(one, past, CALM.first.at, NOON - DAY, 20 * HOUR)
    assert isinstance(given, Forecast)
    outcome = outcome_of(given.issued, one, CALM, CALM.first.at)
    assert outcome is not None
    asked_for = needed(given.issued, one, NOON)
    assert outcome_of(given.issued, one, of(CALM, asked_for), CALM.first.at) == outcome
