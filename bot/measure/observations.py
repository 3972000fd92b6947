"""How a query counts what a native histogram observed: all of it, or what is up to a bound."""

from math import inf

from promql_parser import (
    BinaryExpr,
    Call,
    Expr,
    NumberLiteral,
    ParenExpr,
    UnaryExpr,
    VectorSelector,
)


def bare(expr: Expr) -> Expr:
    """Without parentheses around it."""
    while isinstance(expr, ParenExpr):
        expr = expr.expr
    return expr


def native(expr: Expr) -> tuple[VectorSelector, str] | None:
    """Which histogram `histogram_count(h)` or `histogram_fraction(-Inf, bound, h) *
    histogram_count(h)` counts, and up to which bound (`+Inf`: all of it); None for anything
    else. A lower bound of 0 is taken as none: nothing takes less than no time."""
    expr = bare(expr)
    if isinstance(expr, Call):
        found = _of(expr, "histogram_count", 0)
        return None if found is None else (found, "+Inf")
    if not isinstance(expr, BinaryExpr) or str(expr.op) != "*":
        return None
    share, count = bare(expr.lhs), bare(expr.rhs)
    if not isinstance(share, Call) or not isinstance(count, Call):
        return None
    part, whole = _of(share, "histogram_fraction", 2), _of(count, "histogram_count", 0)
    if part is None or whole is None or part.prettify() != whole.prettify():
        return None
    low, high = _number(share.args[0]), _number(share.args[1])
    return (
        (part, repr(high)) if low in (0.0, -inf) and high is not None and 0 < high < inf else None
    )


def _of(call: Call, name: str, place: int) -> VectorSelector | None:
    if call.func.name != name:
        return None
    inner = bare(call.args[place])
    return inner if isinstance(inner, VectorSelector) else None


def _number(expr: Expr) -> float | None:
    expr = bare(expr)
    if isinstance(expr, UnaryExpr):
        found = _number(expr.expr)
        return None if found is None else -found
    return expr.val if isinstance(expr, NumberLiteral) else None
