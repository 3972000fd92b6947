"""Public holidays of a place. The library loads slowly, so it is loaded when it is first needed:
most specs name no holidays."""

from datetime import date, timedelta
from difflib import get_close_matches
from itertools import groupby

from bot.calendar.faults import Misdated
from bot.decide.schedule import PublicHolidays

_ENGLISH = "en_US"


def check_place(country: str, subdivision: str = "") -> None:
    """Raises Misdated if there is no such place, or its holidays are not known."""
    from holidays import list_supported_countries

    known = list_supported_countries()
    if country not in known:
        near = country.upper() if country.upper() in known else ""
        remedy = f"Did you mean {near}?" if near else "Write an ISO 3166 code, like DE or US."
        raise Misdated(f"No public holidays are known for `{country[:40]}`.", remedy)
    parts = known[country]
    if subdivision and subdivision not in parts:
        near = next(iter(get_close_matches(subdivision, parts, n=1)), "")
        shown = f"There is: {', '.join(parts[:20])}." if parts else "Leave it out: there is none."
        remedy = f"Did you mean {near}?" if near else shown
        raise Misdated(f"{country} has no subdivision `{subdivision[:40]}`.", remedy)


def stretches(rule: PublicHolidays, since: date, until: date) -> list[tuple[date, date, str]]:
    """First day, day after the last one, and names, of every stretch of frozen days in the years
    from that of `since` to that of `until`, and one more on either side."""
    names = _names(rule, range(since.year - 1, until.year + 2))
    frozen: dict[date, list[str]] = {}
    for day, name in sorted(names.items()):
        for shift in range(-rule.before, rule.after + 1):
            called = frozen.setdefault(day + timedelta(days=shift), [])
            called.append(name)
    days = enumerate(sorted(frozen))
    runs = groupby(days, key=lambda pair: pair[1] - timedelta(days=pair[0]))
    return [_run([day for _, day in run], frozen) for _, run in runs]


def _run(days: list[date], names: dict[date, list[str]]) -> tuple[date, date, str]:
    called = list(dict.fromkeys(name for day in days for name in names[day]))
    return days[0], days[-1] + timedelta(days=1), ", ".join(called)


def _names(rule: PublicHolidays, years: range) -> dict[date, str]:
    """In English where that is known, never as the locale of the machine has it: the names stand in
    reasons, which replicas compare."""
    from holidays import country_holidays

    part = rule.subdivision or None
    place = country_holidays(rule.country)
    language = _ENGLISH if _ENGLISH in place.supported_languages else place.default_language
    found = country_holidays(rule.country, part, years, language=language)
    return {day: name for day, name in found.items() if day not in rule.except_days}
