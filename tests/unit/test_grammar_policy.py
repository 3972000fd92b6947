"""The words of `/budget policy` and `/budget backtest`."""

from datetime import timedelta

import pytest

from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_policy import ExplainPolicy, TryPolicy
from bot.errors import UserError
from tests.builders import NOON, when


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("policy ranker", ExplainPolicy("ranker")),
        ("backtest", TryPolicy("", timedelta(days=30))),
        ("backtest 14d", TryPolicy("", timedelta(days=14))),
        ("backtest since 2w", TryPolicy("", timedelta(weeks=2))),
        ("backtest strict", TryPolicy("strict", timedelta(days=30))),
        ("backtest strict since 36h", TryPolicy("strict", timedelta(hours=36))),
        ("backtest 7d strict", TryPolicy("strict", timedelta(days=7))),
    ],
)
def test_what_is_written_is_understood(text: str, meant: object) -> None:
    assert parse("/budget", text, when(NOON)) == meant


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("policy", "/budget policy ranker"),
        ("policy ranker speller", "/budget policy ranker"),
        ("backtest strict lax", "/budget backtest strict 14d"),
        ("backtest 7d 14d", "/budget backtest strict 14d"),
    ],
)
def test_what_is_not_understood_comes_with_an_example(text: str, example: str) -> None:
    with pytest.raises(UserError) as caught:
        parse("/budget", text, when(NOON))
    assert caught.value.example == example


@pytest.mark.parametrize("length", ["400d", "0d"])
def test_no_time_at_all_or_more_than_is_kept_is_refused(length: str) -> None:
    with pytest.raises(UserError, match=f"`{length}` is out of range: 1 minute to 90 days"):
        parse("/budget", f"backtest since {length}", when(NOON))
