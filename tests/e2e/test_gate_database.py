"""The gate of a real process whose database goes away: it reads on, grants nothing, and records
when the database is back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clock import SystemClock
from bot.decide.approval import Wish
from bot.decide.change import Change
from bot.decide.override import Grant
from bot.ports import Books
from bot.record import Database
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.slack import slack, tells
from tests.e2e.waiting import until
from tests.postgres import PostgresServer
from tests.record_samples import request

pytestmark = pytest.mark.postgres


@dataclass
class Gatehouse:
    """A Burnban, its database, and a pipeline's token."""

    house: House
    server: PostgresServer
    token: str

    def ask(self, version: str, kind: str = "retrain") -> dict[str, Any]:
        """Over HTTP."""
        question = {
            "subject": {"service": "ranker", "model_version": version},
            "change": {"kind": kind},
        }
        answer = self._http("POST", "gate/decisions", json=question)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def closed(self) -> bool:
        """As whoever only looks sees it."""
        return bool(self._http("GET", "gate/status?service=ranker").json()["closed"])

    def history(self) -> int:
        """How the history answers."""
        return self._http("GET", "history").status_code

    def verb(self, version: str, *words: str) -> tuple[int, str]:
        """`burnban gate` as a job runs it; its exit code and what the log shows."""
        done = self.house.say(
            "gate", "--service", "ranker", "--version", version, *words,
            BURNBAN_URL=f"http://127.0.0.1:{self.house.port}", BURNBAN_TOKEN=self.token,
            BURNBAN_CACHE=str(self.house.folder / "cache"),
        )  # fmt: skip
        return done.returncode, done.stderr

    def _http(self, method: str, path: str, **more: Any) -> httpx.Response:
        url = f"http://127.0.0.1:{self.house.port}/v1/{path}"
        word = {"Authorization": f"Bearer {self.token}"}
        return httpx.request(method, url, headers=word, trust_env=False, timeout=20, **more)


@pytest.fixture
def gatehouse(tmp_path: Path) -> Iterator[Gatehouse]:
    with PostgresServer() as server, slack() as people:
        url = server.create_database()
        house = House(tmp_path, burning(tmp_path / "slos"), url, people)
        with house.run():
            scopes = ("--scope", "gate:decide:ranker", "--scope", "read")
            made = house.say("token", "create", "ci", *scopes)
            assert made.returncode == 0, made.stderr
            yield Gatehouse(house, server, made.stdout.strip())


def granted(house: House) -> None:
    """An override for version 38, through the freeze that stands."""
    now = SystemClock().now()

    def work(books: Books) -> None:
        (freeze,) = books.freezes.standing(now)
        change = Change("ranker", "38")
        wanted = replace(request(), wish=Wish.OVERRIDE, change=change, freezes=(freeze.id,))
        asked = books.requests.add(wanted)
        end = now + timedelta(hours=1)
        books.grants.add(Grant(0, asked.id, change, (freeze.id,), now, end))

    with Database(house.database_url) as record:
        record.write(work)


def test_without_its_database_the_gate_reads_on_grants_nothing_and_records_later(
    gatehouse: Gatehouse,
) -> None:
    house = gatehouse.house
    assert gatehouse.ask("36")["recorded"] is True
    assert house.say("freeze", "ranker", "for", "2h", "bad", "roll-out").returncode == 0
    granted(house)
    until(gatehouse.closed, "the freeze where nothing is read from the database", 20.0)

    gatehouse.server.stop()
    stopped = gatehouse.ask("38")
    assert (stopped["outcome"], stopped["recorded"], stopped["decision_id"]) == (
        "deny", False, None,
    )  # fmt: skip
    assert stopped["override_id"] is None
    tells(stopped["sentence"], "overrides cannot be used until it does")
    code, log = gatehouse.verb("38")
    assert code == 10
    tells(log, "the database does not answer")
    rollback = gatehouse.ask("35", "rollback")
    assert (rollback["allowed"], rollback["recorded"]) == (True, False)
    assert gatehouse.closed()
    assert gatehouse.history() == 503

    gatehouse.server.start()

    def recorded() -> list[dict[str, Any]]:
        done = house.say("history", "--json")
        return house.json("history") if done.returncode == 0 and "35 may go" in done.stdout else []

    rows = until(recorded, "row about the rollback", 60.0)
    by = {(row["event"], str(row["text"]).split(" ma")[0]) for row in rows}
    assert {("release_allowed", "ranker 35"), ("release_stopped", "ranker 38")} <= by
    assert "override_used" not in {row["event"] for row in rows}
    let = gatehouse.ask("38")
    assert (let["outcome"], let["recorded"], let["override_id"]) == ("warn", True, "1")
