"""Short ways to make the domain's objects; every argument has a plain default."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction

from bot.decide.people import Actor, Door, Person
from bot.judge.burn import BurnAlert, Severity, default_alerts
from bot.judge.indicator import Indicator, Ratio
from bot.judge.ledger import Balances, Slice, Spend, accumulate
from bot.judge.objective import Calendar, Method, Objective, Rolling, Unit, Window
from bot.judge.verdict import Burn, Code, Firing, Kind, Reason, Verdict

DAY = 86_400
HOUR = 3_600
MINUTE = 60

NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp())
"""A Monday noon: a multiple of every step there is but the day."""

NEW_YEAR = datetime.fromisoformat("2026-01-01")
"""Local time, in whatever zone: calendar windows are counted from it."""


def when(seconds: int) -> datetime:
    """Seconds since 1970 as an aware UTC time."""
    return datetime.fromtimestamp(seconds, UTC)


def rolling(days: int = 30) -> Rolling:
    """The last `days` days."""
    return Rolling(days * DAY, f"{days}d")


def calendar(
    unit: Unit = Unit.MONTH,
    count: int = 1,
    start: datetime | None = None,
    zone: str = "UTC",
) -> Calendar:
    """Windows of `count` units since New Year 2026, local time."""
    return Calendar(count, unit, start or NEW_YEAR, zone, f"{count}{unit}")


def objective(
    service: str = "ranker",
    name: str = "availability",
    target: str = "0.999",
    window: Window | None = None,
    alerts: Sequence[BurnAlert] | None = None,
    step: int = MINUTE,
    indicator: Indicator | None = None,
    method: Method = Method.OCCURRENCES,
    policy: str = "default",
) -> Objective:
    """99.9 % of the requests, over 30 days, with the default alerts."""
    draft = Objective(
        service,
        name,
        Fraction(target),
        window or rolling(),
        method,
        indicator or Ratio("requests_total", bad="errors_total"),
        "fake",
        step,
        (),
        policy,
    )
    fitted = default_alerts(draft.target, draft.window_seconds) if alerts is None else alerts
    return replace(draft, alerts=tuple(fitted))


def account(pieces: Iterable[Slice]) -> Balances:
    """All the rows that these slices leave."""
    return Balances(accumulate(None, pieces))


def steady(
    since: int, until: int, eligible: float, bad: float = 0.0, step: int = MINUTE
) -> list[Slice]:
    """Slices of (since, until] with the same counts each."""
    return [Slice(at, eligible, bad, step) for at in range(since + step, until + 1, step)]


def silent(since: int, until: int, step: int = MINUTE) -> list[Slice]:
    """Slices of (since, until] that nobody saw."""
    return [Slice(at, 0.0, 0.0, 0) for at in range(since + step, until + 1, step)]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of steady traffic, in events a minute; unseen if `eligible` is None."""

    seconds: int
    eligible: float | None
    bad: float = 0.0


def slices(*parts: Part, until: int = NOON) -> list[Slice]:
    """One part after the other, ending at `until`: minutes in the last 7 hours, before them hours
    where a part has whole ones."""
    found: list[Slice] = []
    at = until - sum(part.seconds for part in parts)
    for part in parts:
        end = at + part.seconds
        while at < end:
            coarse = until - at > 7 * HOUR and end - at >= HOUR
            size = HOUR if coarse else MINUTE
            at += size
            minutes = size / MINUTE
            if part.eligible is None:
                found.append(Slice(at, 0.0, 0.0, 0))
            else:
                found.append(Slice(at, part.eligible * minutes, part.bad * minutes, size))
    return found


def story(*parts: Part, until: int = NOON) -> Balances:
    """The account that these parts leave."""
    return account(slices(*parts, until=until))


def actor(name: str = "ada") -> Actor:
    """Somebody in Slack."""
    return Actor(f"U{name.upper()}", name, Door.SLACK)


def person(
    name: str = "ada",
    *,
    bot: bool = False,
    guest: bool = False,
    deleted: bool = False,
    stranger: bool = False,
) -> Person:
    """The same somebody, as Slack describes them."""
    return Person(
        f"U{name.upper()}",
        name,
        "T1",
        bot=bot,
        guest=guest,
        deleted=deleted,
        stranger=stranger,
    )


def burn(seconds: int, rate: str | None, coverage: str = "1") -> Burn:
    """A window of 100,000 events at 99 % that burns so fast."""
    bad = 0.0 if rate is None else float(Fraction(rate) * 1_000)
    spend = Spend(NOON - seconds, NOON, 0.0 if rate is None else 100_000.0, bad, seconds)
    return Burn(seconds, spend, None if rate is None else Fraction(rate), Fraction(coverage))


def verdict(
    kind: Kind = Kind.HEALTHY,
    *,
    fires: Severity | None = None,
    left: str | None = "0.9",
    code: Code = Code.WITHIN_BUDGET,
    coverage: str = "1",
    eligible: float = 1_000_000,
    burns: tuple[Burn, ...] = (),
) -> Verdict:
    """A verdict on 99 % over a full window, with so much of the budget left."""
    firing = []
    if fires is not None:
        alert = BurnAlert(Fraction(2, 100), HOUR, 5 * MINUTE, fires)
        firing = [Firing(alert, Fraction(1), burn(HOUR, "20"), burn(5 * MINUTE, "20"))]
    bad = 0.0 if left is None else float((1 - Fraction(left)) * Fraction(eligible) / 100)
    exhausted = Severity.PAGE if kind is Kind.EXHAUSTED else None
    return Verdict(
        objective="ranker/availability",
        kind=kind,
        severity=fires if kind is Kind.BURNING else exhausted,
        reasons=(Reason(code, str(code)),),
        as_of=when(NOON),
        spend=Spend(NOON - 30 * DAY, NOON, eligible, bad, 30 * DAY),
        remaining=None if left is None else Fraction(left),
        projected=None,
        coverage=Fraction(coverage),
        burns=burns,
        firing=tuple(firing),
        exhausts_in=None,
    )
