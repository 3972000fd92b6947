"""How good the forecasts are, on simulated services: fixed seeds, every day a forecast."""

from functools import cache

import numpy as np

from bot.judge.forecast import Forecast, forecast
from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective
from bot.judge.realised import outcome_of
from bot.judge.score import Issued, Outcome, score
from tests.builders import DAY, NOON, account, calendar, objective, rolling

FOUR_WEEKS = objective(target="0.95", window=rolling(28), alerts=(), step=DAY)
MONTH = objective(target="0.95", window=calendar(), alerts=(), step=DAY)
AHEAD = 7 * DAY


def service(seed: int, days: int = 230) -> Balances:
    """2,000 events a day; the rate of bad ones wanders about 3 %, and stays up or down for days."""
    chance = np.random.default_rng(seed)
    level, found = 0.0, []
    for n in range(1, days + 1):
        level = 0.7 * level + chance.normal(0, 0.5)
        bad = chance.binomial(2_000, min(0.9, 0.03 * np.exp(level)))
        found.append(Slice(NOON + n * DAY, 2_000.0, float(bad), DAY))
    return account(found)


def followed(one: Objective, balances: Balances, first: int = 30) -> list[Outcome]:
    """What became of the forecasts of all days from the `first` on; each knows the record of those
    that had matured by then."""
    waiting: list[Issued] = []
    done: list[Outcome] = []
    for count in range(first, len(balances.rows)):
        known = balances.upto(count + 1)
        now = known.last.at
        for issued in [given for given in waiting if given.until <= now]:
            waiting.remove(issued)
            outcome = outcome_of(issued, one, known, NOON)
            assert outcome is not None
            done.append(outcome)
        found = forecast(one, known, NOON, now, AHEAD, score(done))
        assert isinstance(found, Forecast)
        waiting.append(found.issued)
    return done


@cache
def wandering(*, monthly: bool = False) -> list[list[Outcome]]:
    """The forecasts of some such services."""
    one = MONTH if monthly else FOUR_WEEKS
    return [followed(one, service(seed)) for seed in ((0, 4) if monthly else (0, 4, 5))]


def test_after_thirty_scored_forecasts_the_80_percent_range_holds_so_often() -> None:
    later = [outcome for outcomes in wandering() for outcome in outcomes[30:]]
    assert len(later) > 400
    assert 0.7 <= sum(one.hit for one in later) / len(later) <= 0.9


def test_a_calendar_window_is_covered_as_well() -> None:
    later = [outcome for outcomes in wandering(monthly=True) for outcome in outcomes[30:]]
    assert len(later) > 300
    assert 0.7 <= sum(one.hit for one in later) / len(later) <= 0.9


def test_the_probabilities_are_better_than_the_mere_frequency() -> None:
    outcomes = [one for outcomes in wandering() for one in outcomes]
    often = sum(one.exhausted for one in outcomes) / len(outcomes)
    brier = score(outcomes).brier
    assert brier is not None
    assert brier < 0.5 * often * (1 - often)


def test_it_beats_a_forecast_that_ignores_what_rolls_off_at_least_twofold() -> None:
    chance = np.random.default_rng(3)
    rates = [0.4 if n % 50 == 10 else 0.01 for n in range(230)]
    balances = account(
        Slice(NOON + n * DAY, 2_000.0, float(chance.binomial(2_000, rate)), DAY)
        for n, rate in enumerate(rates, 1)
    )
    outcomes = followed(FOUR_WEEKS, balances)
    # only those without a new incident: nobody foresees one
    quiet = [one for one in outcomes if not any(_incident(one, n) for n in range(230))]
    blind = [abs(_ignoring(balances, one) - one.left) for one in quiet]
    assert len(quiet) > 100
    assert np.mean(blind) >= 2 * np.mean([abs(one.issued.expected - one.left) for one in quiet])


def _incident(one: Outcome, day: int) -> bool:
    return day % 50 == 10 and one.issued.at < NOON + (day + 1) * DAY <= one.issued.until


def _ignoring(balances: Balances, one: Outcome) -> float:
    """The same pace on top of what is spent now: as if nothing ever left the window."""
    spent = balances.at(one.issued.at).bad - balances.at(one.issued.at - 28 * DAY).bad
    return 1 - spent * (1 + AHEAD / (28 * DAY)) / (0.05 * 28 * 2_000)
