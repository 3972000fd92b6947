"""A forecast and a trade-off in a sentence or two, for somebody who is tired."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from fractions import Fraction

from bot.judge.expectation import Forecast, Return
from bot.judge.score import Score
from bot.judge.stake import Ruling
from bot.judge.tradeoff import Cost, Tradeoff

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEK = 6 * 86_400
_HOUR = 3_600
_UNLIKELY = 0.05
_MUCH = 0.05


def foretold(found: Forecast, zone: tzinfo = UTC) -> str:
    """What is to be expected, until when, and how sure that is. Dates in `zone`, to the hour: a
    budget is never said to last longer, nor to be back sooner, than was worked out."""
    clock = f"Times are {datetime.fromtimestamp(found.until, zone):%Z}."
    if found.left <= 0:
        parts = _overspent(found, zone)
        return " ".join(parts if found.back is None else [*parts, clock])
    if found.gone is None and found.probability < _UNLIKELY:
        said = _lasting(found, zone)
    else:
        said = _running_out(found, zone)
    parts = [said, *_proven(found.record), *_returning(found, zone), *_enough(found, zone), clock]
    return " ".join(parts)


def _overspent(found: Forecast, zone: tzinfo) -> list[str]:
    if found.back is None:
        return [
            "The budget is gone, and at the usual pace it stays so: as much burns anew as rolls "
            "off. It needs a fix, not patience."
        ]
    if found.back == found.closes:
        until = _date(found, found.back, zone)
        return [f"The budget is gone until {until}, when a new one begins."]
    back = _later(found, found.back, zone)
    return [
        f"The budget is gone until about {back} if nothing new happens.",
        *_returning(found, zone),
    ]


def _lasting(found: Forecast, zone: tzinfo) -> str:
    low, high = _points(found.low), _points(found.high)
    until = _date(found, found.until, zone)
    return (
        f"The budget should last: about {_points(found.expected)} % left on {until} "
        f"(80 % range {low} to {high} %), if no new incident comes."
    )


def _running_out(found: Forecast, zone: tzinfo) -> str:
    until, chance = _date(found, found.until, zone), _chance(found.probability)
    if found.gone is None:
        return (
            f"There is a chance of {chance} that the budget is gone before {until}, though about "
            f"{_points(found.expected)} % should be left by then. No new incident is assumed."
        )
    return (
        f"At this pace the budget will be gone about {_hour(found, found.gone, zone)}"
        f"{_range(found, zone)}, with a chance of {chance} before {until}. No new incident is "
        "assumed."
    )


def _range(found: Forecast, zone: tzinfo) -> str:
    if found.earliest is None:
        return ""
    early = _hour(found, found.earliest, zone)
    late = "never" if found.latest is None else _hour(found, found.latest, zone)
    return f" (80 % range: {early} to {late})"


def _returning(found: Forecast, zone: tzinfo) -> list[str]:
    """The day that gives back most, if it is much."""
    much = [one for one in found.returns if one.share >= _MUCH]
    return [_return(found, max(much, key=lambda one: one.share), zone)] if much else []


def _return(found: Forecast, best: Return, zone: tzinfo) -> str:
    points = round(best.share * 100)
    day = _date(found, (best.since + best.until) // 2, zone).rpartition(" ")[0]
    return f"{day}'s roll-off returns {points} points."


def _enough(found: Forecast, zone: tzinfo) -> list[str]:
    """When more is left than was asked for, where that is more than nothing."""
    if found.back is None:
        return []
    return [f"Enough of it is back about {_later(found, found.back, zone)}."]


def _proven(record: Score) -> list[str]:
    if not record.count:
        return []
    forecasts = "forecast" if record.count == 1 else "forecasts"
    return [f"The 80 % range held in {record.hits} of {record.count} past {forecasts}."]


def weighed(found: Tradeoff, zone: tzinfo = UTC) -> str:
    """The answer, its reason, what it costs, and what to do next."""
    return _answer(found, zone).strip()


def _answer(found: Tradeoff, zone: tzinfo) -> str:
    if not found.worth:
        return f"Reject: it costs more than it brings. {_traded(found)}{_against(found)}"
    if found.ruling is Ruling.ACCEPT:
        return f"Accept: every budget can afford it. {_traded(found)}{_costs(found.costs)}"
    short = [cost for cost in found.costs if cost.ruling is found.ruling]
    names = " and ".join(cost.objective for cost in short)
    if found.ruling is Ruling.REJECT:
        said, then = f"Reject: the budget of {names} cannot afford it.", _again(found, zone)
    else:
        said = f"Hold: too little was measured to say whether the budget of {names} can afford it."
        then = _missing(found)
    return f"{said} {_costs(short)} {then}"


def _traded(found: Tradeoff) -> str:
    if found.exchange is None:
        return ""
    answers = _so_many(found.answers, "wrong answer")
    requests = _so_many(found.requests, "lost request")
    if found.answers > 0:
        trade = f"It saves {answers} for {requests}"
    else:
        trade = f"It saves {requests} for {answers}"
    return f"{trade}: {_plain(found.exchange)} wrong answers per request. "


def _so_many(events: Fraction, noun: str) -> str:
    count = round(abs(events))
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _against(found: Tradeoff) -> str:
    if found.exchange is None:
        return "Nothing that is counted here gets better by it."
    return f"Your price of a lost request is {_plain(found.price)} wrong answers."


def _costs(costs: Sequence[Cost]) -> str:
    return " ".join(_cost(cost) for cost in costs if cost.high > 0)


def _cost(cost: Cost) -> str:
    return (
        f"{cost.objective}: costs {_percent(cost.expected)} % of its budget "
        f"({_percent(cost.low)} to {_percent(cost.high)}), {_percent(cost.left)} % would be left "
        f"({_percent(cost.left_low)} to {_percent(cost.left_high)})."
    )


def _again(found: Tradeoff, zone: tzinfo) -> str:
    if found.affordable_at is None:
        return "It does not become affordable as far as can be seen: make it fail less first."
    at = datetime.fromtimestamp(-(-found.affordable_at // _HOUR) * _HOUR, zone)
    day = _spoken(at, dated=True)
    return f"Affordable again from about {day} {at:%Z} if nothing new happens."


def _missing(found: Tradeoff) -> str:
    if found.needed is None:
        return "Let more requests through the canary, then ask again."
    coarse = 10 ** max(0, len(str(found.needed)) - 2)
    more = -(-found.needed // coarse) * coarse
    return f"About {more:,} more requests through the canary would tell."


def _plain(number: Fraction) -> str:
    return f"{float(number):,.0f}" if number >= 10 else f"{float(number):.2g}"


def _percent(share: Fraction) -> str:
    text = f"{float(share * 100):.1f}"
    return "0.0" if text == "-0.0" else text.replace("-", "−")


def _points(share: float) -> str:
    return f"{round(share * 100)}".replace("-", "−")


def _chance(probability: float) -> str:
    if probability > 0.99:
        return "more than 99 %"
    return f"{max(1, round(probability * 100))} %"


def _hour(found: Forecast, at: int, zone: tzinfo) -> str:
    return _date(found, at // _HOUR * _HOUR, zone)


def _later(found: Forecast, at: int, zone: tzinfo) -> str:
    return _date(found, -(-at // _HOUR) * _HOUR, zone)


def _date(found: Forecast, at: int, zone: tzinfo) -> str:
    """A weekday is enough for the next days; further off it takes the date."""
    return _spoken(datetime.fromtimestamp(at, zone), dated=at - found.at > _WEEK)


def _spoken(at: datetime, *, dated: bool) -> str:
    day = f" {at.day} {_MONTHS[at.month - 1]}" if dated else ""
    return f"{_DAYS[at.weekday()]}{day} {at:%H:%M}"
