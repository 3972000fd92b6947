"""`/freeze list`, `preview` and `edit`, and numbers instead of scopes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.approval import Wish
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_freeze import AskWords, EditWords, ListFreezes, PreviewFreeze
from bot.errors import UserError

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 17, tzinfo=UTC)
FOUR = timedelta(hours=4)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("list", ListFreezes()),
        ("LIST ranker", ListFreezes("ranker")),
        ("preview ranker", PreviewFreeze("ranker")),
        ("preview team:search for 4h", PreviewFreeze("team:search", FOUR)),
        ("preview all until fri 17:00 big launch", PreviewFreeze("all", FRIDAY)),
        ("edit 12 for 4h the fix takes longer", EditWords(12, "the fix takes longer", FOUR)),
        ("edit #12 until fri 17:00 longer", EditWords(12, "longer", FRIDAY)),
        ("Edit 12 UNTIL lifted nobody knows", EditWords(12, "nobody knows", None)),
        (
            "edit 12 reason version 38 loses clicks",
            EditWords(12, "version 38 loses clicks", reason_only=True),
        ),
        ("edit 12 reason for now", EditWords(12, "for now", reason_only=True)),
    ],
)
def test_freeze_understands(text: str, command: object) -> None:
    assert parse("/freeze", text, MONDAY) == command


@pytest.mark.parametrize(
    ("text", "says", "example"),
    [
        ("list a b", "`list` takes one service or team, not 2.", "/freeze list a"),
        ("preview", "A preview of what?", "/freeze preview ranker"),
        ("preview ranker for 2x", "is not a length of time", ""),
        ("edit", "Which freeze? `/freeze list` shows the numbers.", ""),
        ("edit ranker for 4h x", "`ranker` is not the number of a freeze.", ""),
        ("edit ١٢ for 4h x", "is not the number of a freeze", ""),
        (f"edit {'9' * 5000} for 4h x", "is not the number of a freeze", ""),
        ("edit 12", "Edit what of it?", "/freeze edit 12 for 4h the fix takes longer"),
        ("edit 12 fro 4h x", "Did you mean `for`?", "/freeze edit 12 for 4h"),
        ("edit 12 for", "For how long?", ""),
        ("edit 12 for 4h", "A reason is missing", "/freeze edit 12"),
        ("edit 12 until lifted", "A reason is missing", ""),
        ("edit 12 reason", "A reason is missing", ""),
        ("edit 12 until yesterday x", "I do not understand the time", ""),
        ("edit 12 until 2020-01-01 12:00 x", "is in the past", ""),
    ],
)
def test_what_is_not_understood_is_answered_with_an_example(
    text: str, says: str, example: str
) -> None:
    with pytest.raises(UserError) as caught:
        parse("/freeze", text, MONDAY)
    assert says in caught.value.sentence
    assert caught.value.example.startswith(example or "")
    assert caught.value.example


@pytest.mark.parametrize(
    ("line", "example"),
    [
        ("/unfreeze 62", "/unfreeze 62 version 38 is rolled back"),
        ("/unfreeze team:search", "/unfreeze team:search version 38 is rolled back"),
        ("/freeze nosuch for", "/freeze nosuch for 2h version 38 looks wrong"),
        ("/freeze env:prod", "/freeze env:prod for 2h version 38 looks wrong"),
        (f"/freeze {'x' * 100}", "/freeze <scope> for 2h version 38 looks wrong"),
        ("/freeze edit 64 for", "/freeze edit 64 for 4h the fix takes longer"),
        ("/freeze edit 64 reason", "/freeze edit 64 for 4h the fix takes longer"),
        ("/freeze edit", "/freeze list"),
        ("/freeze preview nosuch for", "/freeze preview nosuch for 2h"),
        ("/freeze dispute 62", "/freeze dispute 62 the budget was spent by a network outage"),
        ("/override revoke 62", "/override revoke 62 the fix was wrong"),
        ("/override review 62", "/override review 62 it was right: the network was down"),
        ("/override revoke", "/override list"),
        ("/budget adjust reverse 62", "/budget adjust reverse 62 it was ours after all"),
    ],
)
def test_the_example_is_about_what_was_typed_and_about_nobody_else(line: str, example: str) -> None:
    command, _, words = line.partition(" ")
    with pytest.raises(UserError) as caught:
        parse(command, words, MONDAY)
    assert caught.value.example == example


def test_every_example_is_understood() -> None:
    for text in ("edit", "preview", "edit 12"):
        with pytest.raises(UserError) as caught:
            parse("/freeze", text, MONDAY)
        command, _, words = caught.value.example.partition(" ")
        assert parse(command, words, MONDAY)


def test_a_freeze_may_be_set_until_it_is_lifted_in_so_many_words() -> None:
    found = parse("/freeze", "ranker until lifted big launch", MONDAY)
    assert found == AskWords(Wish.FREEZE, "ranker", "big launch", None)


def test_a_scope_that_begins_like_a_verb_is_a_scope() -> None:
    found = parse("/freeze", "listing why", MONDAY)
    assert found == AskWords(Wish.FREEZE, "listing", "why")


def test_a_number_is_a_word_like_any_other_to_unfreeze() -> None:
    assert parse("/unfreeze", "12 no audit", MONDAY) == AskWords(Wish.UNFREEZE, "12", "no audit")


PIECES = "edit preview list 12 #12 for until lifted reason 4h fri 17:00 ranker x"
WORDS = st.lists(st.sampled_from(PIECES.split())).map(" ".join)


def example_for(text: str) -> str:
    """What is answered to words that are not understood; empty if they are."""
    try:
        parse("/freeze", text, MONDAY)
    except UserError as error:
        return error.example or "no example"
    return ""


@given(WORDS | st.text(max_size=60))
def test_whatever_is_written_is_understood_or_answered_with_an_example(text: str) -> None:
    assert example_for(text) != "no example"
