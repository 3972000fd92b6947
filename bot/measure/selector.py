"""A plain PromQL selector: a metric's name and label matchers, printed by us and nobody else."""

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_PLAIN_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def quoted(text: str) -> str:
    """A PromQL string literal."""
    return f'"{text.translate(_QUOTED)}"'


def label(name: str) -> str:
    """A label's name as PromQL writes it (quoted where it is not a plain one)."""
    return name if _PLAIN_LABEL.fullmatch(name) else quoted(name)


@dataclass(frozen=True, slots=True, order=True)
class Matcher:
    """One condition on a label; `op` is `=`, `!=`, `=~` or `!~`."""

    label: str
    op: str
    value: str

    def __str__(self) -> str:
        return f"{label(self.label)}{self.op}{quoted(self.value)}"


@dataclass(frozen=True, slots=True, order=True)
class Selector:
    """The series of one metric that satisfy every matcher."""

    name: str
    matchers: tuple[Matcher, ...] = ()
    upper: str = ""
    """Of native histograms: observations up to this bound are counted, all of them with `+Inf`.
    Empty: a counter's own value."""

    def within(self, other: "Selector") -> bool:
        """Whether all its series are series of the other one: the same metric, more matchers."""
        alike = self.name == other.name and bool(self.upper) == bool(other.upper)
        return alike and set(other.matchers) <= set(self.matchers)

    def __str__(self) -> str:
        inside = ",".join(map(str, self.matchers))
        if _PLAIN.fullmatch(self.name):
            return f"{self.name}{{{inside}}}" if inside else self.name
        return f"{{__name__={quoted(self.name)}{',' if inside else ''}{inside}}}"
