"""Quality, counts, scores and drift: what comes through a feed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from bot.decide.catalog import SourceSpec
from bot.judge.batch import Form
from bot.judge.indicator import Counted, Fed, Labelled, Op, Scored
from bot.judge.objective import Method
from bot.judge.tally import Quality
from bot.spec.estimated import declared, estimated, named
from bot.spec.metric import Sources
from bot.spec.sli import Counts, Sli
from bot.spec.spot import Record, Spot, nearest, record
from bot.spec.values import choice, duration, name, number, positive

_FIGURES: Mapping[str, Quality] = {str(one): one for one in Quality}
_OPS: Mapping[str, Op] = {str(op): op for op in Op}
_FORMS: Mapping[str, Form] = {str(form): form for form in Form}
_SHARES = (Form.SHARE, Form.RANK)
"""Scores that are at most 1 and have an interval without the tool's help."""
_BELOW = (Op.LT, Op.LTE)
_COMMON = ("feed", "source", "labelDelay")


def quality(spot: Spot, sources: Sources) -> Sli | None:
    """`{feed: ranker-labels, of: accuracy}`: every labelled prediction is an event."""
    found = record(spot, *_COMMON, "of", "estimate")
    if found is None:
        return None
    figure = found.need("of", choice(_FIGURES), "of: accuracy")
    feed = _feed(found)
    estimate = found.read("estimate", estimated(sources))
    made = None if feed is None or figure is None else Labelled(feed, figure)
    if found.get("estimate") and estimate is None:
        made = None
    sli = _sli(found, sources, made)
    if not isinstance(sli, Counts) or estimate is None:
        return sli
    source = sources.by_name.get(estimate.source) or sli.source
    if not declared(estimate, source):
        return None
    return replace(sli, estimate=estimate.feed, estimate_source=estimate.source)


def counted(spot: Spot, sources: Sources) -> Sli | None:
    """`{feed: ranker-answers}`: eligible and bad events as they are pushed."""
    found = record(spot, *_COMMON)
    if found is None:
        return None
    feed = _feed(found)
    return _sli(found, sources, None if feed is None else Counted(feed))


def score(spot: Spot, sources: Sources) -> Sli | None:
    """`{feed: ranker-auc, op: gte, value: 0.85, scale: rank, minimum: 500}`: every batch is a
    slice."""
    return _scored(spot, sources, drift=False)


def drift(spot: Spot, sources: Sources) -> Sli | None:
    """`{feed: ranker-psi, value: 0.1, minimum: 500}`: the same, but it never pages."""
    return _scored(spot, sources, drift=True)


KINDS: Mapping[str, Callable[[Spot, Sources], Sli | None]] = {
    "quality": quality,
    "counted": counted,
    "score": score,
    "drift": drift,
}


def method_fits(found: Record, method: Method | None, sli: Sli | None) -> bool:
    """What a feed says has one way of being counted: predictions as events, batches as slices."""
    if not isinstance(sli, Counts) or not isinstance(sli.indicator, Labelled | Counted | Scored):
        return True
    wanted = Method.TIMESLICES if isinstance(sli.indicator, Scored) else Method.OCCURRENCES
    if method is not None and method is not wanted:
        what = "Each batch is one slice" if wanted is Method.TIMESLICES else "Each one counts"
        found.spot.fault(f"{what} here.", f"Write budgetingMethod: {wanted}.")
        return False
    target = found.get("timeSliceTarget")
    if target is not None:
        target.fault("A batch is good or bad as a whole.", "Leave `timeSliceTarget` out.")
        return False
    return True


def _scored(spot: Spot, sources: Sources, *, drift: bool) -> Sli | None:
    found = record(spot, *_COMMON, "op", "value", "scale", "minimum")
    if found is None:
        return None
    form = found.read("scale", choice(_FORMS)) or Form.MEAN
    usual = (Op.GTE if form is Form.P_VALUE else Op.LTE) if drift else None
    op = found.read("op", choice(_OPS)) if drift else found.need("op", choice(_OPS), "op: gte")
    limit = found.need("value", number, "value: 0.1" if drift else "value: 0.85")
    minimum = found.read("minimum", positive)
    feed = _feed(found)
    sound = _plausible(found, form, limit) and _useful(found, form, op or usual, limit, drift=drift)
    if (found.get("op") and op is None) or (op or usual) is None or not sound:
        return _sli(found, sources, None)
    if feed is None or limit is None or (found.get("minimum") and minimum is None):
        return _sli(found, sources, None)
    made = Scored(feed, op or usual or Op.LTE, limit, str(form), float(minimum or 0), drift)
    return _sli(found, sources, made)


def _plausible(found: Record, form: Form, limit: Fraction | None) -> bool:
    """A share lies below 1; a score without an interval is believed from a number of samples on."""
    if form in (*_SHARES, Form.P_VALUE) and limit is not None and not 0 < limit < 1:
        at = found.get("value") or found.spot
        at.fault(f"A score of scale {form} lies between 0 and 1.", "Write it like 0.85.")
        return False
    if form not in _SHARES and found.get("minimum") is None:
        found.spot.fault(
            "The field `minimum` is missing: few samples prove nothing.",
            "Write minimum: 500, the samples from which on a score is believed.",
        )
        return False
    return True


def _useful(
    found: Record, form: Form, op: Op | None, limit: Fraction | None, *, drift: bool
) -> bool:
    """A limit that no batch meets, or none misses, is no limit. Distances (what is held below a
    limit and called drift) and roots of mean squares are never negative."""
    root, below = form is Form.ROOT_MEAN_SQUARE, op in _BELOW
    never_negative = root or (drift and form is Form.MEAN and below)
    if never_negative and op is not None and limit is not None and limit <= 0:
        fate = "every batch would be bad" if below else "no batch would ever be bad"
        at = found.get("value") or found.spot
        at.fault(f"Such a score is never below 0: {fate}.", "Write a limit above 0, like 0.1.")
        return False
    if form is Form.P_VALUE and op in _BELOW:
        problem = "A small p-value tells of a difference: here batches without one would be bad."
        (found.get("op") or found.spot).fault(problem, "Write op: gte.")
        return False
    return True


def _feed(found: Record) -> str | None:
    return found.need("feed", name, "feed: my-labels")


def _sli(found: Record, sources: Sources, made: Fed | None) -> Sli | None:
    delay = found.read("labelDelay", duration("hdw")) if found.get("labelDelay") else 0
    source = _source(found, sources)
    at = found.get("feed") or found.spot
    if made is None or source is None or delay is None:
        return None
    return Counts(source, made, {"feed": at}, delay)


def _source(found: Record, sources: Sources) -> SourceSpec | None:
    """The DataSource that is named; else the only one that has feeds."""
    at = found.get("source")
    if at is not None:
        return named(sources)(at)
    fits = {n: one for n, one in sources.by_name.items() if one is not None and one.fed}
    if len(fits) == 1:
        return next(iter(fits.values()))
    if fits:
        remedy = f"Name one: `source: {min(fits)}`. {nearest('', fits)}"
        found.spot.fault("There is more than one DataSource that has feeds.", remedy)
    elif all(one is not None for one in sources.by_name.values()):
        problem = "There is no DataSource that has feeds."
        found.spot.fault(problem, "Add one of type push.")
    return None
