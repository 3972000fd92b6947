"""Whether a source can serve an indicator, asked when the specs are loaded."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches

import promql_parser
from promql_parser import (
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    StringLiteral,
    SubqueryExpr,
    ValueType,
)

from bot.decide.catalog import SourceSpec
from bot.judge.indicator import (
    Counted,
    Indicator,
    Labelled,
    Ratio,
    Recorded,
    Scored,
    Threshold,
    Throughput,
)
from bot.measure.promql import NotCountable, counters, defaults_to_zero, parse

Complaint = tuple[str, str, str]
"""Field (`good`, `bad`, `total`, `served`, `shed` or `query`), what is wrong with it, what would be
right."""

_RECORDED = re.compile(
    r"(^|[:_])(i?rate|ratio|increase|avg|mean|quantile|p\d\d)\d*[smhdwy]?($|[:_])"
)


def check_indicator(indicator: Indicator, spec: SourceSpec, step: int | None) -> list[Complaint]:
    """What is wrong with an indicator of objectives with that step (seconds; None where it is not
    known) at that source."""
    if spec.kind == "csv":
        return [] if isinstance(indicator, Recorded) else [_NOT_IN_A_FILE]
    if spec.fed != isinstance(indicator, Labelled | Counted | Scored):
        return [_NOT_FROM_A_FEED if spec.fed else _NO_FEED]
    match indicator:
        case Ratio():
            return list(_ratio(indicator, step))
        case Threshold():
            return list(_value("query", indicator.query))
        case Throughput(served, shed):
            return [*_counter("served", served), *_counter("shed", shed)]
        case Recorded():
            return [("query", "The query names a recorded series.", "Write a PromQL query.")]
        case Labelled() | Counted() | Scored():
            return list(_feed(indicator.feed, spec))


def _feed(feed: str, spec: SourceSpec) -> Iterator[Complaint]:
    """Somebody may push whatever feed; places have those that are declared."""
    found = spec.details.get("feeds")
    if not isinstance(found, Mapping):
        return
    if feed not in found:
        near = get_close_matches(feed, found, 1)
        hint = f"Did you mean `{near[0]}`?" if near else f"Add it to the feeds of {spec.name}."
        yield ("feed", f"The DataSource `{spec.name}` has no feed `{feed}`.", hint)
    elif found[feed].get("table") in ESTIMATES:
        yield (
            "feed",
            f"`{feed}` is an estimate without labels: nothing is ever paged or frozen for one.",
            f"Name one of labels or of realized scores, and show this one by `estimate: {feed}`.",
        )


ESTIMATES = ("cbpe", "dle")
"""Tables of NannyML with what was estimated without labels."""
_NOT_FROM_A_FEED: Complaint = (
    "query",
    "The query asks a question, but this source holds what feeds say.",
    "Write quality, counted, score or drift with the name of the feed.",
)
_NO_FEED: Complaint = (
    "feed",
    "This source has no feeds.",
    "Name a DataSource of type push, or of one that is fetched.",
)
_NOT_IN_A_FILE: Complaint = (
    "query",
    "The query asks a question, but this source is a file of counts.",
    "Rows of the file are found by the objective's own name: leave the query out.",
)


def _ratio(ratio: Ratio, step: int | None) -> Iterator[Complaint]:
    for field, query in (("good", ratio.good), ("bad", ratio.bad), ("total", ratio.total)):
        if query is None:
            continue
        yield from _counter(field, query) if ratio.counter else _count(field, query, step)


def _counter(field: str, query: str) -> Iterator[Complaint]:
    try:
        found = counters(query)
        if field != "bad" and defaults_to_zero(query):
            yield (
                field,
                "The query ends in `or vector(0)`, but a missing series is no zero.",
                "Leave `or vector(0)` out; a missing `bad` series is a zero anyway.",
            )
    except NotCountable as refusal:
        yield field, f"The query {refusal.problem}", refusal.remedy
        return
    for selector in found:
        if ":" in selector.name and _RECORDED.search(selector.name):
            yield (
                field,
                f"The query names {selector.name}, by its name a recorded rate or ratio.",
                "Name the counter that it was recorded from, or write `counter: false` if each "
                "value is the count of one slice.",
            )


def _count(field: str, query: str, step: int | None) -> Iterator[Complaint]:
    """A query whose answer is the count of one slice: its range must be the slice."""
    faults = list(_value(field, query))
    yield from faults
    if faults or step is None:
        return
    for span in sorted(set(_ranges(parse(query)))):
        if span != timedelta(seconds=step):
            yield (
                field,
                f"The query looks back over {_duration(span)}, but a slice of this objective is "
                f"{_duration(timedelta(seconds=step))}: events would be counted "
                f"{'more than once' if span.total_seconds() > step else 'only in part'}.",
                f"Write [{_duration(timedelta(seconds=step))}], or `counter: true` with the "
                "counter itself.",
            )


def _value(field: str, query: str) -> Iterator[Complaint]:
    """A query that answers with one number at a time."""
    try:
        expr = parse(query)
    except NotCountable as refusal:
        yield field, f"The query {refusal.problem}", refusal.remedy
        return
    if isinstance(expr, MatrixSelector | SubqueryExpr):
        yield (
            field,
            "The query answers with a range of samples, not with one number.",
            "Wrap it, for instance in increase(…) or max_over_time(…).",
        )
    elif isinstance(expr, NumberLiteral | StringLiteral) or _scalar(expr):
        yield (
            field,
            "The query answers with a constant or a scalar.",
            "Write a query that selects series.",
        )


def _scalar(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.func.return_type == ValueType.Scalar


def _ranges(expr: Expr) -> list[timedelta]:
    found: list[timedelta] = []

    def visit(node: Expr) -> None:
        if isinstance(node, MatrixSelector | SubqueryExpr) and node.range:
            found.append(node.range)

    promql_parser.walk(expr, visit)
    return found


def _duration(span: timedelta) -> str:
    return promql_parser.display_duration(span)
