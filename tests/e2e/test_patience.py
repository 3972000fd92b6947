"""A slow database, source or Slack delays only what needs it: acks come at once, answers later."""

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from bot.clock import SystemClock
from bot.playground.faults import Fault
from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from bot.record import Database
from tests.e2e import specs
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.slack import ROOM, Slack, slack, tells, words
from tests.e2e.waiting import until
from tests.postgres import PostgresServer

pytest_plugins = ["tests.record_stores"]

ACK = 3.0
"""Seconds that Slack waits."""


@pytest.fixture
def people() -> Iterator[Slack]:
    with slack() as running:
        yield running


@pytest.fixture
def house(people: Slack, database_url: str, tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path, burning(tmp_path / "slos"), database_url, people)
    with built.run():
        people.head("Requests that succeed")
        yield built


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody else can write while inside."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        connection.close()
        return
    with psycopg.connect(url) as held:
        for table in ("receipts", "freezes", "requests", "decisions", "messages"):
            held.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE".encode())
        yield
        held.rollback()


def acknowledged(people: Slack, user: str, line: str) -> float:
    """Type a command; the seconds until the app had taken it."""
    began = time.monotonic()
    outcome = people.sender.command(user, ROOM, line)
    assert outcome.ok, outcome
    return time.monotonic() - began


def events(house: House) -> list[str]:
    return [row["event"] for row in house.json("history") if row["event"] != "verdict_changed"]


def whispers(people: Slack, user: str) -> list[str]:
    return [words(m) for m in people.space.ephemerals(user)]


def test_with_a_locked_database_acks_come_at_once_and_the_answer_when_it_is_free(
    house: House,
) -> None:
    people = house.slack
    with locked(house.database_url):
        assert acknowledged(people, ONCALL.id, "/freeze ranker for 1h bad rollout") < ACK
        # Reading needs no lock, and a form no database: its trigger would not outlive the wait.
        tells(people.command(SCIENTIST.id, "/budget status"), "burning (page)")
        began = time.monotonic()
        typed = lambda: people.sender.command(LEAD.id, ROOM, "/freeze")  # noqa: E731
        people.opens(LEAD.id, typed, "What is to be frozen?")
        assert time.monotonic() - began < ACK
        assert whispers(people, ONCALL.id) == []
    until(lambda: whispers(people, ONCALL.id), "answer", 30, people.logs)
    (answer,) = whispers(people, ONCALL.id)
    tells(answer, "Releases of service ranker are frozen from ")
    people.head("Releases of service ranker are frozen")
    assert events(house) == ["frozen", "warning_opened"]


@pytest.mark.postgres
def test_a_lock_that_does_not_go_away_is_told_and_leaves_nothing_half_done(
    people: Slack, postgres_url: str, tmp_path: Path
) -> None:
    house = House(tmp_path, burning(tmp_path / "slos"), postgres_url, people)
    with house.run():
        people.head("Requests that succeed")
        with locked(postgres_url):
            assert acknowledged(people, ONCALL.id, "/freeze ranker for 1h bad rollout") < ACK
            until(lambda: whispers(people, ONCALL.id), "answer", 30, people.logs)
        (answer,) = whispers(people, ONCALL.id)
        tells(answer, "The database does not answer, so nothing has changed.")
        assert events(house) == ["warning_opened"]
        tells(people.command(ONCALL.id, "/freeze ranker for 1h bad rollout"), "are frozen")
        assert events(house) == ["frozen", "warning_opened"]


@pytest.mark.postgres
def test_a_database_that_is_gone_is_told_and_found_again(people: Slack, tmp_path: Path) -> None:
    with PostgresServer(durable=True) as server:
        house = House(tmp_path, burning(tmp_path / "slos"), server.create_database(), people)
        with house.run() as process:
            people.head("Requests that succeed")
            server.stop()
            for line in ("/freeze ranker for 1h bad rollout", "/budget status"):
                before = len(whispers(people, ONCALL.id))
                assert acknowledged(people, ONCALL.id, line) < ACK
                answers = lambda n=before: whispers(people, ONCALL.id)[n:]  # type: ignore[misc]  # noqa: E731
                (answer,) = until(answers, "answer", 30, people.logs)
                tells(answer, "The database does not answer, so nothing has changed.")
            health = f"http://127.0.0.1:{house.port}/healthz"
            assert httpx.get(health, trust_env=False, timeout=30).status_code == 503
            server.start()
            tells(people.command(ONCALL.id, "/freeze ranker for 1h bad rollout"), "are frozen")
            people.head("Releases of service ranker are frozen")
            assert process.alive
        assert events(house) == ["frozen", "warning_opened"]


@contextmanager
def black_hole(held: list[socket.socket] | None = None) -> Iterator[str]:
    """Takes every connection and never answers. `held`: those taken so far."""
    held = [] if held is None else held
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def swallow() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=swallow)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in held:
            one.close()


def test_a_source_that_hangs_makes_its_service_unknown_and_nobody_waits_for_it(
    people: Slack, tmp_path: Path
) -> None:
    with black_hole() as url:
        slos = specs.from_prometheus(tmp_path / "slos", url, step=1, details=", timeout: 1s")
        house = House(tmp_path, slos, f"sqlite:///{tmp_path / 'burnban.db'}", people)
        with house.run() as process:
            assert acknowledged(people, SCIENTIST.id, "/budget status") < ACK
            notice = people.head("no verdict, for lack of data", 60.0)
            tells(words(notice), "metrics gave no full answer within 1 s")
            tells(people.command(SCIENTIST.id, "/budget status"), "unknown")
            done = people.command(ONCALL.id, "/freeze ranker for 1h we are blind")
            tells(done, "are frozen from ")
            (row,) = house.json("status")
            assert row["verdict"] == "unknown"
            assert [reason["code"] for reason in row["reasons"]] == ["source_fault"]
            assert process.end(seconds=10) == 0


def test_a_source_that_hangs_does_not_delay_the_warnings_of_another(
    people: Slack, tmp_path: Path
) -> None:
    with black_hole() as url:
        slos = burning(tmp_path / "slos")
        details = ", timeout: 60s"
        hanging = specs.from_prometheus(tmp_path / "hanging", url, details=details) / "ranker.yaml"
        _, *objects = hanging.read_text().split("---\n")
        others = [one for one in objects if "kind: DataSource" in one or "kind: SLO" in one]
        text = "---\n".join(others).replace("service: ranker", "service: recs")
        (slos / "recs.yaml").write_text(text)
        house = House(tmp_path, slos, f"sqlite:///{tmp_path / 'burnban.db'}", people)
        with house.run() as process:
            people.head("Requests that succeed", 15.0)
            (hung,) = [row for row in house.json("status") if row["service"] == "recs"]
            assert hung["as_of"] is None
            assert process.end(seconds=10) == 0, "it waits for the source"


@pytest.mark.parametrize("verb", ["run", "worker"])
def test_who_is_told_to_end_waits_for_no_source_and_gives_back_what_was_claimed(
    people: Slack, database_url: str, tmp_path: Path, verb: str
) -> None:
    asked: list[socket.socket] = []
    with black_hole(asked) as url:
        slos = specs.from_prometheus(tmp_path / "slos", url, details=", timeout: 60s")
        house = House(tmp_path, slos, database_url, people)
        with house.process(verb) as process:
            until(lambda: asked, "question to the source", 30, lambda: process.log)
            assert process.end(seconds=10) == 0, "it waits for the source"
        tells(process.log, "metrics has not answered yet, and Burnban ends")
        assert "Traceback" not in process.log
        with Database(database_url) as database:
            now = SystemClock().now()
            free = database.write(lambda b: b.ledger.claim(["ranker/availability"], now, 90, 1))
            assert free, "the next process would wait until the lease is over"
            assert free[0].read_until is None, "what was not answered is not stored as an answer"


def test_a_slack_that_hangs_delays_messages_and_no_answers(
    people: Slack, sqlite_url: str, tmp_path: Path
) -> None:
    house = House(tmp_path, burning(tmp_path / "slos"), sqlite_url, people)
    with house.run():
        people.head("Requests that succeed")
        # Twice, for a call that is told to wait its turn uses one up.
        people.space.faults.arm("chat.postMessage", Fault.HANG_AFTER_STORE, times=2, seconds=30.0)
        tells(people.command(ONCALL.id, "/freeze ranker for 1h bad rollout"), "are frozen")
        tells(people.command(SCIENTIST.id, "/budget status"), ", frozen")
        # The message stands, though its answer never came; it is looked for, and not said again.
        people.head("Releases of service ranker are frozen")
        until(lambda: people.space.calls_to("conversations.history"), "look", 30, people.logs)
        assert len(people.heads("Releases of service ranker are frozen")) == 1


def test_prometheus_in_the_spec_that_refuses_connections_is_told_by_name(
    people: Slack, tmp_path: Path
) -> None:
    slos = specs.from_prometheus(tmp_path / "slos", "http://127.0.0.1:9")
    house = House(tmp_path, slos, f"sqlite:///{tmp_path / 'burnban.db'}", people)
    done = house.say("poll")
    assert done.returncode == 1, done.stderr
    tells(done.stdout, "metrics does not answer at http://127.0.0.1:9 (connection refused)")
    (row,) = house.json("status")
    tells(row["reasons"][0]["text"], "metrics")
    assert row["verdict"] == "unknown"
