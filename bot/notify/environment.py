"""The Jinja environment: sandboxed, strict about missing facts, escaping as Slack wants it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.notify.escape import clean, escape, shorten
from bot.notify.filters import FILTERS, NONE

_STATEMENTS = re.compile(r"^[ \t]*((?:\{[%#](?:(?![%#]\}).)*[%#]\}[ \t]*)+)(?:\n|\Z)", re.M | re.S)
_GAPS = re.compile(r"(?<=\n) +| +(?=\n)|(?<= ) +")
LONGEST = 600
"""Characters of one piece of text from outside, unless the template asks for fewer."""
WORDS = "words.j2"
"""Macros that every template may use as `words.…`."""

_OF_JINJA = (
    *("abs", "batch", "capitalize", "d", "default", "dictsort", "first", "float", "groupby"),
    *("int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject"),
    *("rejectattr", "replace", "reverse", "round", "select", "selectattr", "slice", "sort"),
    *("string", "sum", "title", "trim", "truncate", "unique", "upper"),
)
"""What is left of Jinja's own filters: none that declares text safe or makes it huge."""


def escaping(folders: Sequence[Path]) -> ImmutableSandboxedEnvironment:
    """For what people read. Every value put into a text is cleaned, shortened and escaped; only
    `Markup`, which our filters and macros give, stays as it is."""
    made = _environment(folders, autoescape=True, finalize=_for_people)
    if any((folder / WORDS).is_file() for folder in folders):
        made.globals["words"] = made.get_template(WORDS).module
    return made


def verbatim(folders: Sequence[Path]) -> ImmutableSandboxedEnvironment:
    """For values and ids, which nobody reads and everybody must get back unchanged."""
    return _environment(folders, autoescape=False, finalize=_for_machines)


def tidy(rendered: str) -> str:
    """Where Jinja itself has joined texts it escaped quotes for HTML; Slack shows those as they
    are written. (Text from outside cannot hold these: its `&` is an entity already.)"""
    text = rendered.replace("&#39;", "'").replace("&#34;", '"').strip()
    return text if "```" in text else _GAPS.sub("", text)


class _OwnLines(Extension):
    """A line that holds nothing but statements leaves no line behind."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        del name, filename
        return _STATEMENTS.sub(lambda found: found[1].strip(), source)


def _environment(folders: Sequence[Path], **options: Any) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        extensions=[_OwnLines],
        **options,
    )
    kept = {name: made.filters[name] for name in _OF_JINJA}
    made.filters = {**kept, **FILTERS}
    made.globals = {"range": made.globals["range"]}
    return made


def _for_people(value: Any) -> Any:
    if isinstance(value, Markup):
        return value
    if value is None:
        return NONE
    if isinstance(value, float):
        value = f"{value:g}"
    return Markup(escape(shorten(clean(str(value)), LONGEST)))  # noqa: S704 - escaped just here


def _for_machines(value: Any) -> Any:
    return "" if value is None else value
