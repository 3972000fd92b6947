"""`/budget canary` and `/budget tasks`: from words to typed commands."""

import pytest

from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_models import ReadCanary, ReadTasks
from bot.errors import UserError
from tests.builders import NOON, when

NOW = when(NOON)


def test_canary_takes_one_service() -> None:
    assert parse("/budget", "canary ranker", NOW) == ReadCanary("ranker")
    for words in ("canary", "canary ranker 38"):
        with pytest.raises(UserError, match="takes one service"):
            parse("/budget", words, NOW)


def test_tasks_takes_a_scope_or_nothing() -> None:
    assert parse("/budget", "tasks", NOW) == ReadTasks()
    assert parse("/budget", "Tasks team:search", NOW) == ReadTasks("team:search")
    with pytest.raises(UserError, match="one service or team, not 2"):
        parse("/budget", "tasks a b", NOW)
