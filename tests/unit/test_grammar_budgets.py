"""`/budget adjust`, `adjustments` and `report`: from words to typed commands."""

import pytest

from bot.decide.approval import Wish
from bot.decide.month import Month
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_adjust import AdjustWords, ReadAdjustments
from bot.entrypoints.grammar_freeze import Form
from bot.entrypoints.grammar_report import ReadReport, month_said
from bot.errors import UserError
from bot.flow.adjust.request import PutBack, TakeOut
from tests.builders import HOUR, NOON, when

NOW = when(NOON)


def test_adjust_without_words_opens_the_form() -> None:
    assert parse("/budget", "adjust", NOW) == Form(Wish.ADJUST)


def test_adjust_takes_what_when_and_why() -> None:
    found = parse("/budget", "adjust ranker/latency from 10:00 to 11:00 network: a switch", NOW)
    start, end = when(NOON - 2 * HOUR), when(NOON - HOUR)
    assert found == AdjustWords(TakeOut("ranker/latency", start, end, "network: a switch"))


def test_a_reversal_names_a_number_and_a_reason() -> None:
    found = parse("/budget", "adjust reverse #3 it was ours", NOW)
    assert found == AdjustWords(PutBack(3, "it was ours"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("adjust ranker", "From when?"),
        ("adjust ranker from 10:00 to 11:00", "A reason is missing: others will read it."),
        ("adjust ranker from 10:00 to 11:00 \u2800", "A reason is missing: others will read it."),
        ("adjust reverse", "Which adjustment? `/budget adjustments` shows the numbers."),
        ("adjust reverse x", "`x` is not the number of an adjustment. `/budget adjustments` shows"
         " the numbers."),
        ("adjust reverse 3", "A reason is missing: others will read it."),
        ("adjustments a b", "`adjustments` takes one service or team, not 2."),
        ("adjustmnt", "`/budget` does not know `adjustmnt`. Did you mean `adjustments`?"),
        (
            "report search april may",
            "`report` takes one team and one month; I read `search april`.",
        ),
        ("report 2026-13", "There is no month `2026-13`."),
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for_with_an_example_that_works(words: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        parse("/budget", words, NOW)
    assert caught.value.sentence == says
    command, _, rest = caught.value.example.partition(" ")
    assert parse(command, rest, NOW)


@pytest.mark.parametrize(("words", "word"), [("", "all"), ("team:search", "team:search")])
def test_adjustments_are_listed_for_a_scope(words: str, word: str) -> None:
    assert parse("/budget", f"adjustments {words}", NOW) == ReadAdjustments(word)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ReadReport()),
        ("all", ReadReport()),
        ("search", ReadReport("search")),
        ("last", ReadReport("", Month(2026, 2))),
        ("search this", ReadReport("search", Month(2026, 3))),
        ("search 2025-10", ReadReport("search", Month(2025, 10))),
        ("all October", ReadReport("", Month(2025, 10))),
        ("mar", ReadReport("", Month(2026, 3))),
        ("feb", ReadReport("", Month(2026, 2))),
    ],
)
def test_a_report_is_of_a_team_and_a_month(words: str, found: ReadReport) -> None:
    assert parse("/budget", f"report {words}", NOW) == found


def test_an_option_for_a_month_takes_nothing_else() -> None:
    assert month_said("", NOW, "UTC") is None
    assert month_said("2026-01", NOW, "UTC") == Month(2026, 1)
    with pytest.raises(UserError, match="do not understand the month `search`"):
        month_said("search", NOW, "UTC")
