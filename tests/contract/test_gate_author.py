"""The refusal reaches the person who asked: a private message whose button leads to the form."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.decide.caller import Caller, Rights
from bot.decide.change import Change
from bot.decide.override import Run
from bot.decide.people import Actor
from bot.decide.people import Door as Entrance
from bot.flow.gate.decide import Asking
from bot.playground.seed import ONCALL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import actions, tells, words

CI = Caller(Actor("token:1", "ci", Entrance.API), Rights.of(["gate:decide:*"]))
PEOPLE = f"""\
apiVersion: burnban/v1
kind: Identities
metadata: {{name: people}}
spec:
  people: [{{slack: {SCIENTIST.id}, github: mira-o}}]
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Door]:
    (tmp_path / "slos").mkdir()
    (tmp_path / "slos" / "people.yaml").write_text(PEOPLE)
    with door(tmp_path) as found:
        yield found


def test_the_button_of_a_private_refusal_opens_the_form_and_asks_the_team(house: Door) -> None:
    house.slack.command(ONCALL.id, "/freeze ranker for 2h bad roll-out")
    asking = Asking(Change("ranker", "38"), Run("github", "1"), "github:mira-o")
    assert str(house.core.gate.decide.run(asking, CI).outcome) == "deny"
    house.chat.deliver.until_empty()
    assert house.slack.heads("may not be released now") == []
    private = house.slack.space.open_dm(SCIENTIST.id).id
    (stopped,) = house.slack.heads("may not be released now", private)
    tells(words(stopped), "bad roll-out")
    assert "ask_override" in actions(stopped)
    click = lambda: house.slack.sender.click(  # noqa: E731
        SCIENTIST.id, private, stopped.ts, "ask_override"
    )
    view = house.slack.opens(SCIENTIST.id, click, "Why must it go now?")
    filled = {block["block_id"]: block["element"] for block in view.content["blocks"][1:]}
    assert filled["service"]["initial_option"]["value"] == "ranker"
    assert filled["release"]["initial_value"] == "38"
    entered = {
        "service": {"service": "ranker"},
        "release": {"release": "38"},
        "kind": {"kind": "retrain"},
        "reason": {"reason": "it is a fix"},
    }
    tells(house.slack.submit(SCIENTIST.id, view, entered), "Asked to let version 38")
    house.chat.deliver.until_empty()
    assert house.slack.heads("Let version 38 of ranker through?")
