"""May a release be afforded, and is it worth it? Two questions, never mixed: more right answers do
not pay for an availability that is overdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from bot.judge.stake import Loss, Ruling, Stake

_WHOLE = Fraction(1)
RESERVE = Fraction(10, 100)
"""Share of every budget that a release must leave."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one objective would pay. Shares of its budget."""

    objective: str
    base: Fraction
    """Goes until then without the release, too."""
    low: Fraction
    expected: Fraction
    high: Fraction
    """Goes for the release; negative: it saves as much."""
    left_low: Fraction
    left: Fraction
    left_high: Fraction
    """Left when the window ends or the next release comes: at the dear end, expected, at the cheap
    end; never more than all of it."""
    ruling: Ruling
    """Whether this budget can afford it."""
    needed: int | None
    """More events of the release to decide, if that is open and more events can decide it."""
    now: Fraction
    """Left as things are."""
    seconds: int
    """The time until then; 0: not known."""
    replaced: bool
    """Whether it is the next release that ends this time, as often as there is one."""
    unknown: str
    """Why its budget is not known; empty if it is."""


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """The answer, with all that led to it."""

    ruling: Ruling
    affordable: Ruling
    worth: bool
    costs: tuple[Cost, ...]
    answers: Fraction
    """Wrong answers saved until then; negative: so many more."""
    requests: Fraction
    """Requests lost; negative: so many saved."""
    exchange: Fraction | None
    """k*: wrong answers per request, where one is traded for the other; None where it is not."""
    price: Fraction
    """k: one lost request costs as much as so many wrong answers."""
    needed: int | None
    """More events of the release to decide, if it is on hold and more events can decide it."""
    affordable_at: int | None
    """When it would be affordable even at the dear end if things go on, seconds since 1970; None if
    it is now, or not as far as is looked ahead, or if it is not worth it then either."""
    seconds: int
    """The time over which answers are held against requests; 0: not known."""


def weigh(
    stakes: Sequence[Stake], price: Fraction = Fraction(1), reserve: Fraction = RESERVE
) -> Tradeoff:
    """Both questions for one release, exactly.

    Affordable, objective by objective: c = Δ·N/B, left = remaining − p₀·N/B − c (Δ change of the
    rate, N events to come, B bad events allowed, p₀ present rate). An end of the interval of Δ is
    affordable if it is no change for the worse, or leaves at least `reserve`. Yes if the dear end
    is; no if not even the cheap end is; open between. Of a budget that is not known nothing is
    told: then only what is no change for the worse is affordable.

    Worth it: answers saved ≥ price · requests lost, which is k* ≥ k where requests are paid for
    answers, and k* ≤ k where answers are paid for requests. At a price of 1 that is the most right
    answers delivered.

    REJECT if some budget cannot afford it, or it is not worth it; HOLD if some budget is open; else
    ACCEPT.
    """
    costs = tuple(_cost(stake, reserve) for stake in stakes)
    answers = -sum(_events(one) for one in stakes if one.loss is Loss.ANSWER)
    requests = sum(_events(one) for one in stakes if one.loss is Loss.REQUEST)
    worth = answers >= price * requests
    affordable = _strictest([cost.ruling for cost in costs])
    ruling = affordable if worth else Ruling.REJECT
    return Tradeoff(
        ruling=ruling,
        affordable=affordable,
        worth=worth,
        costs=costs,
        answers=Fraction(answers),
        requests=Fraction(requests),
        exchange=Fraction(answers) / requests if answers * requests > 0 else None,
        price=price,
        needed=_needed(costs) if ruling is Ruling.HOLD else None,
        affordable_at=_when(stakes, reserve) if worth and ruling is not Ruling.ACCEPT else None,
        seconds=min((stake.seconds for stake in stakes), default=0),
    )


def _events(stake: Stake) -> Fraction:
    return stake.change.expected * (stake.events if stake.traded is None else stake.traded)


def _cost(stake: Stake, reserve: Fraction) -> Cost:
    each, change = stake.events / stake.allowed, stake.change
    base = stake.rate * each
    rest = stake.left - base
    ruling = _ruling(stake, stake.left, reserve)
    return Cost(
        objective=stake.objective,
        base=base,
        low=change.low * each,
        expected=change.expected * each,
        high=change.high * each,
        left_low=min(_WHOLE, rest - change.high * each),
        left=min(_WHOLE, rest - change.expected * each),
        left_high=min(_WHOLE, rest - change.low * each),
        ruling=ruling,
        needed=_more(stake, reserve) if ruling is Ruling.HOLD and not stake.unknown else None,
        now=stake.left,
        seconds=stake.seconds,
        replaced=stake.replaced,
        unknown=stake.unknown,
    )


def _bearable(stake: Stake, left: Fraction, reserve: Fraction) -> Fraction:
    """The greatest change of the rate that is affordable with so much left."""
    rest = left - stake.rate * stake.events / stake.allowed - reserve
    return max(Fraction(0), rest * stake.allowed / stake.events) if stake.events else Fraction(1)


def _ruling(stake: Stake, left: Fraction, reserve: Fraction) -> Ruling:
    if stake.unknown:
        return Ruling.ACCEPT if stake.change.high <= 0 else Ruling.HOLD
    bearable = _bearable(stake, left, reserve)
    if stake.change.high <= bearable:
        return Ruling.ACCEPT
    return Ruling.REJECT if stake.change.low > bearable else Ruling.HOLD


def _strictest(rulings: Sequence[Ruling]) -> Ruling:
    order = (Ruling.REJECT, Ruling.HOLD)
    return next((one for one in order if one in rulings), Ruling.ACCEPT)


def _more(stake: Stake, reserve: Fraction) -> int | None:
    """An interval shrinks with the root of the events: to come off the edge at the distance d from
    a half-width h takes (h/d)² times as many. None if nothing was measured, or it stands just at
    the edge."""
    change, edge = stake.change, _bearable(stake, stake.left, reserve)
    distance = abs(change.expected - edge)
    if not change.measured or not distance:
        return None
    cheap = change.expected <= edge
    half = change.high - change.expected if cheap else change.expected - change.low
    return max(1, ceil(change.measured * ((half / distance) ** 2 - 1)))


def _needed(costs: Sequence[Cost]) -> int | None:
    """Every open budget must be decided."""
    open_ones = [cost.needed for cost in costs if cost.ruling is Ruling.HOLD]
    known = [needed for needed in open_ones if needed is not None]
    return max(known) if len(known) == len(open_ones) else None


def _when(stakes: Sequence[Stake], reserve: Fraction) -> int | None:
    """The first instant of the paths at which every budget can afford it at the dear end."""
    left = {stake.objective: stake.left for stake in stakes}
    steps = sorted((at, stake.objective, share) for stake in stakes for at, share in stake.path)
    for number, (at, objective, share) in enumerate(steps):
        left[objective] = Fraction(share)
        if number + 1 < len(steps) and steps[number + 1][0] == at:
            continue
        rulings = [_ruling(stake, left[stake.objective], reserve) for stake in stakes]
        if _strictest(rulings) is Ruling.ACCEPT:
            return at
    return None
