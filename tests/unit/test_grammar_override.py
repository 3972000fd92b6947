"""The words of /override and of /freeze dispute."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.approval import Wish
from bot.decide.change import ChangeKind
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_dispute import DisputeWords
from bot.entrypoints.grammar_freeze import Form
from bot.entrypoints.grammar_override import (
    CancelWords,
    GlassWords,
    OpenReviews,
    OverridesOf,
    OverrideWords,
    ReviewWords,
    RevokeWords,
)
from bot.errors import UserError

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIX = ChangeKind.BUG_FIX


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("", Form(Wish.OVERRIDE)),
        ("ranker 38 it is urgent", OverrideWords("ranker", "38", "it is urgent")),
        ("ranker 38 bug-fix it crashes", OverrideWords("ranker", "38", "it crashes", FIX)),
        ("ranker 38 BUG_FIX it crashes", OverrideWords("ranker", "38", "it crashes", FIX)),
        (
            "ranker 38 bug-fix ML-12 it crashes",
            OverrideWords("ranker", "38", "it crashes", FIX, "ML-12"),
        ),
        (
            "ranker 38 https://t.example.com/1 why",
            OverrideWords("ranker", "38", "why", ticket="https://t.example.com/1"),
        ),
        ("ranker 38 #12 why", OverrideWords("ranker", "38", "why", ticket="#12")),
        ("ranker 38 retry-3 times", OverrideWords("ranker", "38", "retry-3 times")),
        ("list", OverridesOf()),
        ("LIST search", OverridesOf("search")),
        ("reviews", OpenReviews()),
        ("cancel 7", CancelWords(7)),
        ("cancel #7", CancelWords(7)),
        ("revoke 7 it was wrong", RevokeWords(7, "it was wrong")),
        ("review 7 it was right", ReviewWords(7, "it was right")),
        (
            "break-glass ranker 38 INC-7 nobody gets results",
            GlassWords("ranker", "38", "INC-7", "nobody gets results"),
        ),
        ("service:list 38 why", OverrideWords("service:list", "38", "why")),
    ],
)
def test_override_understands(text: str, understood: object) -> None:
    assert parse("/override", text, MONDAY) == understood


def test_freeze_dispute_takes_a_freeze_or_a_scope_and_a_reason() -> None:
    found = parse("/freeze", "dispute 12 the network was down", MONDAY)
    assert found == DisputeWords("12", "the network was down")


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("ranker", "/override ranker 38"),
        ("ranker 38", "/override ranker 38"),
        ("ranker 38 bug-fix ML-12", "/override ranker 38"),
        ("ranker 38 \u200b", "/override ranker 38"),
        ("list search more", "/override list search"),
        ("cancel", "/override list"),
        ("cancel seven", "/override list"),
        ("revoke 7", "/override revoke 7 "),
        ("review 7 \u2800", "/override review 7 "),
        ("break-glass ranker 38", "/override break-glass ranker 38 INC-7"),
        ("break-glass ranker 38 nobody gets results", "/override break-glass ranker 38 INC-7"),
        ("break-glass ranker 38 INC-7", "/override break-glass ranker 38 INC-7"),
        ("brake-glass", "/override break-glass"),
    ],
)
def test_what_is_not_understood_is_answered_with_an_example(text: str, example: str) -> None:
    with pytest.raises(UserError) as caught:
        parse("/override", text, MONDAY)
    assert caught.value.example.startswith(example)


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("dispute", "/freeze list"),
        ("dispute 12", "/freeze dispute 12 the budget"),
        ("dispute 12 \u200b", "/freeze dispute 12 the budget"),
    ],
)
def test_a_dispute_without_a_freeze_or_a_reason_is_answered(text: str, example: str) -> None:
    with pytest.raises(UserError) as caught:
        parse("/freeze", text, MONDAY)
    assert caught.value.example.startswith(example)


def refusal(text: str) -> str | None:
    try:
        parse("/override", text, MONDAY)
    except UserError as error:
        return error.sentence
    return None


@given(st.text(max_size=80))
def test_any_text_is_understood_or_answered(text: str) -> None:
    assert refusal(text) != ""
