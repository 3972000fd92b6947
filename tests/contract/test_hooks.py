"""The doors for webhooks, from a real server: who is let in, and what is stored."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.outside import CodeHost, Deploys, HostKind, Outside, Registry, Serves
from bot.entrypoints.hooks.app import build_calendar, build_hooks
from bot.entrypoints.hooks.parts import HookParts
from bot.entrypoints.http import build_http
from bot.errors import ConfigError, Fault
from bot.flow.hosts.moves import TakeMoves
from bot.flow.hosts.notices import TakeNotices
from bot.flow.show.survey import Survey
from bot.ports.hosts import Watch, WatchKind
from bot.record import Database
from tests.flow.conftest import World
from tests.hub import PLACE, SECRET, pull, requested, signed
from tests.served import served

pytest_plugins = ["tests.record_stores"]

RULES = (Deploys(PLACE, "prod", ("ranker",)),)
HUB = CodeHost("acme", HostKind.GITHUB, "http://127.0.0.1:1", RULES, "HOOK", "KEY", check="burnban")
LAB = CodeHost("lab", HostKind.GITLAB, "http://127.0.0.1:1", RULES, "HOOK", "KEY")
MODELS = Registry(
    "main", "http://127.0.0.1:1", (Serves("ranker", ("ranker",), "champion"),), "HOOK"
)
BARE = CodeHost("bare", HostKind.GITHUB, "http://127.0.0.1:1", RULES, "UNSET", "KEY")
WORD = "w" * 40


@dataclass
class Doors:
    """What was built, and short ways to knock."""

    world: World
    url: str

    def post(self, path: str, said: Any, headers: dict[str, str]) -> httpx.Response:
        """A delivery."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        return httpx.post(f"{self.url}{path}", content=body, headers=headers, trust_env=False)

    def github(self, said: Any, event: str, guid: str = "g1", **how: str) -> httpx.Response:
        """As GitHub delivers."""
        body = json.dumps(said).encode()
        return self.post("/hooks/github/acme", body, signed(body, event, guid, **how))

    def watches(self, kind: WatchKind = WatchKind.DEPLOYMENT) -> list[Watch]:
        """What is looked after."""
        return self.world.record.read(lambda books: books.watches.of(kind))


def secrets(name: str) -> str:
    if name != "HOOK":
        raise ConfigError([Fault(name, "", "is named in the spec files, but not set.")])
    return SECRET


@pytest.fixture
def doors(sqlite_url: str) -> Iterator[Doors]:
    with Database(sqlite_url) as record:
        world = World(record)
        hosts = {one.name: one for one in (HUB, LAB, BARE)}
        outside = Outside(hosts, {"main": MODELS})

        def catalog() -> Catalog:
            return replace(world.catalog(), outside=outside)

        parts = HookParts(
            catalog,
            world.clock,
            TakeNotices(record, world.clock, catalog),
            TakeMoves(record, world.clock, catalog, lambda name: None, world.ops),
            Survey(record, world.clock, catalog, world.ops),
            secrets,
            WORD,
            "burnban.example",
        )
        web = build_http(None, "", dict)
        web.mount("/hooks", build_hooks(parts, within=0.3))
        web.mount("/calendar", build_calendar(parts))
        with served(web) as url:
            yield Doors(world, url)


def test_a_signed_webhook_is_stored_and_answered_at_once(doors: Doors) -> None:
    answer = doors.github(requested(), "deployment_protection_rule")
    assert (answer.status_code, answer.json()) == (202, {"ok": True, "known": False})
    (watch,) = doors.watches()
    assert (watch.host, watch.place, watch.facts["run"]) == ("acme", PLACE, "42")
    assert answer.elapsed.total_seconds() < 10


def test_a_repeated_delivery_is_fine_and_changes_nothing(doors: Doors) -> None:
    doors.github(requested(), "deployment_protection_rule")
    doors.world.record.write(lambda books: books.watches.remove(doors.watches()[0].key))
    again = doors.github(requested(), "deployment_protection_rule")
    assert (again.status_code, again.json()["known"]) == (200, True)
    assert doors.watches() == []


def test_the_same_body_under_another_delivery_id_changes_nothing(doors: Doors) -> None:
    """Only the body is signed."""
    doors.github(requested(), "deployment_protection_rule", "g1")
    doors.world.record.write(lambda books: books.watches.remove(doors.watches()[0].key))
    again = doors.github(requested(), "deployment_protection_rule", "g2")
    assert (again.status_code, again.json()) == (200, {"ok": True, "known": True})
    assert doors.watches() == []


def test_a_head_is_stored_for_its_check(doors: Doors) -> None:
    assert doors.github(pull("opened"), "pull_request").status_code == 202
    (watch,) = doors.watches(WatchKind.CHECK)
    assert watch.facts["number"] == 5


def test_events_of_no_interest_are_taken_and_forgotten(doors: Doors) -> None:
    assert doors.github({"action": "created"}, "star").status_code == 202
    assert doors.watches() == []


@pytest.mark.parametrize(
    "spoilt",
    [
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha1=abc"},
        {"X-GitHub-Delivery": ""},
        {"X-GitHub-Delivery": "x" * 300},
    ],
)
def test_whoever_cannot_sign_is_turned_away(doors: Doors, spoilt: dict[str, str]) -> None:
    body = json.dumps(requested()).encode()
    headers = signed(body, "deployment_protection_rule", "g1") | spoilt
    assert doors.post("/hooks/github/acme", body, headers).status_code == 401
    assert doors.watches() == []


def test_a_signature_is_of_the_very_bytes(doors: Doors) -> None:
    body = json.dumps(requested()).encode()
    headers = signed(body, "deployment_protection_rule", "g1")
    assert doors.post("/hooks/github/acme", body + b" ", headers).status_code == 401


def test_another_secret_opens_nothing(doors: Doors) -> None:
    found = doors.github(requested(), "deployment_protection_rule", secret="guessed")
    assert found.status_code == 401


def test_a_payload_of_another_form_is_a_422_that_says_so(doors: Doors) -> None:
    assert doors.github({"action": "requested"}, "deployment_protection_rule").status_code == 422
    body = b"[1]"
    headers = signed(body, "deployment_protection_rule", "g2")
    assert doors.post("/hooks/github/acme", body, headers).status_code == 422
    body = b"{"
    headers = signed(body, "deployment_protection_rule", "g3")
    assert doors.post("/hooks/github/acme", body, headers).status_code == 422


@pytest.mark.parametrize("number", ["abc", float("inf"), None, []])
def test_a_number_that_is_none_is_a_422(doors: Doors, number: object) -> None:
    said = {**pull("opened"), "number": number}
    assert doors.github(said, "pull_request").status_code == 422


@pytest.mark.parametrize("odd", ["\ud800", "\0", "\udc00\ud800"])
def test_characters_that_no_database_stores_are_replaced(doors: Doors, odd: str) -> None:
    said = {**requested(), "environment": f"prod{odd}"}
    assert doors.github(said, "deployment_protection_rule").status_code == 202
    (watch,) = doors.watches()
    assert watch.facts["environment"] == "prod" + "?" * len(odd)


def test_a_body_too_deep_to_look_into_is_a_422(doors: Doors) -> None:
    for body in (b"[" * 200_000, b'{"a": ' + b"[" * 900 + b'"\\ud800"' + b"]" * 900 + b"}"):
        headers = signed(body, "pull_request", "g1")
        assert doors.post("/hooks/github/acme", body, headers).status_code == 422


def test_there_are_no_other_doors(doors: Doors) -> None:
    body = json.dumps(requested()).encode()
    headers = signed(body, "deployment_protection_rule", "g1")
    for path in ("/hooks/github/none", "/hooks/github/lab", "/hooks/mlflow/acme"):
        assert doors.post(path, body, headers).status_code == 404
    assert httpx.get(f"{doors.url}/hooks/github/acme", trust_env=False).status_code == 405


def test_a_secret_that_is_not_set_is_our_fault_and_the_sender_may_come_again(doors: Doors) -> None:
    body = json.dumps(requested()).encode()
    headers = signed(body, "deployment_protection_rule", "g1")
    answer = doors.post("/hooks/github/bare", body, headers)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert "UNSET" not in answer.text


def test_a_body_beyond_all_bounds_is_refused_unread(doors: Doors) -> None:
    body = b"x" * 4_000_001
    headers = signed(body, "star", "g1")
    assert doors.post("/hooks/github/acme", body, headers).status_code == 413


def test_half_a_request_is_not_waited_for(doors: Doors) -> None:
    parts = urlsplit(doors.url)
    assert parts.hostname
    assert parts.port
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as line:
        line.sendall(b"POST /hooks/github/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert b"408" in line.recv(4_096)


def deployment(status: str) -> dict[str, Any]:
    return {
        "object_kind": "deployment",
        "status": status,
        "deployment_id": 15,
        "deployable_id": 796,
        "environment": "prod",
        "project": {"path_with_namespace": PLACE},
        "short_sha": "a" * 8,
        "user": {"username": "ada"},
        "commit_url": f"https://gitlab.example/{PLACE}/-/commit/{'a' * 40}",
    }


def test_gitlab_bears_its_token_and_tells_what_is_blocked(doors: Doors) -> None:
    headers = {"X-Gitlab-Token": SECRET, "X-Gitlab-Event-UUID": "u1"}
    assert doors.post("/hooks/gitlab/lab", deployment("blocked"), headers).status_code == 202
    assert doors.post("/hooks/gitlab/lab", deployment("blocked"), headers).status_code == 200
    (watch,) = doors.watches()
    assert (watch.host, watch.facts["deployment"], watch.facts["run"]) == ("lab", "15", "796")
    headers["X-Gitlab-Event-UUID"] = "u2"
    assert doors.post("/hooks/gitlab/lab", deployment("success"), headers).status_code == 202
    seen = doors.world.record.read(lambda b: b.sightings.since(doors.world.clock.now()))
    assert [one.commit for one in seen] == ["a" * 40]
    assert doors.post("/hooks/gitlab/lab", {"object_kind": "push"}, headers).status_code == 200


def test_gitlab_without_its_token_is_turned_away(doors: Doors) -> None:
    for word in ("guessed", SECRET[:-1], f"{SECRET}1"):
        headers = {"X-Gitlab-Token": word, "X-Gitlab-Event-UUID": "u1"}
        assert doors.post("/hooks/gitlab/lab", deployment("blocked"), headers).status_code == 401
    assert doors.post("/hooks/gitlab/lab", deployment("blocked"), {}).status_code == 401


MOVE = {
    "entity": "model_version_alias",
    "action": "created",
    "timestamp": "2026-03-02T12:00:00+00:00",
    "data": {"name": "ranker", "alias": "champion", "version": "38"},
}


def mlflow(doors: Doors, *, skew: float = 0, guid: str = "d1", secret: str = SECRET) -> int:
    body = json.dumps(MOVE)
    stamp = str(int(doors.world.clock.now().timestamp() + skew))
    digest = hmac.new(secret.encode(), f"{guid}.{stamp}.{body}".encode(), hashlib.sha256).digest()
    headers = {
        "X-MLflow-Delivery-Id": guid,
        "X-MLflow-Timestamp": stamp,
        "X-MLflow-Signature": f"v1,{base64.b64encode(digest).decode()}",
    }
    return doors.post("/hooks/mlflow/main", body.encode(), headers).status_code


def test_mlflow_signs_id_time_and_body(doors: Doors) -> None:
    assert mlflow(doors) == 202
    assert mlflow(doors) == 200
    assert mlflow(doors, guid="d2", secret="guessed") == 401
    assert len(doors.world.story("release_ungated")) == 1


def test_a_signature_of_mlflows_holds_for_five_minutes_either_way(doors: Doors) -> None:
    assert mlflow(doors, skew=-301) == 401
    assert mlflow(doors, skew=301) == 401
    assert mlflow(doors, skew=-300) == 202
    assert mlflow(doors, skew=300, guid="d2") == 202


def test_the_calendar_is_read_by_whoever_has_its_address(doors: Doors) -> None:
    doors.world.ask(Wish.FREEZE, hours=2)
    where = f"{doors.url}/calendar/{WORD}.ics"
    answer = httpx.get(where, trust_env=False)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "freeze-1@burnban.example" in answer.text
    same = httpx.get(where, headers={"If-None-Match": answer.headers["etag"]}, trust_env=False)
    assert same.status_code == 304
    narrower = httpx.get(where, params={"scope": "recs"}, trust_env=False)
    assert "freeze-1@" not in narrower.text
    assert httpx.get(where, params={"scope": "nobody"}, trust_env=False).status_code == 422


def test_nobody_else_reads_it(doors: Doors) -> None:
    for word in ("x" * 40, WORD[:-1], "é" * 8):
        answer = httpx.get(f"{doors.url}/calendar/{word}.ics", trust_env=False)
        assert answer.status_code == 404
