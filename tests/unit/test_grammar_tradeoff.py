"""`/budget tradeoff`: from words to a typed command."""

from fractions import Fraction

import pytest

from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_tradeoff import WeighTradeoff
from bot.errors import UserError
from bot.judge.stake import Change
from tests.builders import NOON, when

NOW = when(NOON)


def change(low: str, middle: str, high: str) -> Change:
    """Of the rate of bad events, in points."""
    return Change(Fraction(middle) / 100, Fraction(low) / 100, Fraction(high) / 100)


def test_a_trade_off_names_a_service_and_a_version() -> None:
    assert parse("/budget", "tradeoff ranker 38", NOW) == WeighTradeoff("ranker", "38")


@pytest.mark.parametrize(
    "said",
    [
        "--accuracy +1.5±0.2 --availability -0.02±0.01",
        "accuracy 1.5+-0.2 availability −0.02+/-0.01%",
        "--accuracy=+1.5±0.2 --availability=-0.02±0.01",
        "\u2014accuracy +1.5±0.2 \u2013availability=-0.02±0.01",
    ],
)
def test_more_is_better_by_hand_as_objectives_are_said(said: str) -> None:
    found = parse("/budget", f"tradeoff ranker 38 {said}", NOW)
    changes = {
        "accuracy": change("-1.7", "-1.5", "-1.3"),
        "availability": change("0.01", "0.02", "0.03"),
    }
    assert found == WeighTradeoff("ranker", "38", changes)


def test_without_a_spread_the_figure_is_taken_as_certain() -> None:
    found = parse("/budget", "tradeoff ranker 38 --accuracy 2", NOW)
    assert found == WeighTradeoff("ranker", "38", {"accuracy": change("-2", "-2", "-2")})


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "Which version"),
        ("ranker", "Which version"),
        ("ranker --accuracy 2", "Which version"),
        ("ranker \u2014accuracy 2", "Which version"),
        ("ranker 38 --accuracy +1 accuracy -5", "`accuracy` is given twice"),
        ("ranker 38 --accuracy", "By how many points"),
        ("ranker 38 --accuracy much", "no change in percentage points"),
        ("ranker 38 --accuracy 90±20", "more than 100 points"),
    ],
)
def test_what_is_not_understood_is_told_with_an_example(said: str, why: str) -> None:
    with pytest.raises(UserError, match=why) as refused:
        parse("/budget", f"tradeoff {said}", NOW)
    assert refused.value.example.startswith("/budget tradeoff ranker 38")


def test_the_example_is_about_the_objective_that_was_named() -> None:
    with pytest.raises(UserError) as caught:
        parse("/budget", "tradeoff recs 7 --latency much", NOW)
    assert caught.value.example == "/budget tradeoff recs 7 --latency +1.5±0.2"
