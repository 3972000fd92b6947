"""The API over HTTP at its edges: bodies that are too large or too late, commands that work as they
stand, a database that hangs, the ends of the calendar, leases, keys of requests."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.decide.approval import Wish
from bot.flow.advice import Advising
from bot.record import Database
from tests.api import Api, question, serving
from tests.flow.conftest import World
from tests.flow.gates import Gates

pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def api(sqlite_url: str) -> Iterator[Api]:
    with Database(sqlite_url) as record:
        world = World(record)
        world.history_of_calm()
        with serving(Gates(world), within=0.3) as served:
            yield served


@pytest.mark.parametrize(
    ("subject", "change", "word"),
    [
        ({}, {"commit": "3f2a9c1d0b" * 4}, "3f2a9c1d0b" * 4),
        ({"model_version": "3f2a9c1d0"}, {}, "version:3f2a9c1d0"),
        ({"model_version": "38 rc 1"}, {}, "<version>"),
    ],
)
def test_the_way_on_is_a_command_that_works_as_it_stands(
    api: Api, subject: dict[str, str], change: dict[str, str], word: str
) -> None:
    api.gates.world.ask(Wish.FREEZE)
    asked = {"subject": {"service": "ranker", **subject}, "change": change}
    with api.client() as client:
        said = client.post("/gate/decisions", json=asked).json()
    assert said["request_override"] == f"/override ranker {word} <reason>"


def test_nobody_waits_for_long_for_a_database_that_hangs(api: Api) -> None:
    api.gates.flow.keep()
    api.gates.flow.patience = 0.1
    with api.client() as client, ThreadPoolExecutor(1) as pool:
        assert client.get("/gate/status?service=ranker").status_code == 200
        api.gates.record.goes.clear()
        first = pool.submit(client.post, "/gate/decisions", json=question())
        assert api.gates.record.hung.wait(10)
        said = client.post("/gate/decisions", json=question(version="39")).json()
        assert (said["recorded"], said["decision_id"]) == (False, None)
        late = first.result(10)
        assert late.status_code == 503
        assert int(late.headers["retry-after"]) > 0
        assert "has not answered for 0.1 s" in late.json()["error"]["message"]
        api.gates.record.goes.set()
        api.gates.flow.patience = 10
        assert client.post("/gate/decisions", json=question()).json()["recorded"] is True


def test_advice_stands_beside_an_answer_over_http(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    advice = {"ruling": "hold", "text": "t", "missing": "", "beside": "37"}
    monkeypatch.setattr(Advising, "measures", lambda _, service: service == "ranker")
    monkeypatch.setattr(Advising, "of", lambda _, *told: advice | {"text": "/".join(told)})
    with api.client() as client:
        said = client.post("/gate/decisions", json=question()).json()
        assert said["advice"] == advice | {"text": "ranker/38"}


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]
)
def test_the_ends_of_the_calendar_are_the_callers_fault(api: Api, at: str) -> None:
    with api.client("read", "releases:note:*", "gate:decide:*") as client:
        asked = {"service": "ranker", "at": at}
        assert client.get("/gate/status", params=asked).status_code == 409
        passage = {**question(), "passed_at": at}
        assert client.post("/gate/reports", json=passage).status_code == 409
        note = {"service": "ranker", "version": "3", "kind": "began"}
        assert client.post("/releases", json=note | {"at": at}).status_code == 422
        told = client.post("/releases", json=note | {"committed": at})
        assert told.status_code in (200, 422), told.text


def test_what_is_to_come_is_no_lease(api: Api) -> None:
    """Else an opening of next month would be believed today, while we cannot be reached."""
    api.gates.world.ask(Wish.FREEZE, hours=2)
    at = api.gates.world.clock.now() + timedelta(hours=3)
    with api.client("gate:decide:ranker") as client:
        asked = {"service": "ranker", "at": at.isoformat()}
        later = client.get("/gate/status", params=asked)
        assert (later.json()["closed"], "burnban-signature" in later.headers) == (False, False)
        now = client.get("/gate/status?service=ranker")
        assert (now.json()["closed"], "burnban-signature" in now.headers) == (True, True)


def test_the_key_of_a_request_stands_for_one_question(api: Api) -> None:
    headers = {"Idempotency-Key": "once-1"}
    with api.client() as client:
        first = client.post("/gate/decisions", json=question(), headers=headers)
        api.gates.world.ask(Wish.FREEZE)
        again = client.post("/gate/decisions", json=question(), headers=headers)
        assert again.json() == first.json()
        other = client.post("/gate/decisions", json=question(version="39"), headers=headers)
        assert other.status_code == 409
        for part in (
            {"actor": {"id": "github:eve"}},
            {"change": {"kind": "retrain", "ticket": "X"}},
        ):
            body = {**question(), **part}
            other = client.post("/gate/decisions", json=body, headers=headers)
            assert other.status_code == 409
        assert client.post("/gate/decisions", json=question()).json()["outcome"] == "deny"


def test_a_large_body_is_refused_before_it_is_read(api: Api) -> None:
    large = {**question(), "actor": {"id": "x" * 300_000}}
    with api.client() as client:
        answer = client.post("/gate/decisions", json=large)
    assert answer.status_code == 413


@pytest.mark.parametrize(("size", "status"), [(256 * 1024, 200), (256 * 1024 + 1, 413)])
def test_a_body_of_256_kb_is_read_and_one_byte_more_is_not(
    api: Api, size: int, status: int
) -> None:
    body = json.dumps(question()).encode()
    with api.client() as client:
        answer = client.post(
            "/gate/decisions",
            content=body.ljust(size),
            headers={"Content-Type": "application/json"},
        )
    assert answer.status_code == status


def test_a_body_that_does_not_arrive_is_not_waited_for(api: Api) -> None:
    parts = urlsplit(api.url)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 0), timeout=10) as line:
        head = "POST /v1/gate/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n"
        line.sendall(f"{head}authorization: Bearer {api.token()}\r\n\r\n{{".encode())
        assert b" 408 " in line.recv(65_536).split(b"\r\n")[0]
