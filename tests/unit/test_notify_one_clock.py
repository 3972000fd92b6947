"""One clock: whatever Burnban says in Slack, an instant stands in the reader's own time."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.ports.tell import Rendered
from tests.unit.rendered import CASES, IDS, RENDERER, VIEW_CASES, VIEW_IDS
from tests.unit.samples.common import Facts
from tests.unit.samples.gate import STOPPED_TOO
from tests.unit.samples.reading import HISTORY

AT = "Tue 3 Mar 2026, 12:00 UTC"
_CLOCK = re.compile(r"\d\d:\d\d UTC")
_DATE = re.compile(r"<!date\^[^<>]*>")
_OURS = {"reasons", "lines", "escalation", "releases_line", "sentence", "narrowed"}
"""Facts that Burnban puts in words itself, wherever they stand."""
_OURS_THERE = {
    ("forecast", "text"),
    ("advice", "text"),
    ("expected", "why"),
    ("budgets", "reason"),
    ("vote_refused", "text"),
    ("answer", "text"),
    ("answer", "next"),
    ("ops_notice", "title"),
    ("ops_notice", "text"),
    ("tradeoff", "text"),
}
"""The same, by what they stand in: elsewhere these names are of what people wrote."""


def dated(value: Any, place: str, name: str = "") -> Any:
    """The facts, with an instant at the head of each sentence of ours."""
    if isinstance(value, Mapping):
        inside = name or place
        return {key: dated(one, inside, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [dated(one, place, name) for one in value]
    ours = name in _OURS or (place, name) in _OURS_THERE
    return f"{AT}: {value}" if ours and isinstance(value, str) and value else value


def marked(part: Any) -> Iterator[str]:
    """Every text of a structure in which Slack reads marks."""
    if isinstance(part, Mapping):
        if part.get("type") == "mrkdwn":
            yield str(part["text"])
        elif part.get("type") != "plain_text":
            for value in part.values():
                yield from marked(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from marked(value)


def strays(texts: Iterator[str]) -> list[str]:
    """The lines in which an instant stands in UTC, for readers who live elsewhere."""
    lines = (line for text in texts for line in text.splitlines())
    return [line for line in lines if _CLOCK.search(_DATE.sub("", line))]


def texts_of(message: Rendered) -> Iterator[str]:
    yield message.text
    yield from marked(message.blocks)


@pytest.mark.parametrize(("name", "facts"), CASES, ids=IDS)
def test_a_message_tells_every_instant_in_the_readers_own_time(name: str, facts: Facts) -> None:
    assert strays(texts_of(RENDERER.message(name, facts))) == []
    assert strays(texts_of(RENDERER.message(name, dated(facts, name)))) == []


@pytest.mark.parametrize(("name", "facts"), VIEW_CASES, ids=VIEW_IDS)
def test_a_view_tells_every_instant_in_the_readers_own_time(name: str, facts: Facts) -> None:
    assert strays(marked(RENDERER.view(name, facts))) == []
    assert strays(marked(RENDERER.view(name, dated(facts, name)))) == []


def test_sentences_with_an_instant_are_among_the_samples() -> None:
    shown = RENDERER.message("release_stopped_again", dated(STOPPED_TOO, "release_stopped_again"))
    assert _DATE.search("\n".join(texts_of(shown)))
    assert AT in "\n".join(texts_of(shown)), "for programs that cannot convert it"


def test_what_people_wrote_stays_as_they_wrote_it_in_the_history() -> None:
    row = HISTORY["rows"][0]
    facts = {**HISTORY, "rows": [{**row, "text": f"all was well at {AT}", "own": False}]}
    assert strays(texts_of(RENDERER.message("history", facts)))
    assert not strays(
        texts_of(
            RENDERER.message("history", {**facts, "rows": [{**facts["rows"][0], "own": True}]})
        )
    )
