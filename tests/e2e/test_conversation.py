"""People decide in Slack about a service that burns: the ways that the main job's test leaves out,
SQLite through Socket Mode and PostgreSQL through HTTP."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.components import COMPONENTS
from tests.e2e.chaos import at_once
from tests.e2e.conversation import DECIDED, Conversation
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.slack import slack

pytest_plugins = ["tests.record_stores"]

WAYS = ["sqlite-socket", pytest.param("postgres-http", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module")
def histories(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """What is on record after both conversations, held at the same time; oldest first."""
    folder = tmp_path_factory.mktemp("conversations")
    urls = {"sqlite-socket": f"sqlite:///{folder / 'burnban.db'}"}
    if COMPONENTS["postgres"].find() is not None:
        urls["postgres-http"] = request.getfixturevalue("postgres_server").create_database()
    with ExitStack() as stack:
        houses = [build(stack, folder / way, way, url) for way, url in urls.items()]
        yield dict(zip(urls, at_once(converse, houses), strict=True))


def build(stack: ExitStack, folder: Path, way: str, url: str) -> House:
    people = stack.enter_context(slack())
    house = House(folder, burning(folder / "slos"), url, people)
    stack.enter_context(house.run(socket=way.endswith("socket")))
    return house


def converse(house: House) -> list[dict[str, Any]]:
    warning = house.slack.head("Requests that succeed", 60.0)
    Conversation(house.slack, warning).all()
    rows: list[dict[str, Any]] = house.json("history", "--limit", "100")
    return rows[::-1]


@pytest.mark.parametrize("way", WAYS)
def test_people_decide_in_slack_and_every_decision_is_on_the_record(
    way: str, histories: dict[str, list[dict[str, Any]]]
) -> None:
    events = [row["event"] for row in histories[way] if row["event"] != "verdict_changed"]
    assert events == DECIDED


@pytest.mark.parametrize("way", WAYS)
def test_every_decision_says_who_when_why_and_on_what_evidence(
    way: str, histories: dict[str, list[dict[str, Any]]]
) -> None:
    rows = histories[way]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["who"] and row["text"] and row["evidence"] for row in rows)
    frozen = next(row for row in rows if row["event"] == "frozen")
    assert frozen["who"] == "U0JONAS"
    assert frozen["evidence"]["requested_by"] == "U0MIRA"
    ((voter, choice, _, membership, groups, _),) = frozen["evidence"]["votes"]
    assert (voter, choice) == ("U0JONAS", "approve")
    assert membership.startswith("user group S0ONCALL, asked ")
    assert groups
    opened = next(row for row in rows if row["event"] == "warning_opened")
    assert opened["evidence"]["source"] == "counts"
    assert opened["policy"]
