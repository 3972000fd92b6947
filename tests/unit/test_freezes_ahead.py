"""Freezes that people want to begin later."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.decide.approval import Wish
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_freeze import AskWords
from bot.errors import UserError

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said", "example"),
    [
        ("ranker from 08:00 to 09:00 x", "from 08:00", "/freeze ranker for 1h x"),
        ("ranker from tomorrow 08:00 for 90m x y", "from tomorrow 08:00", "ranker for 1h30m x y"),
        ("ranker from 08:00 to 09:00", "from 08:00", "/freeze ranker for 1h <reason>"),
        ("ranker from now to 12:20 x", "from now", "/freeze ranker for 20m x"),
        ("ranker from fri 17:00 launch", "from fri 17:00", "/freeze ranker for 2h launch"),
        ("ranker FROM yesterday 14:00 to 16:00 x", "FROM yesterday 14:00", "ranker for 2h x"),
        ("ranker at 5pm launch", "at 5pm", "/freeze ranker for 2h launch"),
        ("ranker 17:00 launch", "17:00", "/freeze ranker for 2h launch"),
        ("ranker 13:00 to 15:00 launch", "13:00", "/freeze ranker for 2h launch"),
        ("ranker tomorrow 08:00 launch", "tomorrow 08:00", "/freeze ranker for 2h launch"),
        ("ranker for 3h from 08:00 launch", "from 08:00", "/freeze ranker for 2h launch"),
        ("preview ranker from 13:00 to 14:00 x", "from 13:00", "/freeze preview ranker for 1h x"),
    ],
)
def test_a_freeze_that_should_begin_later_is_refused_and_not_set_at_once(
    text: str, said: str, example: str
) -> None:
    with pytest.raises(UserError) as raised:
        parse("/freeze", text, MONDAY)
    assert f"cannot wait for `{said}`: nothing is frozen" in raised.value.sentence
    assert "FreezeSchedule" in raised.value.sentence
    assert raised.value.example.endswith(example)


@pytest.mark.parametrize(
    "reason",
    [
        "from the network team: all is slow",
        "tomorrow we launch",
        "at least 3 teams are hit",
        "starting over with version 37",
        "500 errors",
        "since 08:00 clicks fall",
        "friday is the launch",
    ],
)
def test_a_reason_that_only_sounds_like_a_time_is_a_reason(reason: str) -> None:
    assert parse("/freeze", f"ranker {reason}", MONDAY) == AskWords(Wish.FREEZE, "ranker", reason)
    two = timedelta(hours=2)
    found = parse("/freeze", f"ranker for 2h {reason}", MONDAY)
    assert found == AskWords(Wish.FREEZE, "ranker", reason, two)
