"""Between the clock on the wall and instants. Source: RFC 5545, section 3.3.5, form 3."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.decide.schedule import Dates


def instant(local: datetime, zone: str) -> datetime:
    """The instant (UTC) at which a clock in `zone` shows `local`. A time that the clock shows twice
    is the first of the two; one that it skips is as long after midnight as it would be without the
    change: 02:30, where 02:00 becomes 03:00, is 03:30."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def local_time(at: datetime, zone: str) -> datetime:
    """What a clock in `zone` shows at an instant, without an offset."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def stretch(start: datetime, dates: Dates) -> tuple[datetime, datetime]:
    """From when until when the freeze lasts that begins at the local `start`; UTC. Where a change
    of the clock would leave nothing of it, it lasts its length in elapsed time."""
    begin = instant(start, dates.zone)
    end = instant(start + dates.wall, dates.zone) + dates.exact
    return begin, end if begin < end else begin + dates.wall + dates.exact


def length(dates: Dates) -> timedelta:
    """How long a freeze of these dates lasts where no clock is changed."""
    return dates.wall + dates.exact
