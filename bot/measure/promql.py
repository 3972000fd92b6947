"""What people write for a counter, understood: the plain selectors behind it.

A sum of counters does not survive the reset of one of them, and `increase` loses the first sample
of every new series. So each selector is counted series by series, before anything is summed.
"""

from dataclasses import replace
from functools import lru_cache

import promql_parser
from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatchOp,
    MatrixSelector,
    NumberLiteral,
    SubqueryExpr,
    VectorSelector,
)

from bot.measure.observations import bare, native
from bot.measure.selector import Matcher, Selector

_OPS = ((MatchOp.Equal, "="), (MatchOp.NotEqual, "!="), (MatchOp.Re, "=~"), (MatchOp.NotRe, "!~"))
_GROWTH = ("increase", "rate")


class NotCountable(Exception):
    """Not the count of plain counters: what it is instead, and what to write."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem} {remedy}")


def parse(query: str) -> Expr:
    """The syntax tree. Raises NotCountable, with the parser's own words."""
    try:
        return promql_parser.parse(query)
    except ValueError as error:
        reason = " ".join(str(error).split())[:200]
        raise NotCountable(
            f"is not valid PromQL: {reason}.", "Try the query in Prometheus' own page first."
        ) from error


@lru_cache(maxsize=16_384)
def counters(query: str) -> tuple[Selector, ...]:
    """The selectors whose counts are to be added up. Raises NotCountable."""
    return tuple(_understand(parse(query)))


def selectors(query: str) -> tuple[Selector, ...]:
    """All the selectors in any query. Raises NotCountable."""
    found: list[VectorSelector] = []

    def visit(node: Expr) -> None:
        if isinstance(node, VectorSelector):
            found.append(node)

    promql_parser.walk(parse(query), visit)
    return tuple(dict.fromkeys(_selector(one) for one in found))


def defaults_to_zero(query: str) -> bool:
    """Whether it ends in `or vector(0)`: the writer wants a missing series to be a zero."""
    return _without_zero(bare(parse(query))) is not None


def _understand(expr: Expr) -> list[Selector]:
    expr = bare(expr)
    zero = _without_zero(expr)
    if zero is not None:
        return _understand(zero)
    match expr:
        case VectorSelector():
            return [_selector(expr)]
        case AggregateExpr() if str(expr.op) == "sum":
            return _understand(expr.expr)
        case Call() if expr.func.name in _GROWTH:
            return _growth(expr)
        case Call() | BinaryExpr() if (observations := native(expr)) is not None:
            found, upper = observations
            return [replace(_selector(found), upper=upper)]
        case BinaryExpr() if str(expr.op) == "+" and _plain_sum(expr):
            return [*_understand(expr.lhs), *_understand(expr.rhs)]
    raise _refusal(expr)


def _without_zero(expr: Expr) -> Expr | None:
    """`x` of `x or vector(0)`."""
    if not isinstance(expr, BinaryExpr) or str(expr.op) != "or":
        return None
    right = bare(expr.rhs)
    if isinstance(right, Call) and right.func.name == "vector":
        number = bare(right.args[0])
        if isinstance(number, NumberLiteral) and number.val == 0:
            return expr.lhs
    return None


def _plain_sum(expr: BinaryExpr) -> bool:
    """No `on`, `ignoring` or `group_…`, and a query on either side."""
    sides = (bare(expr.lhs), bare(expr.rhs))
    matching = expr.modifier is not None and expr.modifier.matching is not None
    return not matching and not any(isinstance(side, NumberLiteral) for side in sides)


def _growth(call: Call) -> list[Selector]:
    inner = bare(call.args[0])
    if isinstance(inner, MatrixSelector):
        return [_selector(inner.vector_selector)]
    if isinstance(inner, SubqueryExpr):
        raise NotCountable(
            f"applies {call.func.name}() to a subquery, and a sum of counters does not survive "
            "the reset of one of them.",
            'Write the counter itself, say http_requests_total{service="ranker"}: Burnban counts '
            "each series before it adds them up.",
        )
    raise _refusal(inner)


def _selector(found: VectorSelector) -> Selector:
    if found.offset is not None or found.at is not None:
        raise NotCountable(
            "moves time with `offset` or `@`, but each slice is counted in its own time.",
            "Leave the modifier out.",
        )
    if found.matchers.or_matchers:
        raise NotCountable(
            "joins matchers with `or`, which not every Prometheus understands.",
            "Write one selector for each case and add them with `+`.",
        )
    matchers = [Matcher(m.name, _op(m.op), m.value) for m in found.matchers.matchers]
    name = found.name or next(
        (m.value for m in matchers if m.label == "__name__" and m.op == "="), None
    )
    rest = tuple(sorted(m for m in matchers if m.label != "__name__" or m.op != "="))
    if not name or any(m.label == "__name__" for m in rest):
        raise NotCountable(
            "selects metrics without naming exactly one.",
            "Name the counter; several are added with `+`.",
        )
    return Selector(name, rest)


def _op(op: MatchOp) -> str:
    return next(sign for known, sign in _OPS if known == op)


_INSTEAD = (
    "Write a counter (http_requests_total{…}), sum(…), increase(…[…]) or rate(…[…]) of one, or "
    "several of these added with `+`."
)


def _refusal(expr: Expr) -> NotCountable:
    """Why this cannot be counted, and the nearest thing that can."""
    match expr:
        case BinaryExpr() if str(expr.op) == "/":
            return NotCountable(
                "is a ratio, and ratios cannot be added up over time.",
                "Give its two sides as `good` or `bad` and as `total`; for a value with a limit "
                "use thresholdMetric.",
            )
        case BinaryExpr() if str(expr.op) == "-":
            return NotCountable(
                "subtracts counters, which reset at different times.",
                "Give the one as `total` and the other as `good` or `bad`.",
            )
        case BinaryExpr() if str(expr.op) == "+":
            return NotCountable(
                "adds something that is not a counter, or matches labels with `on`.", _INSTEAD
            )
        case BinaryExpr():
            return NotCountable(f"uses `{expr.op}`, which is not a count of events.", _INSTEAD)
        case AggregateExpr():
            return NotCountable(f"uses {expr.op}(), which is not a count of events.", _INSTEAD)
        case Call():
            return NotCountable(
                f"uses {expr.func.name}(), which is not a count of events.",
                "For a value with a limit use thresholdMetric; otherwise: " + _INSTEAD,
            )
        case _:
            return NotCountable("is not a count of events.", _INSTEAD)
