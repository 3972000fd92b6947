"""Freezes as an iCalendar text: for a file, and for whoever subscribes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.calendar import Entry, write_calendar
from bot.decide.freeze import Freeze
from bot.flow.facts import scope_words

OPEN_ENDED = timedelta(days=1)
"""A freeze without an end is shown until so long from now: it moves on as the calendar is read."""


def calendar_of(freezes: Iterable[Freeze], now: datetime, home: str = "burnban") -> str:
    """The scheduled and active freezes among these, RFC 5545, without those that are only watched.
    A freeze keeps its UID, whatever is edited; `home` sets those of this installation apart from
    others."""
    standing = [freeze for freeze in freezes if not (freeze.over(now) or freeze.monitored)]
    return write_calendar([_entry(freeze, now) for freeze in standing], now, home)


def _entry(freeze: Freeze, now: datetime) -> Entry:
    start = freeze.starts_at
    end = freeze.ends_at or max(now, start) + OPEN_ENDED
    until = "" if freeze.ends_at else f"\n{_without_end(freeze)}"
    return Entry(
        freeze.id,
        freeze.version,
        f"{freeze.effect.capitalize()} of {scope_words(freeze.scope)}: {freeze.reason}",
        f"{freeze.reason}\nFreeze {freeze.id}, set by {freeze.set_by.name}.{until}",
        start,
        end,
    )


def _without_end(freeze: Freeze) -> str:
    """Only what a policy set thaws by itself."""
    if freeze.cause:
        return f"Until {freeze.cause} has recovered, or somebody lifts it."
    return "Until somebody lifts it."
