"""The Procfile as it stands, under honcho, on an empty Postgres: release, then web and worker."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import httpx
import pytest

from bot.playground.seed import SCIENTIST
from tests.components import lack
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import ROOT, Process, answering
from tests.e2e.slack import slack, tells, words
from tests.postgres import PostgresServer

pytest_plugins = ["tests.record_stores"]
pytestmark = pytest.mark.postgres

BIN = Path(sys.executable).parent


@pytest.fixture
def house(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[House]:
    """Settings that name a database without tables."""
    if which("burnban", path=str(BIN)) is None:
        lack("needs the command burnban: pip install -e '.[test]'")
    with slack() as people:
        url = postgres_server.create_database()
        house = House(tmp_path, burning(tmp_path / "slos"), url, people)
        yield house
        postgres_server.drop_database(url)


def honcho(house: House, *names: str) -> Process:
    """The lines of the Procfile of these names; PATH leads to the installed command first."""
    env = house.env | {"PATH": f"{BIN}:/usr/bin:/bin"}
    start = ["-m", "honcho", "-f", str(ROOT / "Procfile"), "-d", str(house.folder), "start"]
    return Process([sys.executable, *start, *names], env, house.folder, "+".join(names))


def test_release_migrates_web_answers_and_worker_warns(house: House) -> None:
    with honcho(house, "release") as release:
        assert release.ended() == 0, release.log
    tells(release.log, "The database is at the present schema")
    with honcho(house, "web", "worker") as running:
        house.slack.logs = lambda: running.log
        url = answering(running, house.port, 60)
        house.slack.server.request_url = f"{url}/slack/events"
        warning = house.slack.head("Requests that succeed", 60)
        tells(words(warning), "is burning fast")
        tells(house.slack.command(SCIENTIST.id, "/budget status"), "Requests that succeed")
        assert httpx.get(f"{url}/healthz", trust_env=False).json()["ok"] is True
        running.end(signal.SIGTERM)
    assert "Traceback" not in running.log, running.log
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz", trust_env=False)
