"""Which warnings become one, and how each of them stands."""

import pytest

from bot.decide.episode import Level, Standing
from bot.decide.summary import FEW, Plight, plight, share, speaks_again
from bot.judge.verdict import Kind


@pytest.mark.parametrize(
    ("opening", "alone", "shared"),
    [(1, 0, False), (FEW, 0, False), (FEW + 1, 0, True), (1, FEW - 1, False), (1, FEW, True)],
)
def test_more_than_a_few_at_once_share_a_message(opening: int, alone: int, shared: bool) -> None:
    assert share(opening, alone) is shared


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.EXHAUSTED, Plight.EXHAUSTED),
        (Kind.BURNING, Plight.BURNING),
        (Kind.UNKNOWN, Plight.UNKNOWN),
        (None, Plight.UNKNOWN),
        (Kind.HEALTHY, Plight.CALMING),
    ],
)
def test_an_open_episode_stands_as_it_was_last_judged(kind: Kind | None, expected: Plight) -> None:
    assert plight(Standing("a/x", kind), closed=False) is expected


def test_a_closed_episode_is_over_whatever_is_judged_now() -> None:
    assert plight(Standing("a/x", Kind.BURNING), closed=True) is Plight.OVER


def test_the_worst_plight_comes_first() -> None:
    assert sorted(Plight)[0] is Plight.EXHAUSTED
    assert Plight.BURNING < Plight.UNKNOWN < Plight.CALMING < Plight.OVER


@pytest.mark.parametrize(
    ("before", "now", "again"),
    [
        (Level.QUIET, Level.PAGE, False),
        (Level.PAGE, Level.PAGE, False),
        (Level.TICKET, Level.PAGE, True),
        (Level.PAGE, Level.EXHAUSTED, True),
    ],
)
def test_only_a_rise_above_all_before_speaks_again(before: Level, now: Level, again: bool) -> None:
    assert speaks_again(before, now) is again
