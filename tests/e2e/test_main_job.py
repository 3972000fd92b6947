"""The main job: a counter in a real Prometheus, a warning in Slack, decisions, a record of it all.

One small model is scraped every second and fails for some seconds. Two Burnbans look on: one on
SQLite that Slack reaches over HTTP, one on PostgreSQL over Socket Mode.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from bot.playground.model import Message
from bot.playground.seed import OPS_CHANNEL
from bot.record import Database
from tests.components import COMPONENTS
from tests.e2e import specs
from tests.e2e.chaos import at_once, standing
from tests.e2e.conversation import DECIDED, ON_CALL, Conversation
from tests.e2e.house import House
from tests.e2e.model_server import ModelServer, Stored, stored
from tests.e2e.process import Process
from tests.e2e.slack import ROOM, actions, slack, tells
from tests.e2e.waiting import until
from tests.postgres import PostgresServer
from tests.prometheus import PrometheusServer

pytestmark = pytest.mark.prometheus
PATIENCE = 60.0
"""Seconds that anything may take on a busy machine; what was promised is judged by the figures."""
ON_SQLITE, ON_POSTGRES = "SQLite over HTTP", "PostgreSQL over Socket Mode"
houses = pytest.mark.parametrize(
    "story", [ON_SQLITE, pytest.param(ON_POSTGRES, marks=pytest.mark.postgres)], indirect=True
)


@dataclass
class Story:
    """What happened in one house, from the fault to the last word."""

    house: House
    running: Process
    warning: Message
    warned_at: float
    """When the warning stood in Slack."""
    burning: str = ""
    """The warning while it burned, after people had decided."""
    over: str = ""
    """The warning after the end."""
    thread: tuple[str, ...] = ()
    history: tuple[dict[str, Any], ...] = ()
    """Oldest first."""
    status: tuple[dict[str, Any], ...] = ()
    scraped: tuple[Stored, ...] = ()
    """Every sample that Prometheus has, after the status was taken."""
    told: frozenset[tuple[tuple[str, int], ...]] = frozenset()
    """All counts that the model ever told."""


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Story]]:
    """Play it all, once, in all houses at the same time."""
    folder = tmp_path_factory.mktemp("main job")
    with ExitStack() as stack:
        model = stack.enter_context(ModelServer())
        data = folder / "prometheus"
        prometheus = stack.enter_context(PrometheusServer(data, model.scrape_config))
        built = {ON_SQLITE: house(stack, folder / "sqlite", prometheus.url)}
        if COMPONENTS["postgres"].find() is not None:
            server = stack.enter_context(PostgresServer())
            built[ON_POSTGRES] = house(stack, folder / "postgres", prometheus.url, server)
        running = {
            name: stack.enter_context(one.run(socket=name == ON_POSTGRES))
            for name, one in built.items()
        }
        at_once(
            lambda one: until(lambda: counted(one), "counts", PATIENCE, one.slack.logs),
            built.values(),
        )
        model.failing = True
        told = dict(zip(built, at_once(warned, built.values()), strict=True))
        tales = {name: Story(built[name], running[name], *told[name]) for name in built}
        at_once(lambda tale: people_decide(tale, model), tales.values())
        model.failing = False
        for _ in range(20_000):
            model.predict()  # many good answers, so that the short window calms down at once
        at_once(lambda tale: it_ends(tale, model, prometheus.url), tales.values())
        yield tales


@pytest.fixture
def story(request: pytest.FixtureRequest, stories: dict[str, Story]) -> Story:
    return stories[request.param]


def house(
    stack: ExitStack, folder: Path, prometheus: str, server: PostgresServer | None = None
) -> House:
    folder.mkdir()
    url = server.create_database() if server else f"sqlite:///{folder / 'burnban.db'}"
    people = stack.enter_context(slack())
    return House(folder, specs.from_prometheus(folder / "slos", prometheus), url, people)


def counted(house: House) -> bool:
    """Whether some slices have been counted: the service is known."""
    with Database(house.database_url) as database:
        accounts = database.read(lambda books: books.ledger.accounts(["ranker/availability"]))
    found = accounts.get("ranker/availability")
    return bool(found and found.opened and (found.seen_until or 0) > found.opened + specs.STEP)


def warned(house: House) -> tuple[Message, float]:
    found = house.slack.head("Requests that succeed", PATIENCE)
    return found, time.time()


def people_decide(tale: Story, model: ModelServer) -> None:
    Conversation(tale.house.slack, tale.warning).all()
    tale.burning = tale.house.slack.says(tale.warning, "are frozen", PATIENCE)


def it_ends(tale: Story, model: ModelServer, prometheus: str) -> None:
    slack = tale.house.slack
    tale.over = slack.says(tale.warning, "burns no longer", PATIENCE)
    until(lambda: len(slack.replies(tale.warning)) == 1, "last line", PATIENCE, slack.logs)
    tale.thread = tuple(slack.replies(tale.warning))
    tale.history = tuple(reversed(tale.house.json("history", "--limit", "1000")))
    tale.status = tuple(tale.house.json("status"))
    tale.scraped = tuple(stored(prometheus))
    tale.told = frozenset(tuple(sorted(counts.items())) for counts in model.told())


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def first_bad(story: Story) -> float:
    """Time stamp of the first scrape that saw a failure."""
    return next(s.at for s in story.scraped if s.bad)


@houses
def test_a_fault_is_warned_of_within_two_polls(story: Story) -> None:
    opened = next(row for row in story.history if row["event"] == "warning_opened")
    first_slice_ends = -(-first_bad(story) // specs.STEP) * specs.STEP
    # Two polls: the one that counts the slice of the first bad scrape, and the next.
    assert seconds(opened["evidence"]["as_of"]) <= first_slice_ends + specs.STEP
    assert opened["evidence"]["severity"] == "page"
    (alert,) = opened["evidence"]["alerts"]
    assert alert["long"]["rate"] >= float(Fraction(alert["threshold"]))
    log = f"{story.house.folder.name}: warned {story.warned_at - first_bad(story):.1f} s"
    print(f"{log} after the first bad scrape, at a step of {specs.STEP} s")  # noqa: T201 - measured


@houses
def test_what_is_counted_is_what_the_model_said_and_prometheus_kept(story: Story) -> None:
    (row,) = story.status
    said = [tuple(sorted((code, int(n)) for code, n in s.counts.items())) for s in story.scraped]
    assert set(said) <= story.told
    # The last scrape before the account opened is its baseline, or the very first one there is.
    opened = story.history[-1]["evidence"]["since"]
    before = [s for s in story.scraped if s.at <= opened]
    baseline = before[-1] if before else story.scraped[0]
    last = [s for s in story.scraped if s.at <= seconds(row["as_of"])][-1]
    assert row["eligible"] == last.total - baseline.total > 20_000
    assert row["bad"] == last.bad > 0
    assert row["remaining"] == pytest.approx(1 - row["bad"] / (0.01 * row["eligible"]), abs=1e-12)


@houses
def test_status_gives_programs_the_promised_fields(story: Story) -> None:
    (row,) = story.status
    promised = "service objective target window eligible bad remaining burn coverage verdict"
    assert {*promised.split(), "reasons", "as_of"} <= set(row)
    assert (row["service"], row["objective"], row["window"]) == ("ranker", "availability", "28d")
    assert row["target"] == 0.99
    assert row["verdict"] == "healthy"
    assert row["coverage"] == 1.0
    assert set(row["burn"]) == {"1m", "1h"}
    assert {reason["code"] for reason in row["reasons"]} == {"within_budget", "young"}


@houses
def test_the_whole_story_is_on_the_record_in_its_order(story: Story) -> None:
    events = [row["event"] for row in story.history if row["event"] != "verdict_changed"]
    assert events == [*DECIDED, "warning_resolved"]
    kinds = [row["text"] for row in story.history if row["event"] == "verdict_changed"]
    assert kinds[-2:] == ["healthy → burning", "burning → healthy"]
    with Database(story.house.database_url) as database:
        proof = database.read(lambda books: books.history.verify())
    assert (proof.rows, proof.broken) == (len(story.history), None)


@houses
def test_an_episode_is_one_message_edited_in_place_to_its_end(story: Story) -> None:
    tells(story.burning, f"acknowledged by <@{ON_CALL}>")
    tells(story.over, "Resolved. ranker: the budget of “Requests that succeed” burns no longer")
    assert actions(story.house.slack.now(story.warning)) == []
    (last,) = story.thread
    tells(last, "burns no longer")
    assert set(standing(story.house.slack, ROOM).values()) == {1}
    assert story.house.slack.heads(channel=OPS_CHANNEL.id) == []
