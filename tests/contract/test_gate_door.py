"""The gate as people in Slack meet it: before anything tries, and when something was stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.decide.caller import Caller, Rights
from bot.decide.change import Change
from bot.decide.override import Run
from bot.decide.people import Actor
from bot.decide.people import Door as Entrance
from bot.flow.gate.decide import Asking
from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import actions, tells, words

CI = Caller(Actor("token:1", "ci", Entrance.API), Rights.of(["gate:decide:*"]))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


def ask(house: Door, version: str = "38", run: str = "1") -> str:
    asking = Asking(Change("ranker", version), Run("github", run))
    return str(house.core.gate.decide.run(asking, CI).outcome)


def test_people_ask_before_anything_tries(house: Door) -> None:
    tells(house.slack.command(SCIENTIST.id, "/budget gate ranker"), "ranker may be released")
    house.slack.command(ONCALL.id, "/freeze ranker for 2h bad roll-out")
    house.core.gate.decide.keep()
    answer = house.slack.command(SCIENTIST.id, "/budget gate ranker 38")
    tells(answer, "ranker 38 may not be released now")
    tells(answer, "bad roll-out")
    tells(answer, "/override ranker 38")
    assert "release_stopped" not in house.events()


def test_what_cannot_be_asked_is_told_with_what_can(house: Door) -> None:
    tells(house.slack.command(SCIENTIST.id, "/budget gate"), "/budget gate ranker 38")
    tells(house.slack.command(SCIENTIST.id, "/budget gate rankr"), "Did you mean `ranker`")
    tells(house.slack.command(SCIENTIST.id, "/budget gate all"), "takes one service")
    tells(house.slack.command(GUEST.id, "/budget gate ranker"), "not guests")


def test_a_stopped_release_is_told_with_a_button_and_goes_once_it_is_overridden(
    house: Door,
) -> None:
    house.slack.command(ONCALL.id, "/freeze ranker for 2h bad roll-out")
    assert ask(house) == "deny"
    house.chat.deliver.until_empty()
    (stopped,) = house.slack.heads("may not be released now")
    tells(words(stopped), "bad roll-out")
    assert "ask_override" in actions(stopped)
    house.slack.command(SCIENTIST.id, "/override ranker 38 it is a fix")
    house.chat.deliver.until_empty()
    (asked,) = house.slack.heads("Let version 38 of ranker through?")
    tells(house.slack.click(LEAD.id, asked, "approve"), "Approved")
    assert ask(house, run="2") == "warn"
    assert ask(house, run="3") == "deny"
    assert ask(house, run="2") == "warn"
    assert house.events().count("override_used") == 1
    house.chat.deliver.until_empty()
    tells(words(house.slack.now(asked)), "used")


def test_the_form_under_an_answer_of_the_gate_knows_the_release(house: Door) -> None:
    house.slack.command(ONCALL.id, "/freeze ranker for 2h bad roll-out")
    house.core.gate.decide.keep()
    house.slack.command(SCIENTIST.id, "/budget gate ranker version:3a4b5c6")
    answer = house.slack.space.ephemerals(SCIENTIST.id)[-1]
    (button,) = [
        element
        for block in answer.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "ask_override"
    ]
    assert button["value"] == "ranker|version:3a4b5c6"
