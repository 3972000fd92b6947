"""The gate as a pipeline meets it: a real server, the command line, and a server that is gone."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import Process
from tests.e2e.slack import slack, tells
from tests.e2e.waiting import until

COMMIT = "a" * 40


@dataclass
class Pipeline:
    """A runner of its own: no specs, no database, only an address, a token and a cache."""

    house: House
    token: str
    folder: Path

    @property
    def url(self) -> str:
        """Of Burnban."""
        return f"http://127.0.0.1:{self.house.port}"

    def gate(
        self, *words: str, version: str = "38", **env: str
    ) -> subprocess.CompletedProcess[str]:
        """`burnban gate`, as a job calls it."""
        settings = {
            "BURNBAN_URL": self.url,
            "BURNBAN_TOKEN": self.token,
            "BURNBAN_CACHE": str(self.folder / "cache"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PATH": "/usr/bin:/bin",
        }
        line = [sys.executable, "-m", "bot", "gate", "--service", "ranker", "--version", version]
        return subprocess.run(
            [*line, *words], env=settings | env, cwd=self.folder, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip

    def story(self, event: str) -> list[dict[str, object]]:
        """Rows of the history."""
        return [row for row in self.house.json("history") if row["event"] == event]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("gate")
    with slack() as people:
        yield House(folder, burning(folder / "slos"), f"sqlite:///{folder / 'burnban.db'}", people)


@pytest.fixture(scope="module")
def process(house: House) -> Iterator[Process]:
    with house.run() as running:
        yield running


@pytest.fixture
def pipeline(house: House, process: Process, tmp_path: Path) -> Pipeline:
    assert process.alive, process.log
    name = f"ci-{abs(hash(tmp_path)) % 10**6}"
    made = house.say("token", "create", name, "--scope", "gate:decide:ranker", "--scope", "read")
    assert made.returncode == 0, made.stderr
    assert "shown only now" in made.stderr
    return Pipeline(house, made.stdout.strip(), tmp_path)


def test_what_is_wrong_with_the_words_is_2_and_with_the_token_13(pipeline: Pipeline) -> None:
    short = pipeline.gate("--commit", "abc")
    assert short.returncode == 2
    tells(short.stderr, "--commit is no commit: 40 or 64 figures from 0 to f")
    assert pipeline.gate("--run", "github").returncode == 2
    assert pipeline.gate("--wait", "soon").returncode == 2
    assert pipeline.gate(BURNBAN_URL="http://gate.example").returncode == 2
    unknown = pipeline.gate(BURNBAN_TOKEN="burnban_" + "x" * 43)
    assert unknown.returncode == 13
    tells(unknown.stderr, "There is no such token")
    assert pipeline.gate(BURNBAN_TOKEN="").returncode == 13
    number = pipeline.house.say("token", "list").stdout.count("ci-")
    assert pipeline.house.say("token", "revoke", str(number)).returncode == 0


def test_a_server_that_is_gone_leaves_what_it_last_said_and_hears_of_the_rest(
    house: House, process: Process, pipeline: Pipeline
) -> None:
    assert pipeline.gate().returncode == 0
    process.kill()
    try:
        kept = pipeline.gate("--json")
        assert kept.returncode == 0, kept.stderr
        tells(kept.stderr, "WITHOUT AN ANSWER")
        elsewhere = pipeline.gate(BURNBAN_CACHE=str(pipeline.folder / "empty"))
        assert elsewhere.returncode == 20
        tells(elsewhere.stderr, "cannot be reached")
        rollback = pipeline.gate("--kind", "rollback", version="37")
        assert rollback.returncode == 0
        file = next((pipeline.folder / "cache").glob("*.status"))
        file.write_text(file.read_text().replace("budget", "budgex"))
        assert pipeline.gate().returncode == 20
    finally:
        process.start()
        answering_again(house)
    back = pipeline.gate(version="39")
    assert back.returncode == 0, back.stderr
    rows = pipeline.story("release_unasked")
    assert sorted(str(row["text"]).split(" went")[0] for row in rows) == ["ranker 37", "ranker 38"]
    assert not list((pipeline.folder / "cache").glob("*.passage"))


def answering_again(house: House) -> None:
    def healthy() -> bool:
        try:
            return (
                httpx.get(f"http://127.0.0.1:{house.port}/healthz", trust_env=False).status_code
                == 200
            )
        except httpx.TransportError:
            return False

    until(healthy, "answer of /healthz", 60.0)


def test_without_an_address_the_database_at_hand_is_asked(house: House, pipeline: Pipeline) -> None:
    done = house.say("gate", "--service", "ranker", "--version", "40", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["recorded"] is True
    wrong = house.say("gate", "--service", "rankr", "--version", "40")
    assert wrong.returncode == 2
    tells(wrong.stderr, "Did you mean `ranker`?")
    away = house.say(
        "gate", "--service", "ranker", DATABASE_URL="sqlite:////nonexistent/folder/x.db"
    )
    assert away.returncode == 20
    assert "Traceback" not in away.stderr
    nowhere = house.say("gate", "--service", "ranker", BURNBAN_SPECS="/nonexistent")
    assert nowhere.returncode == 2
    tells(nowhere.stderr, "BURNBAN_URL is not set")


def test_a_release_goes_and_once_frozen_does_not_by_exit_codes(pipeline: Pipeline) -> None:
    free = pipeline.gate("--commit", COMMIT, "--kind", "retrain", "--run", "github:1:1")
    assert (free.returncode, free.stdout) == (0, ""), free.stderr
    tells(free.stderr, "burnban: ranker 38 may go")
    pipeline.house.say("freeze", "ranker", "for", "2h", "bad", "rollout")
    frozen = pipeline.gate("--run", "github:2:1", "--json")
    assert frozen.returncode == 10, frozen.stderr
    tells(frozen.stderr, "may not go: releases are frozen by freeze 1: bad rollout")
    tells(frozen.stderr, "Opens: ")
    tells(frozen.stderr, "/override ranker 38 <reason>")
    said = json.loads(frozen.stdout)
    assert (said["exit"], said["outcome"], said["allowed"]) == (10, "deny", False)
    assert pipeline.gate("--wait", "1s", "--run", "github:2:1").returncode == 10
    assert pipeline.gate("--kind", "rollback").returncode == 0
    assert pipeline.story("release_stopped")
    pipeline.house.slack.head("may not be released now")
