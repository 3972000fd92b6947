"""The sums of replays, and how two of them differ."""

from datetime import datetime, timedelta

from bot.decide.backtest import Change, Figures, differences, figures, stopped
from bot.decide.freeze import Effect
from bot.decide.past import Outcome, Question, Stood
from tests.builders import HOUR, NOON, when

UNTIL = when(NOON)


def hours(before: float) -> datetime:
    return UNTIL - timedelta(hours=before)


def stood(
    since: float, until: float | None, effect: Effect = Effect.FREEZE, service: str = "ranker"
) -> Stood:
    """From so many hours before noon until so many."""
    end = None if until is None else hours(until)
    return Stood(service, effect, (f"{service}/availability",), "spent", hours(since), end)


def test_hours_that_overlap_on_one_service_count_once_and_those_of_two_services_twice() -> None:
    ranker = Outcome((stood(10, 6), stood(8, 5), stood(3, None)), pages=2, requests=1)
    other = Outcome((stood(10, 6, service="speller"),), tickets=3)
    found = figures([ranker, other], UNTIL)
    assert found.freezes == 4
    assert found.frozen == (5 + 3 + 4) * HOUR
    assert (found.pages, found.tickets, found.requests) == (2, 3, 1)


def test_one_that_lies_within_another_adds_nothing() -> None:
    assert figures([Outcome((stood(10, 2), stood(8, 5)))], UNTIL).frozen == 8 * HOUR


def test_each_effect_has_its_own_sum() -> None:
    mixed = Outcome((stood(4, 2, Effect.CAUTION), stood(3, 2, Effect.HOLD)))
    assert figures([mixed], UNTIL) == Figures(
        freezes=0, holds=1, cautions=1, frozen=0, held=HOUR, cautioned=2 * HOUR, pages=0, tickets=0,
        requests=0, stopped=0,
    )  # fmt: skip


def test_a_release_that_asked_during_a_hold_or_a_freeze_is_stopped_once() -> None:
    asked = [Question(hours(n), release) for n, release in ((5, "38"), (4.5, "38"), (1, "39"))]
    assert stopped(Outcome((stood(5, 4),)), asked) == 1, "from its first second"
    assert stopped(Outcome((stood(5, 4, Effect.HOLD), stood(2, None))), asked) == 2
    assert stopped(Outcome((stood(2, 1), stood(0.5, None))), asked) == 0, "until its last"
    assert stopped(Outcome((stood(6, None, Effect.CAUTION),)), asked) == 0, "a caution lets go"
    assert figures([Outcome(stopped=2), Outcome(stopped=1)], UNTIL).stopped == 3


def test_without_a_replay_all_is_nothing() -> None:
    assert figures([], UNTIL) == Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def test_what_both_have_at_a_time_that_they_share_is_the_same() -> None:
    (pair,) = differences([Outcome((stood(5, 3),))], [Outcome((stood(4, 1),))], UNTIL)
    assert pair == (Change.SAME, stood(5, 3))
    open_ends = differences([Outcome((stood(5, None),))], [Outcome((stood(1, None),))], UNTIL)
    assert [change for change, _ in open_ends] == [Change.SAME]


def test_what_only_one_of_them_has_is_new_or_gone() -> None:
    tried = [Outcome((stood(5, 4), stood(3, 2, Effect.HOLD)))]
    present = [Outcome((stood(3, 2),)), Outcome((stood(6, 5, service="speller"),))]
    assert [(change, one.service, one.effect) for change, one in differences(
        tried, present, UNTIL
    )] == [
        (Change.GONE, "speller", Effect.FREEZE),
        (Change.NEW, "ranker", Effect.FREEZE),
        (Change.GONE, "ranker", Effect.FREEZE),
        (Change.NEW, "ranker", Effect.HOLD),
    ]  # fmt: skip
