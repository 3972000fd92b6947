"""People decide in Slack about a service that burns, on each database, through each door."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.conversation import DECIDED, Conversation
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.slack import slack

pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    database, door = request.param
    url = request.getfixturevalue(f"{database}_url")
    with ExitStack() as stack:
        people = stack.enter_context(slack())
        built = House(tmp_path, burning(tmp_path / "slos"), url, people)
        stack.enter_context(built.run(socket=door == "socket"))
        yield built


@pytest.mark.parametrize(
    "house",
    [("sqlite", "socket"), pytest.param(("postgres", "http"), marks=pytest.mark.postgres)],
    indirect=True,
    ids=["sqlite-socket", "postgres-http"],
)
def test_people_decide_in_slack_and_every_decision_is_on_the_record(house: House) -> None:
    warning = house.slack.head("Requests that succeed")
    Conversation(house.slack, warning).all()
    rows = house.json("history", "--limit", "100")
    events = [row["event"] for row in reversed(rows) if row["event"] != "verdict_changed"]
    assert events == DECIDED
