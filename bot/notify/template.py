"""A message template: Block Kit as YAML, whose texts are Jinja templates.

The structure is read before any fact is seen, and each text is filled in on its own. No fact can
therefore change the structure, whatever quotes and brackets it holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from jinja2 import Template
from jinja2.environment import TemplateExpression

from bot.notify.environment import tidy
from bot.notify.escape import unmark

Facts = Mapping[str, Any]
ABSENT = object()
"""What a part leaves whose condition does not hold: nothing, not even its key."""


class Kind(Enum):
    """How a text is going to be read."""

    MARKED = "marked"
    """By people, in a place that understands Slack's marks."""
    PLAIN = "plain"
    """By people, in a place that does not."""
    DATA = "data"
    """By our own program, when it comes back."""


@dataclass(frozen=True)
class Fixed:
    """A value without a template in it."""

    value: Any

    def fill(self, facts: Facts) -> Any:  # noqa: ARG002 - as every node
        """The value."""
        return self.value


@dataclass(frozen=True)
class Leaf:
    """A text to be filled in."""

    template: Template
    kind: Kind

    def fill(self, facts: Facts) -> str:
        """The text with the facts in it."""
        rendered = self.template.render(facts)
        if self.kind is Kind.DATA:
            return rendered
        return unmark(tidy(rendered)) if self.kind is Kind.PLAIN else tidy(rendered)


@dataclass(frozen=True)
class Loop:
    """`for: row in rows`."""

    names: tuple[str, ...]
    over: TemplateExpression

    def turns(self, facts: Facts) -> Iterator[dict[str, Any]]:
        """The facts of each turn; `loop` counts from 1."""
        every = list(self.over(facts) or ())
        for index, item in enumerate(every, 1):
            values = (item,) if len(self.names) == 1 else tuple(item)
            named = dict(zip(self.names, values, strict=True))
            loop = {"index": index, "first": index == 1, "last": index == len(every)}
            yield {**facts, **named, "loop": loop}


@dataclass(frozen=True)
class Branch:
    """A mapping, perhaps under a condition, perhaps once for each of some things; with `do`, a
    list of parts that share both."""

    fields: Mapping[str, "Node"]
    when: TemplateExpression | None = None
    loop: Loop | None = None
    parts: "Listing | None" = None

    def each(self, facts: Facts) -> Iterator[Any]:
        """What it leaves in a list: none, one or several things."""
        for turn in self.loop.turns(facts) if self.loop else (dict(facts),):
            if self.when is not None and not self.when(turn):
                continue
            if self.parts is not None:
                yield from self.parts.fill(turn)
            else:
                yield self._fields(turn)

    def fill(self, facts: Facts) -> Any:
        """What it leaves as the value of a key: one mapping, or ABSENT."""
        return next(self.each(facts), ABSENT)

    def _fields(self, facts: Facts) -> dict[str, Any]:
        filled = {key: node.fill(facts) for key, node in self.fields.items()}
        return {key: value for key, value in filled.items() if value is not ABSENT}


@dataclass(frozen=True)
class Listing:
    """A list of parts."""

    nodes: tuple["Node", ...]

    def fill(self, facts: Facts) -> list[Any]:
        """Every part in its place."""
        filled: list[Any] = []
        for node in self.nodes:
            if isinstance(node, Branch):
                filled.extend(node.each(facts))
            else:
                filled.append(node.fill(facts))
        return filled


Node = Fixed | Leaf | Branch | Listing
