"""`burnban canary` and `burnban tasks`: whole processes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.slack import slack, tells


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with slack() as people:
        yield House(
            tmp_path, burning(tmp_path / "slos"), f"sqlite:///{tmp_path / 'burnban.db'}", people
        )


def test_a_release_that_serves_alone_gets_no_advice_and_no_task_is_open(house: House) -> None:
    assert house.say("poll", "--once").returncode == 0
    tells(house.say("canary", "ranker").stdout, "Which version of ranker serves is not known")
    assert house.say("released", "ranker", "38").returncode == 0
    tells(house.say("canary", "ranker").stdout, "no other version serves beside it")
    facts = json.loads(house.say("canary", "ranker", "--json").stdout)
    assert (facts["withheld"], facts["live"][0]["version"]) == ("alone", "38")
    wide = house.say("canary", "all")
    assert wide.returncode == 2
    tells(wide.stderr, "A release is of one service")
    tells(house.say("tasks").stdout, "No task to retrain is open.")
    assert house.json("tasks") == []
