"""The words after `/budget history`, in Slack and in the terminal alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.decision import Event
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_history import ReadHistory, history
from bot.errors import UserError
from bot.flow.show.browse import Question
from tests.builders import when

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def asked(text: str) -> Question:
    return history(text.split(), NOW).question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("", Question()),
        ("ranker", Question("ranker")),
        ("kind frozen", Question(kinds=(Event.FROZEN,))),
        ("ranker KIND Frozen,lifted", Question("ranker", (Event.FROZEN, Event.LIFTED))),
        ("kind vote-cast", Question(kinds=(Event.VOTE_CAST,))),
        ("kind vote", Question(kinds=tuple(e for e in Event if "vote" in e))),
        ("by @mira", Question(by="@mira")),
        ('team:search by "Ada Lovelace"', Question("team:search", by="Ada Lovelace")),
        ("since 7d", Question(since=NOW - timedelta(days=7))),
        (
            "since 2026-03-01 until 2026-03-01 14:00 by ada",
            Question(
                by="ada",
                since=datetime(2026, 3, 1, tzinfo=UTC),
                until=datetime(2026, 3, 1, 14, tzinfo=UTC),
            ),
        ),
        ("ranker before 36", Question("ranker", before=36)),
        ("after no.36", Question(after=36)),
    ],
)
def test_the_words_name_a_part_of_the_history(text: str, question: Question) -> None:
    assert asked(text) == question
    assert parse("/budget", f"history {text}", NOW) == ReadHistory(question)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ranker search", "takes one service or team, not 2"),
        ("kind", "Something is missing after `kind`"),
        ("kind melted", "There is no kind `melted`"),
        ("kind forzen", "Did you mean `frozen`?"),
        ("by", "Something is missing after `by`"),
        ("since", "Something is missing after `since`"),
        ("since soon", "I do not understand the time `soon`"),
        ("since 7d ago", "I understand `since 7d`, but not `ago`"),
        ("before yesterday", "takes the number of a decision"),
        ("before 1 2", "takes the number of a decision"),
        (f"before {'9' * 30}", "takes the number of a decision"),
    ],
)
def test_what_is_not_understood_is_answered_with_an_example(text: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        history(text.split(), NOW)
    assert says in caught.value.sentence
    assert caught.value.example


instants = st.none() | st.integers(10**9, 2 * 10**9).map(when)
questions = st.builds(
    Question,
    st.sampled_from(["all", "ranker", "team:search", "label:tier=critical"]),
    st.lists(st.sampled_from(Event), max_size=3, unique=True).map(tuple),
    st.sampled_from(["", "ada", "U0MIRA", "terminal:ada", "ada lovelace", "ada@example.org"]),
    instants,
    instants,
)


@given(questions, st.none() | st.integers(0, 10**12), st.none() | st.integers(0, 10**12))
def test_a_question_is_asked_again_by_its_own_words(
    question: Question, before: int | None, after: int | None
) -> None:
    said = question.words
    said += f" before {before}" if before is not None else ""
    said += f" after {after}" if after is not None else ""
    assert asked(said) == replace(question, before=before, after=after)


@given(st.text(max_size=80))
def test_any_text_is_understood_or_answered(text: str) -> None:
    assert refusal(text) != ""


def refusal(text: str) -> str | None:
    """What is said to text that is not understood; None if it is."""
    try:
        asked(text)
    except UserError as error:
        return error.sentence
    return None
