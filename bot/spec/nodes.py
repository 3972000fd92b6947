"""YAML as it is written: scalars stay text, every value knows its line.

Numbers are read from the text itself (0.999 is 999/1000), and a fault can name its line. Anchors,
aliases, tags and deep nesting are refused while the events stream by, so that a small file cannot
unfold into a large one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from bot.errors import Fault

MAX_DEPTH = 20
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Opening = (yaml.MappingStartEvent, yaml.SequenceStartEvent)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as text; `plain` if it stands without quotes."""

    text: str
    plain: bool
    line: int

    @property
    def null(self) -> bool:
        """Whether nothing is written there."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: "tuple[Node, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Fields and their values, with the line of each field's name."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    line: int


Node = Scalar | Listing | Table


class _Unreadable(Exception):
    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.remedy = remedy


def compose(text: str, file: str) -> tuple[list[Node], list[Fault]]:
    """The documents of a text; a text that is not readable YAML gives no document and one fault."""
    try:
        return list(_documents(text)), []
    except _Unreadable as found:
        fault = Fault(f"{file}:{found.line}", "", found.problem, found.remedy)
    except yaml.MarkedYAMLError as error:
        fault = _syntax_fault(error, file)
    except (yaml.YAMLError, ValueError) as error:  # control characters, lone surrogates
        reason = str(error).splitlines()[0]
        fault = Fault(f"{file}:1", "", f"This is not YAML: {reason}.", "Save it as UTF-8 text.")
    return [], [fault]


def _syntax_fault(error: yaml.MarkedYAMLError, file: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or "it cannot be read"
    remedy = ""
    if "tab character" in problem or "start any token" in problem:
        remedy = (
            "Indent with spaces, never with tabs, and put quotes around a value that begins with "
            "@, %, ` or a tab."
        )
    elif "mapping values" in problem:
        remedy = "Put quotes around a value that holds `: `, and check the indentation."
    line = mark.line + 1 if mark else 1
    return Fault(f"{file}:{line}", "", f"This is not YAML: {problem}.", remedy)


def _documents(text: str) -> Iterator[Node]:
    events = yaml.parse(text, Loader=_Loader)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield _node(next(events), events, 1)


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line = event.start_mark.line + 1 if event.start_mark else 1
    _refuse(event, line, depth)
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, event.implicit[0], line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Listing(tuple(_items(events, depth)), line)
    return Table(tuple(_entries(events, depth)), line)


def _items(events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _node(event, events, depth + 1)


def _entries(events: Iterator[yaml.Event], depth: int) -> Iterator[tuple[Scalar, Node]]:
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        key = _node(event, events, depth + 1)
        if not isinstance(key, Scalar):
            problem = "A list or mapping stands where the name of a field belongs."
            raise _Unreadable(
                key.line, problem, "Put quotes around a text that begins with { or [."
            )
        yield key, _node(next(events), events, depth + 1)


def _refuse(event: yaml.Event, line: int, depth: int) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise _Unreadable(line, "Aliases (`*name`) are not read.", "Write the value out.")
    if getattr(event, "anchor", None) is not None:
        raise _Unreadable(line, "Anchors (`&name`) are not read.", "Write the value out.")
    if getattr(event, "tag", None) is not None:
        raise _Unreadable(line, "Tags (`!name`) are not read.", "Leave the tag out.")
    if isinstance(event, _Opening) and depth > MAX_DEPTH:
        problem = f"The nesting is deeper than {MAX_DEPTH} levels."
        raise _Unreadable(line, problem, "A spec needs far fewer: check the indentation.")
