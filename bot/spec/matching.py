"""Plain PromQL selectors: read, narrowed by label values, printed. Values are escaped here, and
nowhere is text pasted into a query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import promql_parser
from promql_parser import MatchOp, VectorSelector

_OPS = ((MatchOp.Equal, "="), (MatchOp.NotEqual, "!="), (MatchOp.Re, "=~"), (MatchOp.NotRe, "!~"))
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\.+*?()|[]{}^$"})
_PLAIN = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


@dataclass(frozen=True, slots=True)
class Plain:
    """The series of one metric that satisfy every matcher (label, operator, value)."""

    name: str
    matchers: tuple[tuple[str, str, str], ...] = ()

    def where(self, label: str, value: str) -> "Plain":
        """Only those whose label has that very value."""
        return replace(self, matchers=(*self.matchers, (label, "=", value)))

    def ending(self, suffix: str) -> "Plain":
        """The metric of that longer name."""
        return replace(self, name=self.name + suffix)

    def up_to(self, bound: Fraction) -> "Plain":
        """The bucket of a classic histogram with that bound, however its exporter spells it."""
        ways = spellings(bound)
        value = "|".join(way.translate(_SPECIAL) for way in ways)
        matcher = ("le", "=", ways[0]) if len(ways) == 1 else ("le", "=~", value)
        return replace(self.ending("_bucket"), matchers=(*self.matchers, matcher))

    def __str__(self) -> str:
        inside = ",".join(f'{label}{op}"{v.translate(_QUOTED)}"' for label, op, v in self.matchers)
        return f"{self.name}{{{inside}}}" if inside else self.name


def plain(query: str) -> Plain | None:
    """A query that is one selector of one metric; None for any other."""
    try:
        found = promql_parser.parse(query)
    except ValueError:
        return None
    if not isinstance(found, VectorSelector) or not found.name:
        return None
    simple = _PLAIN.fullmatch(found.name) and not found.matchers.or_matchers
    if not simple or found.offset is not None or found.at is not None:
        return None
    matchers = ((m.name, _sign(m.op), m.value) for m in found.matchers.matchers)
    return Plain(found.name, tuple(matchers))


def _sign(op: MatchOp) -> str:
    return next(sign for known, sign in _OPS if known == op)


def spellings(bound: Fraction) -> tuple[str, ...]:
    """How exporters write a bound: Go `1`, `1e+06`, `5e-05`; OpenMetrics `1.0`."""
    number = Decimal(repr(float(bound)))
    short = f"{number.normalize():f}"
    found = [short, *([] if "." in short else [f"{short}.0"])]
    if number.adjusted() < -4 or number.adjusted() >= 6:
        digits = "".join(map(str, number.normalize().as_tuple().digits))
        figure = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
        found.append(f"{figure}e{number.adjusted():+03d}")
    return tuple(found)


def added(selectors: Sequence[Plain]) -> str:
    """All their series together."""
    return " + ".join(f"sum({one})" for one in selectors)


def observed(histograms: Sequence[Plain]) -> str:
    """How many observations classic histograms have."""
    return added([one.ending("_count") for one in histograms])


def observed_up_to(histograms: Sequence[Plain], bound: Fraction) -> str:
    """How many of these are up to a bound."""
    return added([one.up_to(bound) for one in histograms])


def native_observed(histogram: Plain) -> str:
    """How many observations a native histogram has."""
    return f"sum(histogram_count({histogram}))"


def native_up_to(histogram: Plain, bound: Fraction) -> str:
    """How many of these are up to a bound."""
    share = f"histogram_fraction(-Inf, {float(bound)!r}, {histogram})"
    return f"sum({share} * histogram_count({histogram}))"
