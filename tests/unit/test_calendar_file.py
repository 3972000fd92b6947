"""The freezes that stand, in everybody's calendar."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendar import Almanac, read_events
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.schedule import Schedule, setter
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.entrypoints.calendar_file import calendar_of
from tests.builders import NOON, actor, when

NOW = when(NOON)
HOUR = timedelta(hours=1)
RANKER = Scope(Reach.SERVICE, "ranker")
FREEZE = Freeze(4, RANKER, "errors", Origin.MANUAL, actor(), NOW - HOUR, NOW + HOUR)
COMING = replace(
    FREEZE, id=12, origin=Origin.SCHEDULE, set_by=setter("nights"), starts_at=NOW + 8 * HOUR,
    ends_at=NOW + 16 * HOUR, schedule="nights",
)  # fmt: skip


def events(*freezes: Freeze) -> list[dict[str, object]]:
    found = Calendar.from_ical(calendar_of(freezes, NOW)).walk("VEVENT")
    return [dict(one) for one in found]


def test_what_is_in_force_and_what_comes_is_shown() -> None:
    shown = events(FREEZE, COMING)
    assert [str(one["UID"]) for one in shown] == ["freeze-4@burnban", "freeze-12@burnban"]
    assert str(shown[1]["SUMMARY"]) == "Freeze of service ranker: errors"
    assert "Freeze 12, set by schedule nights." in str(shown[1]["DESCRIPTION"])


def test_what_is_over_or_called_off_is_not() -> None:
    over = replace(FREEZE, lifted_at=NOW)
    off = replace(COMING, lifted_at=NOW)
    assert events(over, off, replace(FREEZE, ends_at=NOW)) == []


def test_what_only_watches_is_not_shown_and_what_is_milder_is_called_so() -> None:
    hold = replace(FREEZE, effect=Effect.HOLD)
    (shown,) = events(hold, replace(hold, monitored=True))
    assert str(shown["SUMMARY"]) == "Hold of service ranker: errors"


def test_a_freeze_without_an_end_is_shown_for_a_day_and_says_so() -> None:
    for start in (NOW - 100 * HOUR, NOW + 8 * HOUR):
        (shown,) = events(replace(FREEZE, starts_at=start, ends_at=None))
        assert shown["DTEND"].dt == max(start, NOW) + 24 * HOUR  # type: ignore[attr-defined]
        assert "Until somebody lifts it." in str(shown["DESCRIPTION"])


def test_what_a_policy_set_thaws_by_itself_and_says_so() -> None:
    cause = "ranker/latency, ranker/availability"
    (shown,) = events(replace(FREEZE, origin=Origin.POLICY, cause=cause, ends_at=None))
    assert f"Until {cause} has recovered, or somebody lifts it." in str(shown["DESCRIPTION"])
    (ends,) = events(replace(FREEZE, origin=Origin.POLICY, cause=cause))
    assert "recovered" not in str(ends["DESCRIPTION"])


def test_an_edit_keeps_the_identity_and_counts_up() -> None:
    (shown,) = events(replace(FREEZE, version=3))
    assert (str(shown["UID"]), shown["SEQUENCE"]) == ("freeze-4@burnban", 2)


def test_installations_are_told_apart() -> None:
    assert "freeze-4@fleet" in calendar_of([FREEZE], NOW, "fleet")


STRETCHES = st.lists(
    st.tuples(st.integers(0, 80_000), st.integers(1, 80_000), st.text(max_size=40)),
    max_size=6,
    unique_by=lambda one: one[0],
)


@given(STRETCHES)
def test_a_calendar_that_is_exported_and_read_back_freezes_the_same(
    stretches: list[tuple[int, int, str]],
) -> None:
    """Minutes from NOW, and how many."""
    minute = timedelta(minutes=1)
    freezes = [
        replace(
            COMING,
            id=n,
            reason=reason,
            starts_at=NOW + start * minute,
            ends_at=NOW + (start + lasts) * minute,
        )
        for n, (start, lasts, reason) in enumerate(stretches, 1)
    ]
    text = calendar_of(freezes, NOW)
    if not freezes:
        assert "VEVENT" not in text
        return
    dates, faults = read_events(text)
    assert faults == []
    again = Schedule("again", "", (EVERYTHING,), "read back", dates=tuple(dates))
    until: datetime = NOW + 200_000 * minute
    found = Almanac().occurrences(again, NOW, until)
    spans = [(one.start, one.end) for one in found]
    assert spans == sorted((one.starts_at, one.ends_at) for one in freezes)
