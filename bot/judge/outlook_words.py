"""A forecast and a trade-off in a sentence or two, for somebody who is tired."""

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from fractions import Fraction

from bot.judge.dates import day, instant
from bot.judge.expectation import Forecast, Return
from bot.judge.reason import span
from bot.judge.score import Score
from bot.judge.stake import Ruling
from bot.judge.tradeoff import Cost, Tradeoff

_HOUR = 3_600
_UNLIKELY = 0.05
_MUCH = 0.05
_EVEN = 0.5
_TIMES = 2
"""Budgets from which on they are counted, not told in percent."""


def foretold(found: Forecast, zone: tzinfo = UTC, *, burning: bool = False) -> str:
    """What is to be expected, until when, and how sure that is. Dates in `zone`, to the hour: a
    budget is never said to last longer, nor to be back sooner, than was worked out. `burning`: it
    burns too fast just now, which no forecast takes for the pace to come."""
    if found.left <= 0:
        return " ".join(_overspent(found, zone))
    if found.gone is None and found.probability < _UNLIKELY:
        said = _lasting(found, zone)
    else:
        said = _running_out(found, zone)
    if burning:
        said = f"If what burns it now ends: {said[0].lower()}{said[1:]}"
    parts = [said, *_proven(found.record), *_returning(found, zone), *_enough(found, zone)]
    return " ".join(parts)


def _overspent(found: Forecast, zone: tzinfo) -> list[str]:
    if found.back is None:
        return [
            "The budget is gone, and at the usual pace it stays so: as much burns anew as rolls "
            "off. It needs a fix, not patience."
        ]
    if found.back == found.closes:
        until = instant(found.back, zone)
        return [f"The budget is gone until {until}, when a new one begins."]
    back = _later(found.back, zone)
    return [
        f"The budget is gone until about {back} if nothing new happens.",
        *_returning(found, zone),
    ]


def _lasting(found: Forecast, zone: tzinfo) -> str:
    low, high = _points(found.low), _points(found.high)
    until = instant(found.until, zone)
    return (
        f"The budget should last: about {_points(found.expected)} % left on {until} "
        f"(80 % range {low} to {high} %), if no new incident comes."
    )


def _running_out(found: Forecast, zone: tzinfo) -> str:
    until, chance = instant(found.until, zone), likely(found.probability)
    if found.gone is None:
        return (
            f"There is a chance of {chance} that the budget is gone before {until}, though about "
            f"{_points(found.expected)} % should be left by then. {_PACE}"
        )
    if found.probability < _EVEN:
        return _perhaps(found, zone)
    return (
        f"The budget will be gone about {_hour(found.gone, zone)}"
        f"{_range(found, zone)}, with a chance of {chance} before {until}. {_PACE}"
    )


def _perhaps(found: Forecast, zone: tzinfo) -> str:
    """No date: the mean names one that is more likely to pass than not."""
    until = instant(found.until, zone)
    soon = "" if found.earliest is None else f" (10 % already by {_hour(found.earliest, zone)})"
    return (
        f"More likely than not the budget lasts until {until}; the chance that it is gone before "
        f"is {likely(found.probability)}{soon}. Release what is risky in small steps. {_PACE}"
    )


_PACE = (
    "The pace is the mean of the last budget window, with every incident in it; nothing worse is "
    "assumed."
)


def _range(found: Forecast, zone: tzinfo) -> str:
    if found.earliest is None:
        return ""
    early = _hour(found.earliest, zone)
    late = "never" if found.latest is None else _hour(found.latest, zone)
    return f" (80 % range: {early} to {late})"


def _returning(found: Forecast, zone: tzinfo) -> list[str]:
    """The day that gives back most, if it is much."""
    much = [one for one in found.returns if one.share >= _MUCH]
    return [_return(max(much, key=lambda one: one.share), zone)] if much else []


def _return(best: Return, zone: tzinfo) -> str:
    points = round(best.share * 100)
    middle = day((best.since + best.until) // 2, zone)
    return f"What rolls off on {middle} returns {points} % of the budget."


def _enough(found: Forecast, zone: tzinfo) -> list[str]:
    """When more is left than was asked for, where that is more than nothing."""
    if found.back is None:
        return []
    return [f"Enough of it is back about {_later(found.back, zone)}."]


def _proven(record: Score) -> list[str]:
    if not record.count:
        return []
    forecasts = "forecast" if record.count == 1 else "forecasts"
    off, brier = 100 * (record.error or 0.0), record.brier or 0.0
    return [
        f"The 80 % range held in {record.hits} of {record.count} past {forecasts}, off by "
        f"{off:.1f} points on average; Brier score of the chances: {brier:.2f} (0 is best)."
    ]


def weighed(
    found: Tradeoff,
    zone: tzinfo = UTC,
    titles: Mapping[str, str] | None = None,
    *,
    back: bool = False,
) -> str:
    """The answer, its reason, what it costs, and what to do next. `titles`: how people call the
    objectives; one that is not in it is called by its name. `back`: the release is proven to fail
    more, and to bring nothing that is worth it: then whether a budget bears it is no question."""
    costs = [(_title(cost.objective, titles or {}), cost) for cost in found.costs]
    return (_backward(found, costs) if back else _answer(found, costs, zone)).strip()


def _backward(found: Tradeoff, costs: Sequence[tuple[str, Cost]]) -> str:
    if found.ruling is Ruling.ACCEPT:
        but = "The budgets can afford it, but nothing shows that it brings anything for that."
    else:
        but = "Whether its budgets could bear that is still open; that is no reason to wait."
    return f"Roll back: that it fails more is proven. {but} {_traded(found)}{_costs(costs)}"


def _title(name: str, titles: Mapping[str, str]) -> str:
    return f"“{titles[name]}”" if name in titles else name


def _answer(found: Tradeoff, costs: Sequence[tuple[str, Cost]], zone: tzinfo) -> str:
    if not found.worth:
        said = f"Reject: it costs more than it brings. {_traded(found)}{_against(found)}"
        return f"{said} {_costs(costs)}"
    if found.ruling is Ruling.ACCEPT:
        return f"Accept: every budget can afford it. {_traded(found)}{_costs(costs)}"
    short = [(title, cost) for title, cost in costs if cost.ruling is found.ruling]
    names = " and ".join(title for title, _ in short)
    if found.ruling is Ruling.REJECT:
        said, then = f"Reject: the budget of {names} cannot afford it.", _again(found, zone)
    else:
        said, then = _held(short, names), _missing(found)
    rest = [(title, cost) for title, cost in costs if cost.ruling is not found.ruling]
    return f"{said} {_costs([*short, *rest])} {_traded(found)}{then}"


def _traded(found: Tradeoff) -> str:
    if found.exchange is None:
        return ""
    answers = _so_many(found.answers, "wrong answer")
    requests = _so_many(found.requests, "lost request")
    if found.answers > 0:
        trade = f"It saves {answers} for {requests}"
    else:
        trade = f"It saves {requests} for {answers}"
    within = f" in the next {span(found.seconds)}" if found.seconds else ""
    return f"{trade}{within}: {_plain(found.exchange)} wrong answers per request. "


def _so_many(events: Fraction, noun: str) -> str:
    count = round(abs(events))
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _against(found: Tradeoff) -> str:
    if found.exchange is None:
        return "Nothing that is counted here gets better by it."
    return f"Your price of a lost request is {_plain(found.price)} wrong answers."


def _costs(costs: Sequence[tuple[str, Cost]]) -> str:
    return " ".join(_cost(title, cost) for title, cost in costs if cost.high > 0)


def _cost(title: str, cost: Cost) -> str:
    """Why so much would be left: what is now, what the release takes, what goes without it."""
    anyway = ""
    if cost.base > 0:
        anyway = f" and {_part(cost.base)} that goes anyway {_until(cost)}"
    return (
        f"{title}: {_stands(cost.now)} now, less {_part(cost.expected)} for this release"
        f"{_ends(_part(cost.low), _part(cost.high))}{anyway}: {_then(cost)}."
    )


def _until(cost: Cost) -> str:
    if not cost.seconds:
        return "until then"
    usual = " (the usual time to the next release)" if cost.replaced else ""
    return f"in the next {span(cost.seconds)}{usual}"


def _then(cost: Cost) -> str:
    if cost.left < 0:
        return f"it would be {_stands(cost.left)}"
    return (
        f"{_percent(cost.left)} % would be left"
        f"{_ends(f'{_percent(cost.left_low)} %', f'{_percent(cost.left_high)} %')}"
    )


def _ends(low: str, high: str) -> str:
    """A range; nothing where both ends read the same."""
    return "" if low == high else f" ({low} to {high})"


def _stands(left: Fraction) -> str:
    if left >= 0:
        return f"{_percent(left)} % left"
    if left > -_TIMES:
        return f"overspent by {_percent(-left)} %"
    return f"overspent {float(-left):,.0f} times"


def _part(share: Fraction) -> str:
    if abs(share) < _TIMES:
        return f"{_percent(share)} %"
    return f"{float(share):,.0f} budgets".replace("-", "−")


def _held(short: Sequence[tuple[str, Cost]], names: str) -> str:
    why = next((cost.unknown for _, cost in short if cost.unknown), "")
    if why:
        return f"Hold: whether the budget of {names} can afford it nobody can tell: {why}."
    return f"Hold: too little was measured to say whether the budget of {names} can afford it."


def _again(found: Tradeoff, zone: tzinfo) -> str:
    if found.affordable_at is None:
        return "It does not become affordable as far as can be seen: make it fail less first."
    again = _later(found.affordable_at, zone)
    return f"Affordable again from about {again} if nothing new happens."


def _missing(found: Tradeoff) -> str:
    if any(cost.unknown and cost.ruling is Ruling.HOLD for cost in found.costs):
        return "Ask again once it is known."
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


def likely(probability: float) -> str:
    """A chance, in words: never certain."""
    if probability > 0.99:
        return "more than 99 %"
    return f"{max(1, round(probability * 100))} %"


def _hour(at: int, zone: tzinfo) -> str:
    return instant(at // _HOUR * _HOUR, zone)


def _later(at: int, zone: tzinfo) -> str:
    return instant(-(-at // _HOUR) * _HOUR, zone)
