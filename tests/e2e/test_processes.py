"""Processes that start, end, reload and share: one SQLite file has one, one Postgres any number."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.seed import OPS_CHANNEL
from bot.record import Database
from tests.e2e.chaos import standing
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import Process, answering
from tests.e2e.slack import ROOM, slack, tells, words
from tests.e2e.waiting import until
from tests.team import TEAM_CHANNEL

TEAM = f"#{TEAM_CHANNEL.name}"
pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with slack() as people:
        url = f"sqlite:///{tmp_path / 'burnban.db'}"
        yield House(tmp_path, burning(tmp_path / "slos"), url, people)


def sound_end(process: Process, how: signal.Signals) -> None:
    assert process.end(how) == 0, process.log
    assert "Traceback" not in process.log, process.log
    assert "ERROR" not in process.log, process.log


@pytest.mark.parametrize(
    ("door", "how"), [("http", signal.SIGTERM), ("socket", signal.SIGINT)], ids=["http", "socket"]
)
def test_run_ends_cleanly_when_told_to(door: str, how: signal.Signals, house: House) -> None:
    with house.run(socket=door == "socket") as process:
        house.slack.head("Requests that succeed")
        sound_end(process, how)


def test_a_worker_ends_cleanly_when_told_to(house: House) -> None:
    with house.process("worker") as process:
        house.slack.head("Requests that succeed")
        sound_end(process, signal.SIGTERM)


def test_a_second_process_on_one_sqlite_file_refuses_to_start(house: House) -> None:
    with house.run() as first:
        for verb in ("run", "worker"):
            second = house.say(verb)
            assert second.returncode == 1, second.stderr
            tells(second.stderr, "two replicas on one SQLite")
            tells(second.stderr, "Postgres")
            assert "Traceback" not in second.stderr
        assert first.alive
        # What only looks, or acts once, may.
        (row,) = house.json("status")
        assert row["service"] == "ranker"


def test_a_process_that_was_killed_leaves_the_file_to_the_next(house: House) -> None:
    with house.run() as first:
        first.kill()
    with house.run():
        house.slack.head("Requests that succeed")
    assert set(standing(house.slack, ROOM).values()) == {1}


def test_socket_mode_comes_back_when_slack_asks_it_to_reconnect(house: House) -> None:
    with house.run(socket=True) as process:
        house.slack.head("Requests that succeed")
        asked = lambda: house.slack.space.calls_to("apps.connections.open")  # noqa: E731
        before = len(asked())
        house.slack.server.sockets.disconnect()
        until(lambda: len(asked()) > before, "new connection", 30, lambda: process.log)
        assert house.slack.server.sockets.wait_connected(30.0), process.log
        tells(house.slack.command("U0MIRA", "/budget status"), "burning (page)")


def test_a_channel_without_the_bot_is_told_to_the_operators_once(
    house: House,
) -> None:
    space = house.slack.space
    space.leave(ROOM, space.bot.user_id)
    with house.run() as process:
        notice = house.slack.head("not_in_channel", 30.0, OPS_CHANNEL.id)
        tells(words(notice), "/invite @Burnban")
        assert house.slack.heads() == []
        assert process.log.count("not_in_channel") == 1, process.log


def test_changed_specs_come_into_force_if_they_are_valid(house: House) -> None:
    with house.run() as process:
        house.slack.head("Requests that succeed")
        file = house.specs / "ranker.yaml"
        sound = file.read_text()
        file.write_text(sound.replace("target: 0.99}", "target: 2}"))
        notice = house.slack.head("The changed spec files are not in force", channel=OPS_CHANNEL.id)
        tells(words(notice), "spec.objectives[0].target")
        shown = house.slack.command("U0MIRA", "/budget show ranker")
        tells(shown, "target 99")  # the old ones stay

        file.write_text(sound.replace("target: 0.99}", "target: 0.9}"))
        until(lambda: "specs in force" in process.log, "loading", 20, lambda: process.log)
        tells(house.slack.command("U0MIRA", "/budget show ranker"), "target 90")
        assert len(house.slack.heads(channel=OPS_CHANNEL.id)) == 1


def test_sighup_reads_the_specs_anew_although_no_file_has_changed(house: House) -> None:
    with house.run() as process:
        house.slack.head("Requests that succeed")
        process.signal(signal.SIGHUP)
        until(lambda: "specs in force" in process.log, "loading", 20, lambda: process.log)


@pytest.fixture
def shared(tmp_path: Path, postgres_url: str) -> Iterator[House]:
    with slack() as people:
        yield House(tmp_path, burning(tmp_path / "slos"), postgres_url, people)


@pytest.mark.postgres
def test_two_workers_and_two_webs_on_one_postgres_work_as_one(shared: House) -> None:
    with ExitStack() as stack:
        workers = [stack.enter_context(shared.process("worker", f"worker{n}")) for n in (1, 2)]
        webs = []
        for number in (1, 2):
            one = House(shared.folder, shared.specs, shared.database_url, shared.slack)
            webs.append(stack.enter_context(one.process("web", f"web{number}")))
            url = answering(webs[-1], one.port, 60.0)
        shared.slack.logs = lambda: "\n".join(p.log for p in (*workers, *webs))
        shared.slack.server.request_url = f"{url}/slack/events"
        shared.slack.head("Requests that succeed", 60.0)
        asked = shared.slack.command("U0JONAS", "/freeze ranker for 1h bad rollout")
        tells(asked, "Releases of service ranker are frozen from ")
        shared.slack.head("Releases of service ranker are frozen")

        (shared.specs / "ranker.yaml").write_text("nonsense")
        shared.slack.head("The changed spec files are not in force", 20.0, OPS_CHANNEL.id)
        with Database(shared.database_url) as database:
            until(lambda: waiting(database) == 0, "empty outbox", 30, shared.slack.logs)
        for process in (*workers, *webs):
            sound_end(process, signal.SIGTERM)
    # What one process would have said, and nothing else.
    assert standing(shared.slack, ROOM) == {"episode:1:open": 1, f"freeze:1:{TEAM}": 1}
    assert len(shared.slack.heads(channel=OPS_CHANNEL.id)) == 1


def waiting(database: Database) -> int:
    return database.read(lambda books: books.outbox.backlog(datetime.now(UTC)))[0]
