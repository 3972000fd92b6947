"""iCalendar files beside the specs."""

from collections.abc import Mapping
from posixpath import dirname, join, normpath

from bot.calendar import read_events
from bot.decide.schedule import Dates
from bot.errors import Fault
from bot.spec.spot import Spot, nearest, shorten
from bot.spec.values import several, text

SUFFIX = ".ics"


def read_calendars(spot: Spot, texts: Mapping[str, str], home: str) -> list[Dates]:
    """The dates of all events of the file, or files, named here relative to the spec file."""
    return [
        dates for found in several(spot, lambda one: _read(one, texts, home)) for dates in found
    ]


def _read(spot: Spot, texts: Mapping[str, str], home: str) -> list[Dates] | None:
    named = text(spot)
    if named is None:
        return None
    path = normpath(join(dirname(spot.file), named))
    content = {normpath(file): body for file, body in texts.items()}.get(path)
    if content is None or not path.endswith(SUFFIX):
        there = [file for file in texts if file.endswith(SUFFIX)]
        remedy = nearest(named, there) or f"Put an iCalendar file ({SUFFIX}) beside this one."
        spot.fault(f"There is no calendar `{shorten(named)}` in the folder of the specs.", remedy)
        return None
    dates, wrong = read_events(content, home)
    for one in wrong:
        event = f"event “{shorten(one.event)}”" if one.event else "event"
        spot.faults.append(Fault(f"{path}:{one.line}", event, one.problem, one.remedy))
    return dates
