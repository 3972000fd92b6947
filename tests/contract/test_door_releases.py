"""`/budget released` and `/budget releases` in Slack, through Bolt: told, shown, turned over."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.seed import GUEST, ONCALL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import tells


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Door]:
    """One objective, that of the ranker, has been failing for ten minutes."""
    with door(tmp_path) as found:
        yield found


def test_a_person_tells_of_a_release_and_everybody_sees_what_it_burned(own: Door) -> None:
    said = own.slack.command(SCIENTIST.id, "/budget released ranker 37 at 3d")
    tells(said, "On record: 37 of ranker serves all traffic since")
    tells(said, "<!date^")
    own.slack.command(SCIENTIST.id, "/budget released ranker 38 share 10%")
    own.slack.command(SCIENTIST.id, "/budget released ranker 38 rolled back")
    shown = own.slack.command(ONCALL.id, "/budget releases ranker")
    tells(shown, "Releases of service ranker")
    tells(shown, "rolled back")
    tells(shown, "burned ")
    assert shown.count("of the budget of “") == 1
    assert own.events()[-3:] == ["release_noted"] * 3


def test_release_note_tells_the_same_at_the_time_that_is_meant(own: Door) -> None:
    at = "at yesterday 10:04"
    told = own.slack.command(SCIENTIST.id, f"/budget released ranker 36 {at}")
    noted = own.slack.command(SCIENTIST.id, f"/release note ranker 37 {at}")
    first, second = (re.findall(r"<!date\^(\d+)", said)[0] for said in (told, noted))
    assert first == second
    assert own.events()[-2:] == ["release_noted"] * 2


def test_a_guest_neither_tells_nor_sees(own: Door) -> None:
    before = own.events()
    own.slack.command(GUEST.id, "/budget released ranker 37")
    assert "Releases of" not in own.slack.command(GUEST.id, "/budget releases ranker")
    assert own.events() == before


def test_an_end_of_what_nobody_knows_is_refused_with_what_to_do(own: Door) -> None:
    said = own.slack.command(SCIENTIST.id, "/budget released ranker 99 ended")
    tells(said, "Nobody ever told of a release 99 of ranker. Is it written right?")
