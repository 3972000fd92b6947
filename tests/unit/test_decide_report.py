"""The figures of a month, from the rows of the history and nothing else."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.decision import Decision, Event
from bot.decide.freeze import Effect, Origin
from bot.decide.month import Month, month_of
from bot.decide.people import BURNBAN, Actor
from bot.decide.report import Latency, Overrides, Report, rank, report
from bot.decide.report_freezes import Frozen
from tests.builders import DAY, HOUR, NOON, actor, when

SINCE, UNTIL = when(NOON), when(NOON + 10 * DAY)


def row(
    event: Event,
    hours: float,
    by: Actor = BURNBAN,
    scope: str = "service:ranker",
    objective: str = "",
    **evidence: Any,
) -> Decision:
    """A decision so many hours after the month began."""
    at = when(int(NOON + hours * HOUR))
    return Decision(event, at, by, scope, "why", evidence, "v1", objective)


def figures(*rows: Decision) -> Report:
    ordered = sorted(rows, key=lambda one: one.at)
    return report(ordered, SINCE, UNTIL, when(NOON + 90 * DAY), lambda one: f"team of {one}")


def frozen(hours: float, freeze: int = 1, **more: Any) -> Decision:
    said: dict[str, Any] = {
        "freeze": freeze,
        "origin": "manual",
        "effect": "freeze",
        "monitored": False,
    }
    return row(Event.FROZEN, hours, actor(), **(said | more))


def test_of_nothing_nothing_is_said() -> None:
    assert figures() == Report()


def test_a_freeze_counts_from_its_beginning_until_it_is_lifted() -> None:
    found = figures(frozen(2), row(Event.LIFTED, 5, freeze=1))
    assert found.frozen == (Frozen(Origin.MANUAL, Effect.FREEZE, False, 1, 3 * HOUR),)
    assert found.stopped == 3 * HOUR


@pytest.mark.parametrize("event", [Event.THAWED, Event.FREEZE_EXPIRED, Event.FREEZE_CANCELLED])
def test_whatever_ends_it_ends_it(event: Event) -> None:
    assert figures(frozen(2), row(event, 5, freeze=1)).stopped == 3 * HOUR


def test_what_began_before_the_month_counts_from_its_first_instant() -> None:
    assert figures(frozen(-50), row(Event.LIFTED, 5, freeze=1)).stopped == 5 * HOUR


def test_what_stands_at_the_end_of_the_month_counts_until_then() -> None:
    assert figures(frozen(239), row(Event.LIFTED, 500, freeze=1)).stopped == HOUR


def test_what_stands_now_counts_until_now() -> None:
    found = report([frozen(2)], SINCE, UNTIL, when(NOON + 6 * HOUR), str)
    assert found.stopped == 4 * HOUR


def test_what_was_over_before_or_began_later_does_not_count() -> None:
    rows = [frozen(-5), row(Event.LIFTED, -1, freeze=1), frozen(240, 2)]
    assert figures(*rows).frozen == ()


def test_a_freeze_is_over_at_its_own_end_whenever_that_was_noted() -> None:
    until = when(NOON + 4 * HOUR).isoformat()
    assert figures(frozen(2, until=until)).stopped == 2 * HOUR
    late = row(Event.FREEZE_EXPIRED, 4.5, freeze=1)
    assert figures(frozen(2, until=until), late).stopped == 2 * HOUR


def test_an_edit_moves_the_end() -> None:
    edit = row(Event.FREEZE_EDITED, 3, freeze=1, after={"until": when(NOON + 9 * HOUR).isoformat()})
    until = when(NOON + 4 * HOUR).isoformat()
    assert figures(frozen(2, until=until), edit).stopped == 7 * HOUR
    opened = row(Event.FREEZE_EDITED, 3, freeze=1, after={"until": None})
    over = row(Event.LIFTED, 12, freeze=1)
    assert figures(frozen(2, until=until), opened, over).stopped == 10 * HOUR


def test_an_edit_that_says_nothing_of_the_end_leaves_none() -> None:
    assert figures(frozen(2), row(Event.FREEZE_EDITED, 3, freeze=1)).stopped == 238 * HOUR


def test_a_freeze_of_a_schedule_begins_when_it_says_however_late_that_was_noted() -> None:
    began = frozen(3, origin="schedule", since=when(NOON + 2 * HOUR).isoformat())
    found = figures(began, row(Event.FREEZE_EXPIRED, 5, freeze=1))
    assert found.frozen == (Frozen(Origin.SCHEDULE, Effect.FREEZE, False, 1, 3 * HOUR),)


def test_hours_in_which_several_freezes_stood_count_once() -> None:
    rows = [frozen(1), frozen(2, 2), row(Event.LIFTED, 3, freeze=1), row(Event.LIFTED, 5, freeze=2)]
    found = figures(*rows, frozen(8, 3), row(Event.LIFTED, 9, freeze=3))
    assert found.frozen == (Frozen(Origin.MANUAL, Effect.FREEZE, False, 3, 5 * HOUR),)


def test_origins_effects_and_what_is_only_watched_stand_apart() -> None:
    rows = [
        frozen(1, 1, origin="policy", effect="caution"),
        frozen(1, 2, origin="policy", effect="freeze"),
        frozen(1, 3, origin="policy", effect="freeze", monitored=True),
        frozen(1, 4),
        *(row(Event.LIFTED, 1 + n, freeze=n) for n in (1, 2, 3, 4)),
    ]
    found = figures(*rows)
    assert found.frozen == (
        Frozen(Origin.MANUAL, Effect.FREEZE, False, 1, 4 * HOUR),
        Frozen(Origin.POLICY, Effect.FREEZE, False, 1, 2 * HOUR),
        Frozen(Origin.POLICY, Effect.FREEZE, True, 1, 3 * HOUR),
        Frozen(Origin.POLICY, Effect.CAUTION, False, 1, HOUR),
    )
    assert found.stopped == 4 * HOUR


def test_every_event_that_sets_or_ends_one_counts() -> None:
    rows = [
        row(Event.HELD, 1, freeze=1, origin="policy", effect="hold"),
        row(Event.CAUTIONED, 1, freeze=2, origin="policy", effect="caution"),
        row(Event.WOULD_FREEZE, 1, freeze=3, origin="policy", effect="freeze", monitored=True),
        row(Event.THAWED, 2, freeze=1),
        row(Event.THAWED, 3, freeze=2),
        row(Event.WOULD_THAW, 4, freeze=3),
    ]
    found = figures(*rows)
    assert [one.seconds for one in found.frozen] == [3 * HOUR, HOUR, 2 * HOUR]
    assert found.stopped == 0


def test_what_was_only_watched_ends_when_the_policy_acts() -> None:
    watched: dict[str, Any] = {"origin": "policy", "effect": "freeze", "monitored": True}
    rows = [
        row(Event.WOULD_FREEZE, 1, freeze=1, **watched),
        row(Event.WOULD_FREEZE, 2, freeze=2, **{**watched, "effect": "hold"}),
        row(Event.FROZEN, 3, freeze=3, **{**watched, "monitored": False}),
        row(Event.WOULD_THAW, 4, freeze=2),
        row(Event.THAWED, 4, freeze=3),
    ]
    assert [(one.monitored, one.seconds) for one in figures(*rows).frozen] == [
        (False, HOUR),
        (True, 2 * HOUR),
        (True, 2 * HOUR),
    ]


def test_what_was_watched_and_is_over_stays_so_when_the_policy_acts() -> None:
    watched: dict[str, Any] = {"origin": "policy", "effect": "freeze", "monitored": True}
    rows = [
        row(Event.WOULD_FREEZE, 1, freeze=1, **watched),
        row(Event.WOULD_THAW, 2, freeze=1),
        row(Event.FROZEN, 5, freeze=2, origin="policy", effect="freeze"),
        row(Event.THAWED, 6, freeze=2),
    ]
    assert [one.seconds for one in figures(*rows).frozen] == [HOUR, HOUR]


def test_rows_that_do_not_say_which_freeze_are_matched_by_their_scope() -> None:
    rows = [
        row(Event.FROZEN, 1, objective="ranker/latency"),
        row(Event.FROZEN, 1, scope="service:recs"),
        row(Event.FROZEN, 2, actor(), scope="all", schedule="weekend"),
        row(Event.FROZEN, 2, actor(), scope="team:a", freeze=7),
        row(Event.LIFTED, 3, scope="team:a", freeze=7),
        row(Event.THAWED, 4),
        row(Event.LIFTED, 5, scope="service:recs", freeze=12),
        row(Event.FREEZE_EXPIRED, 6, scope="all"),
        row(Event.LIFTED, 7, freeze=99),
        row(Event.FREEZE_EDITED, 8, freeze=99),
    ]
    assert figures(*rows).frozen == (
        Frozen(Origin.MANUAL, Effect.FREEZE, False, 1, HOUR),
        Frozen(Origin.POLICY, Effect.FREEZE, False, 2, 4 * HOUR),
        Frozen(Origin.SCHEDULE, Effect.FREEZE, False, 1, 4 * HOUR),
    )


def override(event: Event, kind: str, hours: float = 1, **more: Any) -> Decision:
    return row(event, hours, actor(), **({"service": "ranker", "kind": kind} | more))


def test_overrides_are_counted_by_team_and_kind() -> None:
    rows = [
        override(Event.OVERRIDE_REQUESTED, "bug-fix"),
        override(Event.OVERRIDE_REQUESTED, "bug-fix"),
        override(Event.OVERRIDE_GRANTED, "bug-fix"),
        override(Event.OVERRIDE_USED, "bug-fix"),
        override(Event.GLASS_BROKEN, "rollback", team="search"),
        override(Event.GLASS_BROKEN, "rollback", -1, team="search"),
    ]
    assert figures(*rows).overrides == (
        Overrides("search", "rollback", 0, 0, 0, 1),
        Overrides("team of ranker", "bug-fix", 2, 1, 1, 0),
    )


VOTES: dict[str, Any] = {"votes": [["UADA", "approve"]]}


def test_a_request_takes_until_people_decide_it() -> None:
    rows = [
        row(Event.FREEZE_REQUESTED, -1, request=1),
        row(Event.FROZEN, 1, request=1, **VOTES),
        row(Event.UNFREEZE_REQUESTED, 2, request=2),
        row(Event.REQUEST_DENIED, 5, request=2),
    ]
    assert figures(*rows).latency == Latency(2, 2 * HOUR, 3 * HOUR)


def test_one_decision_about_several_freezes_is_one() -> None:
    asked = when(NOON).isoformat()
    rows = [
        row(Event.LIFTED, hours, freeze=hours, request=1, requested_at=asked, **VOTES)
        for hours in (1, 2)
    ]
    assert figures(*rows).latency == Latency(1, HOUR, HOUR)


def test_what_was_decided_before_the_month_is_not_of_it() -> None:
    rows = [
        row(Event.UNFREEZE_REQUESTED, -5, request=1),
        row(Event.LIFTED, -1, request=1, freeze=1, **VOTES),
        row(Event.LIFTED, 1, request=1, freeze=2, **VOTES),
    ]
    assert figures(*rows).latency == Latency(0, None, None)


def test_what_nobody_decided_or_asked_for_takes_no_time() -> None:
    rows = [
        row(Event.FREEZE_REQUESTED, 1, request=1),
        row(Event.REQUEST_EXPIRED, 5, request=1),
        row(Event.FROZEN, 2, actor(), freeze=3),
        row(Event.OVERRIDE_GRANTED, 2, request=4),
        row(Event.FREEZE_EDITED, 2, request=5, **VOTES),
    ]
    found = figures(*rows)
    assert found.latency == Latency(0, None, None)
    assert found.expired == 1


@given(st.lists(st.integers(0, 10**6), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_least_that_so_many_do_not_exceed(
    values: list[int], percent: int
) -> None:
    found = rank(sorted(values), percent)
    assert found in values
    assert 100 * sum(one <= found for one in values) >= percent * len(values)
    assert 100 * sum(one < found for one in values) < percent * len(values)


def test_a_review_falls_overdue_once_however_often_it_is_said() -> None:
    rows = [
        row(Event.REVIEW_OVERDUE, -30, review=1),
        row(Event.REVIEW_OVERDUE, 2, review=1),
        row(Event.REVIEW_OVERDUE, 3, review=2),
        row(Event.REVIEW_OVERDUE, 27, review=2),
        row(Event.REVIEW_OVERDUE, 4, review=3),
        row(Event.REVIEW_DONE, 5, review=3),
        row(Event.REVIEW_DONE, 5, review=4),
    ]
    found = figures(*rows)
    assert (found.overdue, found.unreviewed) == (2, 2)


def verdict(hours: float, kind: str, name: str = "ranker/latency") -> Decision:
    return row(Event.VERDICT_CHANGED, hours, objective=name, verdict=kind)


@pytest.mark.parametrize(
    ("kinds", "times"),
    [
        ([(1, "exhausted")], 1),
        ([(-1, "exhausted")], 1),
        ([(-2, "exhausted"), (-1, "healthy")], 0),
        ([(-2, "exhausted"), (-1, "unknown"), (1, "exhausted")], 1),
        ([(-2, "exhausted"), (1, "healthy"), (2, "exhausted")], 2),
        ([(1, "exhausted"), (2, "unknown"), (3, "exhausted")], 1),
        ([(1, "exhausted"), (2, "burning"), (3, "exhausted")], 2),
        ([(1, "burning"), (2, "healthy")], 0),
        ([(240, "exhausted")], 0),
    ],
)
def test_a_budget_is_counted_as_often_as_it_was_gone(
    kinds: list[tuple[float, str]], times: int
) -> None:
    found = figures(*(verdict(hours, kind) for hours, kind in kinds))
    assert dict(found.exhausted).get("ranker/latency", 0) == times


def test_adjustments_are_counted() -> None:
    found = figures(row(Event.BUDGET_ADJUSTED, 1), row(Event.ADJUSTMENT_REVERSED, 2))
    assert (found.adjusted, found.reversed) == (1, 1)


def months() -> Iterable[Month]:
    month = Month(2025, 11)
    for _ in range(15):
        yield month
        month = month.after


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Auckland"])
def test_months_meet_and_every_instant_is_in_its_own(zone: str) -> None:
    for month in months():
        start, end = month.bounds(zone)
        assert month.after.bounds(zone)[0] == end
        assert month.after.before == month
        assert month_of(start, zone) == month
        assert month_of(when(int(end.timestamp()) - 1), zone) == month


def test_a_month_begins_at_midnight_of_its_zone() -> None:
    assert Month(2026, 4).bounds("Europe/Berlin")[0] == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert str(Month(2026, 4)) == "2026-04"
