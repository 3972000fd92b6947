"""FreezeSchedule: freezes that are known long ahead."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.calendar import Misdated, check_dates, check_place, read_rule
from bot.decide.catalog import Catalog
from bot.decide.schedule import NOTICE, Dates, PublicHolidays, Schedule
from bot.decide.scope import Scope
from bot.errors import UserError
from bot.spec.alert_objects import spec_of
from bot.spec.calendars import read_calendars
from bot.spec.documents import Document
from bot.spec.index import Index
from bot.spec.moments import day, day_or_time, lasting, local, notice
from bot.spec.nodes import Table
from bot.spec.spot import Record, Spot, listing, record
from bot.spec.values import several, text, whole
from bot.spec.window import zone

_DATES = ("dates", "recurrences", "holidays", "calendar")
_MOST = 100
"""Entries of one schedule; a calendar may hold more."""
MAX_REASON = 500


def read_schedules(index: Index, catalog: Catalog, texts: Mapping[str, str]) -> dict[str, Schedule]:
    """All FreezeSchedules without a fault, by name. `catalog`: the services and teams that scopes
    name; `texts`: of all files, also the calendars."""
    found = [_schedule(document, index, catalog, texts) for document in index.all("FreezeSchedule")]
    return {one.name: one for one in found if one is not None}


def _schedule(
    document: Document, index: Index, catalog: Catalog, texts: Mapping[str, str]
) -> Schedule | None:
    spec = spec_of(document, "description", "scopes", "reason", "timeZone", "notice", *_DATES)
    if spec is None:
        return None
    before = len(spec.spot.faults)
    scopes = spec.need("scopes", _scopes(index, catalog), "scopes: [ranker]")
    reason = spec.need("reason", _reason, "reason: Few people are at work")
    home = _home(spec)
    dates = [
        *(spec.read("dates", _each(_date, home)) or ()),
        *(spec.read("recurrences", _each(_recurrence, home)) or ()),
        *(spec.read("calendar", lambda spot: read_calendars(spot, texts, home)) or ()),
    ]
    holidays = spec.read("holidays", _each(_holidays, home)) or ()
    if all(spec.get(field) is None for field in _DATES):
        problem = "There is no date in it."
        spec.spot.fault(problem, "Add dates, recurrences, holidays or a calendar.")
    told = spec.read("notice", notice)
    if not document.name or not scopes or reason is None or len(spec.spot.faults) > before:
        return None
    return Schedule(
        document.name,
        document.title,
        scopes,
        reason,
        NOTICE if told is None else told,
        tuple(dates),
        tuple(holidays),
    )


def _home(spec: Record) -> str:
    """The zone of all its local times; a calendar file may bring its own."""
    found = spec.read("timeZone", zone)
    needed = [field for field in _DATES[:3] if spec.get(field) is not None]
    if needed and spec.get("timeZone") is None:
        problem = f"Nothing says in which time zone the {needed[0]} are meant."
        spec.spot.fault(problem, "Write timeZone: Europe/Berlin, or yours.")
    return found or ""


def _scopes(index: Index, catalog: Catalog) -> Callable[[Spot], tuple[Scope, ...]]:
    def one(spot: Spot) -> Scope | None:
        word = text(spot)
        if word is None:
            return None
        try:
            return catalog.scope(word)
        except UserError as error:
            known = [*index.names("Team"), *index.names("Service")]
            if word.rpartition(":")[2] not in known:  # else that has its fault already
                spot.fault(error.sentence, f"Write it like {error.example}.")
            return None

    def read(spot: Spot) -> tuple[Scope, ...]:
        found = several(spot, one)
        for scope in set(found):
            if found.count(scope) > 1:
                spot.fault(f"`{scope}` stands here twice.", "Keep one.")
        return found

    return read


def _reason(spot: Spot) -> str | None:
    found = text(spot)
    if found is not None and len(found) > MAX_REASON:
        spot.fault(f"The reason is longer than {MAX_REASON} characters.", "Say it in a sentence.")
        return None
    return None if found is None else " ".join(found.split())


def _each(
    one: Callable[[Spot, str], Dates | PublicHolidays | None], home: str
) -> Callable[[Spot], list[Any]]:
    """A list of entries read alike, or one entry alone."""

    def read(spot: Spot) -> list[Any]:
        items = [spot] if isinstance(spot.node, Table) else listing(spot)
        if len(items) > _MOST:
            spot.fault(f"There are more than {_MOST} entries.", "Use a recurrence or a calendar.")
            return []
        return [found for item in items if (found := one(item, home)) is not None]

    return read


def _date(spot: Spot, home: str) -> Dates | None:
    spec = record(spot, "start", "end", "duration", "reason")
    return None if spec is None else _checked(spec, _dates(spec, home))


def _dates(spec: Record, home: str) -> Dates | None:
    start = spec.need("start", local, "start: 2026-12-24 18:00")
    lasts = lasting(spec, start)
    reason = spec.read("reason", _reason)
    if start is None or lasts is None:
        return None
    return Dates(start, home or "UTC", *lasts, reason=reason or "")


def _recurrence(spot: Spot, home: str) -> Dates | None:
    spec = record(spot, "start", "end", "duration", "rule", "except", "reason")
    if spec is None:
        return None
    dates = _dates(spec, home)
    rule = spec.need(
        "rule", lambda inner: _rule(inner, home or "UTC"), "rule: FREQ=WEEKLY;BYDAY=FR"
    )
    out = spec.read("except", lambda inner: several(inner, day_or_time)) or ()
    if dates is None or rule is None:
        return None
    days = frozenset(one for one in out if not isinstance(one, datetime))
    times = frozenset(one for one in out if isinstance(one, datetime))
    ruled = replace(dates, rule=rule[0], last=rule[1], except_days=days, except_starts=times)
    return _checked(spec, ruled)


def _rule(spot: Spot, home: str) -> tuple[str, datetime | None] | None:
    written = text(spot)
    if written is None:
        return None
    try:
        return read_rule(written, home)
    except Misdated as error:
        spot.fault(error.problem, error.remedy)
        return None


def _checked(spec: Record, dates: Dates | None) -> Dates | None:
    """The dates, if they can be meant."""
    if dates is None:
        return None
    wrong = list(check_dates(dates))
    for field, problem, remedy in wrong:
        length = "end" if spec.get("end") is not None else "duration"
        at = spec.get(length if field == "length" else field) or spec.spot
        at.fault(problem, remedy)
    return None if wrong else dates


def _holidays(spot: Spot, home: str) -> PublicHolidays | None:
    spec = record(spot, "country", "subdivision", "daysBefore", "daysAfter", "except")
    if spec is None:
        return None
    country = spec.need("country", text, "country: DE")
    part = spec.read("subdivision", text) or ""
    before, after = (spec.read(f"days{side}", whole(0, 7)) or 0 for side in ("Before", "After"))
    out = spec.read("except", lambda inner: several(inner, day)) or ()
    if country is None:
        return None
    try:
        check_place(country, part)
    except Misdated as error:
        at = spec.get("subdivision" if part else "country") or spot
        at.fault(error.problem, error.remedy)
        return None
    return PublicHolidays(country, home or "UTC", part, before, after, frozenset(out))
