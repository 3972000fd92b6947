"""Selectors that differ in the values of some labels only, asked for as one.

A thousand objectives made from one template are two questions instead of two thousand, and
Prometheus answers them ten times as fast (measured: 1,000 pairs of counters in 0.12 s, not 1 s).
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from bot.measure.selector import Matcher, Selector, label

MEMBERS = 250
"""Selectors in one family at most: the text of a question stays below what proxies let pass."""
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\.+*?()|[]{}^$"})


@dataclass(frozen=True)
class Family:
    """Selectors of one metric; `labels` are those whose values tell the members apart."""

    name: str
    shared: tuple[Matcher, ...]
    labels: tuple[str, ...]
    members: Mapping[tuple[str, ...], Selector]
    upper: str = ""
    """As in Selector; the same for all."""

    def __str__(self) -> str:
        if not self.labels:
            return str(next(iter(self.members.values())))
        values = zip(*self.members, strict=True)
        varied = (
            Matcher(name, "=~", "|".join(value.translate(_SPECIAL) for value in sorted(set(some))))
            for name, some in zip(self.labels, values, strict=True)
        )
        return str(Selector(self.name, (*self.shared, *varied)))

    @property
    def by(self) -> str:
        """The grouping of an aggregation over the family (`by (service)`), or nothing."""
        return f" by ({', '.join(map(label, self.labels))})" if self.labels else ""

    def member(self, labels: Mapping[str, str]) -> Selector | None:
        """Whose answer this is; None for a combination that nobody asked for."""
        return self.members.get(tuple(labels.get(name, "") for name in self.labels))

    def among(self, some: Container[object]) -> "Family | None":
        """The family of those members; None if there are none."""
        left = [selector for selector in self.members.values() if selector in some]
        if len(left) == len(self.members):
            return self
        return _family(left) if left else None


def families(selectors: Iterable[Selector]) -> list[Family]:
    """Every selector in exactly one family."""
    alike: dict[object, list[Selector]] = defaultdict(list)
    for selector in sorted(set(selectors), key=_order):
        names = tuple(m.label for m in selector.matchers if _varies(m))
        rest = tuple(m for m in selector.matchers if not _varies(m))
        # Two equalities on one label cannot be told apart by its name: such a selector is alone.
        key = (
            (selector.name, selector.upper, names, rest)
            if len(set(names)) == len(names)
            else selector
        )
        alike[key].append(selector)
    return [
        _family(some[start : start + MEMBERS])
        for some in alike.values()
        for start in range(0, len(some), MEMBERS)
    ]


def _order(selector: Selector) -> tuple[str, str, list[str]]:
    """So that a question has the same text at every poll; plain tuples compare fast."""
    return (
        selector.name,
        selector.upper,
        [text for m in selector.matchers for text in (m.label, m.op, m.value)],
    )


def _varies(matcher: Matcher) -> bool:
    return matcher.op == "=" and matcher.value != ""


def _family(alike: list[Selector]) -> Family:
    first = alike[0]
    common = set(first.matchers).intersection(*(one.matchers for one in alike))
    shared = tuple(m for m in first.matchers if m in common)
    labels = tuple(m.label for m in first.matchers if m not in common)
    members = {tuple(m.value for m in one.matchers if m not in common): one for one in alike}
    return Family(first.name, shared, labels, members, first.upper)
