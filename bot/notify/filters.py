"""The filters that templates may use: our own marks, and figures in words.

Each gives `Markup` where it makes a mark of Slack's (the environment escapes everything else) and
takes whatever the facts hold: a missing or absurd figure becomes "–", never an error.
"""

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from bot.judge.dates import brief, instant
from bot.judge.reason import pace
from bot.judge.verdict import span as span_of
from bot.notify.escape import clean, escape, shorten

NONE = "–"
_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
_USERGROUP = re.compile(r"S[A-Z0-9]{1,30}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")
_LONGEST_TEXT = 1_500
_LONGEST_SPAN = 400 * 86_400
_LAST = 32_503_680_000
"""Seconds since 1970 at the beginning of the year 3000."""
_INSTANT = re.compile(
    r"\b([MTWFS][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4}(?:, \d\d:\d\d UTC)?)\b(?!, \d\d:\d\d)"
)
_NOON = ", 12:00 UTC"
"""Of a day that is named alone: it is that day almost everywhere."""
_FINEST = 11
"""Decimals of a percentage from which on two figures are the same."""
_NOISE = 1e-6
_MANY = 100
"""Events of which nobody asks for the fraction."""
_GAP = "\u00a0"
"""A space that does not break the line between a figure and its unit."""


def user(who: Any, name: Any = "") -> Any:
    """A person by id, as a mention. Who is not of Slack (a terminal, Burnban itself) is called by
    `name`, or by the id."""
    known = clean(str(who)).strip()
    if _PERSON.fullmatch(known):
        return Markup(f"<@{known}>")  # noqa: S704 - letters and digits only
    words = clean(str(name)).strip() or known
    return "Burnban" if words == "burnban" else words or "somebody"


def mention(who: Any) -> Any:
    """A person or a user group by id, as a mention that notifies; anything else stays a word."""
    known = clean(str(who)).strip()
    if _USERGROUP.fullmatch(known):
        return Markup(f"<!subteam^{known}>")  # noqa: S704 - letters and digits only
    return user(known)


def channel(where: Any) -> Any:
    """A channel by id, as a link; a name as a word."""
    name = clean(str(where)).strip()
    if _CHANNEL.fullmatch(name):
        return Markup(f"<#{name}>")  # noqa: S704 - letters and digits only
    return f"#{name.removeprefix('#')}"


def link(url: Any, words: Any = "") -> Any:
    """A link to an http(s) address; anything else stays plain text."""
    address, label = str(url), clean(str(words or url)).strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"[\s<>|]", address):
        return label
    return Markup(f"<{escape(address)}|{escape(label).replace('|', '/')}>")  # noqa: S704


def when(at: Any) -> Any:
    """An instant (seconds since 1970) in the reader's own time zone, with UTC beside it for
    places that cannot do that."""
    seconds = _number(at)
    if seconds is None or not 0 <= seconds < _LAST:
        return NONE
    mark = f"<!date^{int(seconds)}^{{date_short_pretty}} {{time}}|{instant(seconds)}>"
    return Markup(mark)  # noqa: S704 - figures only


def local(text: Any) -> Any:
    """A sentence of ours (1,500 characters at most), in which every instant that it names is shown
    in the reader's own time zone, too, and every day in the same form."""
    pieces = _INSTANT.split(shorten(clean(str(text)), _LONGEST_TEXT))
    return Markup("").join(_shown(piece) for piece in pieces)


def _shown(piece: str) -> Any:
    moment = _read(piece)
    if moment is not None:
        return when(moment.timestamp())
    noon = _read(f"{piece}{_NOON}")
    if noon is None:
        return Markup(escape(piece))  # noqa: S704
    return Markup(f"<!date^{int(noon.timestamp())}^{{date_short}}|{piece}>")  # noqa: S704 - a date


def _read(piece: str) -> datetime | None:
    if not _INSTANT.fullmatch(piece):
        return None
    try:
        found = datetime.strptime(piece[4:], "%d %b %Y, %H:%M UTC").replace(tzinfo=UTC)
    except ValueError:
        return None  # a 31 February, which somebody typed
    return found if instant(found) == piece else None


def utc(at: Any) -> str:
    """An instant as `12 Nov 14:05`, in UTC: for tables, where marks do not work."""
    seconds = _number(at)
    return NONE if seconds is None or not 0 <= seconds < _LAST else brief(seconds)


def percent(share: Any, limit: Any = None) -> str:
    """A share (1 is all) in percent: two figures that mean something, also close to 100 %; as many
    more as it takes to tell it from a `limit` that it is held against."""
    value, held = _number(share), _number(limit)
    if value is None:
        return NONE
    decimals = _decimals(abs(value))
    said = _percent(value, decimals)
    if held is None or held == value:
        return said
    other = _percent(held, _decimals(abs(held)))
    finer = (_percent(value, more) for more in range(decimals, _FINEST))
    return next((one for one in finer if one != other), said)


def _percent(value: float, decimals: int) -> str:
    figure = f"{abs(value) * 100:,.{decimals}f}"
    if "." in figure:
        figure = figure.rstrip("0").rstrip(".")
    sign = "\u2212" if value < 0 and figure != "0" else ""
    return f"{sign}{figure}{_GAP}%"


def _decimals(share: float) -> int:
    if 0.9 < share < 1:
        return min(6, max(0, 1 - math.floor(math.log10((1 - share) * 100))))
    return 2 if share < 0.01 else 1 if share < 0.1 else 0


def count(events: Any) -> str:
    """A number of events: `23,500`."""
    value = _number(events)
    if value is None:
        return NONE
    return f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:,.1f}"


def events(number: Any) -> str:
    """A number of events that was worked out, not counted one by one: `36`, `about 36`."""
    value = _number(number)
    if value is None:
        return NONE
    whole = round(value)
    if abs(value - whole) < _NOISE or abs(value) >= _MANY:
        return f"{whole:,}"
    return f"about {whole:,}" if whole else "less than 1"


def rate(burn: Any) -> str:
    """A burn rate: `18.2`, `3`, `0.42`."""
    value = _number(burn)
    if value is None:
        return NONE
    return pace(value)


def span(seconds: Any) -> str:
    """A length of time as people say it: `5 min`, `6 h`, `2 d 3 h`."""
    value = _number(seconds)
    if value is None:
        return NONE
    if value >= _LONGEST_SPAN:
        return f"over{_GAP}a{_GAP}year"
    return span_of(max(0, int(value))).replace(" ", _GAP)


def about(seconds: Any) -> str:
    """A length of time without false precision: `5 h`, `3 d`; minutes below three hours."""
    value = _number(seconds)
    if value is None:
        return NONE
    unit = 86_400 if value >= 2 * 86_400 else 3_600 if value >= 3 * 3_600 else 60
    return span(round(value / unit) * unit if value >= 60 else value)


def bar(left: Any, width: int = 10) -> str:
    """How much of the budget is left, as a bar."""
    value = _number(left)
    if value is None:
        return "·" * width
    full = round(min(1.0, max(0.0, value)) * width)
    if value > 0 and full == 0:
        full = 1
    return "█" * full + "░" * (width - full)


def pad(text: Any, width: int, side: str = "left") -> str:
    """A cell of a monospace table: exactly `width` characters, cut or filled up."""
    cell = shorten(clean(str(text)).strip().replace("`", "'"), width)
    return cell.rjust(width) if side == "right" else cell.ljust(width)


def short(text: Any, most: int) -> Any:
    """Text from outside, cut to `most` characters."""
    return text if isinstance(text, Markup) else shorten(clean(str(text)).strip(), most)


def listing(names: Iterable[Any], most: int = 5) -> str:
    """Names as people say them: `a, b and 3 more`."""
    known = [shorten(clean(str(name)).strip(), 80) for name in names]
    shown, rest = known[:most], len(known) - most
    if rest > 0:
        shown.append(f"{rest} more")
    return " and ".join(part for part in (", ".join(shown[:-1]), "".join(shown[-1:])) if part)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


FILTERS: dict[str, Callable[..., Any]] = {
    "user": user,
    "mention": mention,
    "channel": channel,
    "link": link,
    "when": when,
    "local": local,
    "utc": utc,
    "percent": percent,
    "count": count,
    "events": events,
    "rate": rate,
    "span": span,
    "about": about,
    "bar": bar,
    "pad": pad,
    "short": short,
    "listing": listing,
}
