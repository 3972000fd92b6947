"""Reading a template: from YAML to the parts that are filled in.

Beside Slack's own fields a part may have `if` (an expression), `for` (`row in rows`) and `do` (a
list of parts under the same condition or loop). Where Slack wants a text object a mere text will
do; it becomes `mrkdwn` where Slack reads marks, else `plain_text`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from jinja2.environment import TemplateExpression
from jinja2.sandbox import SandboxedEnvironment

from bot.notify.template import Branch, Fixed, Kind, Leaf, Listing, Loop, Node

_LARGEST = 65_536
_TEMPLATED = re.compile(r"\{[{%#]")
_FOR = re.compile(r"([a-z_]\w*(?:\s*,\s*[a-z_]\w*)*)\s+in\s+(.+)", re.DOTALL)
_CONTROL = frozenset({"if", "for", "do"})
_DATA = frozenset(
    {"type", "style", "value", "url", "image_url"}
    | {"action_id", "block_id", "callback_id", "external_id", "private_metadata"}
    | {"initial_value", "initial_date", "initial_time"}
)
"""Fields that nobody reads: everything else is escaped."""
_OBJECTS = frozenset(
    ["label", "hint", "placeholder", "description", "title", "submit", "close", "confirm", "deny"]
)
"""Fields in which Slack wants a text object wherever they stand."""
_STRINGS = frozenset({"mrkdwn", "plain_text", "markdown", "data_visualization", "raw_text"})
"""Types of things whose own texts are mere strings."""


class MalformedError(Exception):
    """A template that cannot be read: what is wrong, and where."""


@dataclass(frozen=True)
class Jinja:
    """The two ways of filling in: for people, and for machines."""

    people: SandboxedEnvironment
    machines: SandboxedEnvironment


def read(text: str, jinja: Jinja) -> Branch:
    """A whole template file. Raises MalformedError, YAMLError or Jinja's TemplateSyntaxError."""
    if len(text) > _LARGEST:
        raise MalformedError(f"larger than {_LARGEST} characters")
    document = yaml.safe_load(text)
    if not isinstance(document, dict):
        raise MalformedError("the file must hold a mapping with `text` and `blocks`, or a view")
    node = _Reader(jinja).mapping(document, top="type" not in document)
    if node.loop or node.when or node.parts:
        raise MalformedError("`if`, `for` and `do` stand inside a message, not around it")
    return node


class _Reader:
    def __init__(self, jinja: Jinja) -> None:
        self._jinja = jinja

    def mapping(self, source: Mapping[Any, Any], *, top: bool = False) -> Branch:
        kind = source.get("type")
        if not isinstance(kind, str | None):
            raise MalformedError(f"`type` must be a word, not {kind!r}")
        fields = {
            key: self._field(kind, key, value, top=top)
            for key, value in ((str(k), v) for k, v in source.items())
            if key not in _CONTROL
        }
        parts = None
        if "do" in source:
            if fields or not isinstance(source["do"], list):
                raise MalformedError("`do` holds a list of parts; other fields go into them")
            parts = Listing(tuple(self._node(part, Kind.MARKED) for part in source["do"]))
        when = self._expression(source["if"]) if "if" in source else None
        return Branch(fields, when, self._loop(source.get("for")), parts)

    def _field(self, kind: str | None, key: str, value: Any, *, top: bool) -> Node:
        marked = Kind.PLAIN if kind == "plain_text" else Kind.MARKED
        if isinstance(value, str):
            if not top and kind not in _STRINGS and _wants_object(key):
                how = Kind.MARKED if kind == "section" else Kind.PLAIN
                return self._text_object(value, how)
            return self._node(value, Kind.DATA if key in _DATA else marked)
        if isinstance(value, list) and (kind, key) in _MARKED_LISTS:
            return Listing(tuple(self._entry(entry) for entry in value))
        return self._node(value, marked)

    def _entry(self, value: Any) -> Node:
        """One of the texts of a section's fields or of a context."""
        if isinstance(value, str):
            return self._text_object(value, Kind.MARKED)
        if isinstance(value, dict) and "text" in value and "type" not in value:
            value = {"type": "mrkdwn", **value}
        return self._node(value, Kind.MARKED)

    def _text_object(self, value: str, how: Kind) -> Branch:
        name = "mrkdwn" if how is Kind.MARKED else "plain_text"
        return Branch({"type": Fixed(name), "text": self._node(value, how)})

    def _node(self, value: Any, how: Kind) -> Node:
        if isinstance(value, str):
            return self._leaf(value, how)
        if isinstance(value, dict):
            return self.mapping(value)
        if isinstance(value, list):
            return Listing(tuple(self._node(entry, how) for entry in value))
        return Fixed(value)

    def _leaf(self, value: str, how: Kind) -> Node:
        if not _TEMPLATED.search(value):
            return Fixed(value if how is Kind.DATA else value.strip())
        jinja = self._jinja.machines if how is Kind.DATA else self._jinja.people
        return Leaf(jinja.from_string(value), how)

    def _expression(self, source: Any) -> TemplateExpression:
        compiled: Callable[..., TemplateExpression] = self._jinja.people.compile_expression
        return compiled(str(source), undefined_to_none=False)

    def _loop(self, source: Any) -> Loop | None:
        if source is None:
            return None
        found = _FOR.fullmatch(str(source).strip())
        if not found:
            raise MalformedError(f"`for` reads `thing in things`, not {source!r}")
        names = tuple(name.strip() for name in found[1].split(","))
        return Loop(names, self._expression(found[2]))


_MARKED_LISTS = frozenset({("section", "fields"), ("context", "elements")})


def _wants_object(key: str) -> bool:
    return key == "text" or key in _OBJECTS
