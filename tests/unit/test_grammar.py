"""One grammar for Slack and the terminal."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.approval import Wish
from bot.entrypoints.grammar import AskGate, AskWords, Form, Help, Show, Status, parse
from bot.entrypoints.grammar_history import ReadHistory
from bot.errors import UserError
from bot.flow.show.browse import Question

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Status()),
        ("status", Status()),
        ("STATUS search", Status("search")),
        ("status search 3", Status("search", 3)),
        ("show ranker", Show("ranker")),
        ("gate ranker", AskGate("ranker")),
        ("gate ranker 38", AskGate("ranker", "38")),
        ("history", ReadHistory()),
        ("history ranker", ReadHistory(Question("ranker"))),
        ("help", Help()),
    ],
)
def test_budget_understands(text: str, command: object) -> None:
    assert parse("/budget", text, MONDAY) == command


@pytest.mark.parametrize(
    ("text", "nearest"), [("statsu", "status"), ("hlep", "help"), ("hist", "history")]
)
def test_an_unknown_word_gets_the_nearest_command(text: str, nearest: str) -> None:
    with pytest.raises(UserError) as caught:
        parse("/budget", text, MONDAY)
    assert f"Did you mean `{nearest}`?" in caught.value.sentence
    assert caught.value.example == f"/budget {nearest}"


def test_a_freeze_takes_scope_length_and_reason() -> None:
    found = parse("/freeze", "ranker for 1h30m version 38 looks wrong", MONDAY)
    ends = timedelta(hours=1, minutes=30)
    assert found == AskWords(Wish.FREEZE, "ranker", "version 38 looks wrong", ends)


def test_a_freeze_without_a_length_holds_until_it_is_lifted() -> None:
    assert parse("/freeze", "all moving house", MONDAY) == AskWords(
        Wish.FREEZE, "all", "moving house", None
    )


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("until 17:00", datetime(2026, 3, 2, 17, tzinfo=UTC)),
        ("until 9:00", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("until tomorrow 9:00", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("until fri 17:00", datetime(2026, 3, 6, 17, tzinfo=UTC)),
        ("until monday 11:00", datetime(2026, 3, 9, 11, tzinfo=UTC)),
        ("until 2026-03-08 08:30", datetime(2026, 3, 8, 8, 30, tzinfo=UTC)),
        ("until 2026-03-08", datetime(2026, 3, 8, tzinfo=UTC)),
        ("until 2026-03-08T08:30+01:00", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
    ],
)
def test_an_end_is_the_next_moment_of_that_name(words: str, ends: datetime) -> None:
    found = parse("/freeze", f"ranker {words} reason", MONDAY)
    assert isinstance(found, AskWords)
    assert (found.until, found.reason) == (ends, "reason")


def test_an_end_is_meant_in_the_zone_of_whoever_writes_it() -> None:
    found = parse("/freeze", "ranker until fri 17:00 reason", MONDAY, "Europe/Berlin")
    assert isinstance(found, AskWords)
    assert found.until == datetime(2026, 3, 6, 16, tzinfo=UTC)


def test_an_end_after_the_clocks_change_keeps_its_wall_time() -> None:
    found = parse("/freeze", "ranker until 2026-03-30 17:00 reason", MONDAY, "Europe/Berlin")
    assert isinstance(found, AskWords)
    assert found.until == datetime(2026, 3, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "ranker",
        "ranker for",
        "ranker for ever reason",
        "ranker for 0m reason",
        "ranker for 400d reason",
        "ranker until",
        "ranker until 25:00 reason",
        "ranker until 2020-01-01 reason",
        "ranker until yesterday reason",
        "ranker for 2h",
    ],
)
def test_a_freeze_that_is_not_understood_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse("/freeze", text, MONDAY)
    assert caught.value.example


def test_commands_without_words_open_their_form() -> None:
    assert parse("/freeze", " ", MONDAY) == Form(Wish.FREEZE)
    assert parse("/unfreeze", "", MONDAY) == Form(Wish.UNFREEZE)


def test_an_unfreeze_needs_a_reason() -> None:
    with pytest.raises(UserError, match="reason"):
        parse("/unfreeze", "ranker", MONDAY)


def refusal(command: str, text: str) -> str | None:
    """What is said to text that is not understood; None if it is."""
    try:
        parse(command, text, MONDAY)
    except UserError as error:
        return error.sentence
    return None


@given(st.sampled_from(["/budget", "/freeze", "/unfreeze"]), st.text(max_size=80))
def test_any_text_is_understood_or_answered(command: str, text: str) -> None:
    assert refusal(command, text) != ""


@pytest.mark.parametrize(
    "reason",
    [
        "\u200b",
        "\u2060 \ufeff",
        "\u00ad\u180e",
        "\u3164",
        "\u2800",
        "\ufe0f\u200d",
        '" "',
        "\u200e",
    ],
)
def test_a_reason_that_nobody_can_see_is_missing(reason: str) -> None:
    for command in ("/freeze", "/unfreeze"):
        with pytest.raises(UserError, match="A reason is missing"):
            parse(command, f"ranker {reason}", MONDAY)


def test_a_reason_keeps_the_joiners_between_what_is_seen() -> None:
    found = parse("/unfreeze", "ranker 👩\u200d🚒 put it out", MONDAY)
    assert found == AskWords(Wish.UNFREEZE, "ranker", "👩\u200d🚒 put it out")


def test_a_page_of_thousands_of_digits_is_a_page_after_the_last() -> None:
    assert parse("/budget", f"status all {'9' * 5000}", MONDAY) == Status("all", 999_999_999)


def test_a_time_after_a_day_is_no_reason() -> None:
    found = parse("/freeze", "ranker until fri 5pm version 38", MONDAY)
    ends = datetime(2026, 3, 6, 17, tzinfo=UTC)
    assert found == AskWords(Wish.FREEZE, "ranker", "version 38", ends)


@pytest.mark.parametrize("command", ["/freeze", "/unfreeze", "/override", "/release"])
def test_each_command_explains_itself(command: str) -> None:
    assert parse(command, " Help ", MONDAY) == Help(command)
