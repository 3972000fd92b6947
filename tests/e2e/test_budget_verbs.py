"""`burnban adjust`, `adjustments` and `report`: whole processes, the same words as in Slack."""

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


def test_time_is_asked_to_be_taken_out_and_the_month_counts_what_was_frozen(house: House) -> None:
    assert house.say("poll", "--once").returncode == 0
    asked = house.say(
        "adjust", "ranker", "from", "2h", "to", "now", "the", "network", "was", "down"
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    tells(asked.stdout, "out of the budget of ranker/availability (request ")
    tells(asked.stdout, "Until then it counts.")
    tells(house.say("adjustments").stdout, "Nothing was ever taken out of these budgets.")
    assert house.json("adjustments") == []
    refused = house.say("adjust", "ranker", "from", "fri", "to", "now", "why")
    assert refused.returncode == 2
    tells(refused.stderr, "write the date")
    tells(house.say("adjust", "reverse", "7", "why").stderr, "There is no adjustment 7.")

    house.say("freeze", "ranker", "bad", "rollout")
    report = json.loads(house.say("report", "--month", "this", "--json").stdout)
    (frozen,) = report["frozen"]
    assert (frozen["origin"], frozen["effect"], frozen["freezes"]) == ("manual", "freeze", 1)
    assert (report["running"], report["quiet"], report["decided"]) == (True, False, 0)
    tells(house.say("report", "--month", "this").stdout, "so far: everything")
    assert json.loads(house.say("report", "--json").stdout)["quiet"]
    nobody = house.say("report", "--team", "nobody")
    assert nobody.returncode == 2
    tells(nobody.stderr, "There is no team `nobody`.")
    later = house.say("report", "--month", "2999-01")
    assert later.returncode == 2
    tells(later.stderr, "2999-01 is still to come.")
