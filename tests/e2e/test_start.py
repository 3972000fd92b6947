"""How processes start when the world is not as it should be."""

from pathlib import Path

import pytest

from bot.config import templates_folder
from bot.playground.server import PlaygroundServer
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.slack import slack, tells
from tests.e2e.waiting import until
from tests.ports import free_port


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    return burning(tmp_path / "slos")


def test_without_slack_a_worker_polls_and_records_and_tells_once_slack_is_back(
    tmp_path: Path, specs: Path
) -> None:
    with slack() as people:
        house = House(tmp_path, specs, f"sqlite:///{tmp_path / 'burnban.db'}", people)
        port = free_port()
        house.extra["SLACK_API_URL"] = f"http://127.0.0.1:{port}/api/"
        with house.process("worker") as process:
            until(lambda: "cannot be reached" in process.log, "word of the outage", 20)
            told = lambda: house.json("history") if _migrated(house) else []  # noqa: E731
            until(told, "decision", 20, lambda: process.log)
            with PlaygroundServer(people.space, templates_folder(), port=port):
                house.slack.head("Requests that succeed", 30)
            assert process.alive, process.log
            assert "Traceback" not in process.log


def _migrated(house: House) -> bool:
    return (house.folder / "burnban.db").exists() and house.say("status").returncode == 0


def test_a_refused_app_token_ends_run_with_2_before_it_has_polled(
    tmp_path: Path, specs: Path
) -> None:
    with slack() as people:
        house = House(tmp_path, specs, f"sqlite:///{tmp_path / 'burnban.db'}", people)
        done = house.say("run", SLACK_APP_TOKEN="xapp-canary")
        assert done.returncode == 2, done.stderr
        tells(done.stderr, "SLACK_APP_TOKEN: Slack refuses the app-level token")
        assert "Traceback" not in done.stderr
        assert "canary" not in done.stderr
        assert house.json("history") == []


def test_a_taken_port_is_named(tmp_path: Path, specs: Path) -> None:
    with slack() as people:
        house = House(tmp_path, specs, f"sqlite:///{tmp_path / 'burnban.db'}", people)
        taken = people.server.url.rpartition(":")[2]
        done = house.say("web", PORT=taken)
        assert done.returncode == 2, done.stderr
        tells(done.stderr, f"PORT: port {taken} cannot be taken")
