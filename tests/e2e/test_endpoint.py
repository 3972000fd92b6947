"""What strangers send to /slack/events, and what Slack sends twice."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx
import pytest

from bot.entrypoints.http import MAX_BODY
from bot.playground.seed import SCIENTIST
from bot.playground.signing import signed_headers
from tests.e2e.chaos import KEYS
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import Process
from tests.e2e.slack import ROOM, Slack, slack, tells
from tests.e2e.waiting import until

CANARY = "canary-5d1c"
"""Stands in every body: it must never stand in the log."""
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Door:
    """The running process and where it takes requests."""

    house: House
    process: Process
    url: str

    @property
    def people(self) -> Slack:
        return self.house.slack

    def send(self, body: bytes, headers: dict[str, str], method: str = "POST") -> httpx.Response:
        raw = [(k.encode(), v.encode()) for k, v in headers.items()]
        return httpx.request(
            method, self.url, content=body, headers=raw, trust_env=False, timeout=20
        )


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    with slack() as people:
        house = House(
            folder, burning(folder / "slos"), f"sqlite:///{folder / 'burnban.db'}", people
        )
        with house.run() as process:
            house.slack.head("Requests that succeed")
            yield Door(house, process, people.server.request_url)


def signed(body: bytes, kind: str = FORM, at: float | None = None) -> dict[str, str]:
    stamp = time.time() if at is None else at
    return signed_headers(KEYS.signing, body, stamp) | {"Content-Type": kind}


def command(text: str = CANARY, **changes: str) -> bytes:
    fields = {
        "command": "/budget",
        "text": text,
        "user_id": SCIENTIST.id,
        "user_name": "mira",
        "channel_id": ROOM,
        "team_id": "T0PLAYGRND",
        "trigger_id": "1.2.3",
    }
    return urlencode(fields | changes).encode()


@dataclass(frozen=True)
class Junk:
    """A request that is none of Slack's."""

    body: bytes = field(default_factory=command)
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


def changed(body: bytes | None = None, **headers: str) -> Junk:
    """Rightly signed, then tampered with."""
    sound = command()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Junk(sound if body is None else body, signed(sound) | names)


STRANGERS = {
    "no headers at all": Junk(),
    "an empty body": Junk(b""),
    "a timestamp that is no number": changed(X_Slack_Request_Timestamp="yesterday"),
    "a timestamp of another script": changed(X_Slack_Request_Timestamp="١٢٣"),
    "a negative timestamp": changed(X_Slack_Request_Timestamp="-1"),
    "an endless timestamp": changed(X_Slack_Request_Timestamp="9" * 400),
    "a signature that is not ASCII": changed(X_Slack_Signature="v0=ÄÖÜß"),
    "a signature of another version": changed(X_Slack_Signature="v1=" + "0" * 64),
    "an empty signature": changed(X_Slack_Signature=""),
    "a wrong signature": changed(X_Slack_Signature="v0=" + "0" * 64),
    "another body under the signature": changed(body=command(text=f"{CANARY} all")),
    "a stale request": Junk(command(), signed(command(), at=time.time() - 3_600)),
    "a request from the future": Junk(command(), signed(command(), at=time.time() + 3_600)),
    "a body that is not UTF-8": Junk(b"text=\xff\xfe" + CANARY.encode()),
    "unsigned broken JSON": Junk(
        b'{"canary": "' + CANARY.encode(), changed().headers | {"Content-Type": "application/json"}
    ),
    "unsigned JSON that is no object": Junk(
        f'["{CANARY}"]'.encode(), changed().headers | {"Content-Type": "application/json"}
    ),
    "an unsigned broken payload": Junk(b"payload=%7B" + CANARY.encode(), changed().headers),
    "JSON nested too deep": Junk(
        b'{"a":' * 40_000, changed().headers | {"Content-Type": "application/json"}
    ),
    "a huge body": Junk(CANARY.encode() * 100_000, changed().headers),
    "GET": Junk(b"", {}, "GET"),
    "PUT": Junk(command(), signed(command()), "PUT"),
}


@pytest.mark.parametrize("what", STRANGERS)
def test_a_stranger_is_refused_and_nothing_of_what_they_sent_is_logged(
    what: str, door: Door
) -> None:
    junk = STRANGERS[what]
    answer = door.send(junk.body, junk.headers, junk.method)
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    assert CANARY not in answer.text
    assert CANARY not in door.process.log
    assert "Traceback" not in door.process.log, door.process.log


def test_more_than_slack_ever_sends_is_not_read_even_if_signed(door: Door) -> None:
    body = command(text=CANARY * (MAX_BODY // len(CANARY)))
    answer = door.send(body, signed(body))
    assert answer.status_code == 413
    assert CANARY not in door.process.log


def payload(**fields: object) -> bytes:
    return urlencode({"payload": json.dumps({"canary": CANARY, **fields})}).encode()


CLICK = {"type": "block_actions", "user": {"id": SCIENTIST.id}, "team": {"id": "T0PLAYGRND"}}
APPROVE = {"type": "button", "action_id": "approve", "block_id": "b"}
ODD = {
    "no fields": b"",
    "a payload that is no JSON": urlencode({"payload": f"{{{CANARY}"}).encode(),
    "a payload that is a list": urlencode({"payload": f'["{CANARY}"]'}).encode(),
    "a payload that is a number": urlencode({"payload": "17"}).encode(),
    "a payload without a type": payload(),
    "a type that nobody knows": payload(type="shortcut_of_the_year"),
    "a click without actions": payload(**CLICK),
    "a click with an empty list of actions": payload(**CLICK, actions=[]),
    "a click whose actions are a word": payload(**CLICK, actions="approve"),
    "a click without a user": payload(type="block_actions", actions=[APPROVE]),
    "a click without a value": payload(**CLICK, actions=[APPROVE]),
    "a click on what is not there": payload(**CLICK, actions=[APPROVE | {"action_id": "detonate"}]),
    "a vote for a request of another world": payload(
        **CLICK, actions=[APPROVE | {"value": "9" * 30}]
    ),
    "a form without a view": payload(type="view_submission", user={"id": SCIENTIST.id}),
    "a form with an empty view": payload(
        type="view_submission", user={"id": SCIENTIST.id}, view={"callback_id": "freeze"}
    ),
    "a command of another app": command(command="/launch"),
    "a command without a text": urlencode({"command": "/freeze"}).encode(),
    "a command with an unfriendly return address": command(
        text="status", response_url="http://169.254.169.254/latest"
    ),
    "an event that nobody asked for": json.dumps(
        {"type": "event_callback", "event": {"type": "message", "text": CANARY}}
    ).encode(),
    "JSON that is a list": b"[1, 2]",
}


@pytest.mark.parametrize("what", ODD)
def test_a_signed_request_that_makes_no_sense_harms_nobody(what: str, door: Door) -> None:
    body = ODD[what]
    kind = "application/json" if body[:1] in (b"{", b"[") else FORM
    answer = door.send(body, signed(body, kind))
    assert answer.status_code < 500, (answer.status_code, answer.text)
    assert CANARY not in door.process.log


def test_the_endpoint_still_works_after_all_of_that(door: Door) -> None:
    tells(door.people.command(SCIENTIST.id, "/budget status"), "burning (page)")
    assert door.people.server.events.verify_url()


def test_a_body_that_never_comes_is_not_waited_for_and_stops_nobody(door: Door) -> None:
    host, port = door.url.removeprefix("http://").split("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as slow:
        head = "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\ntext="
        slow.sendall(head.encode())
        tells(door.people.command(SCIENTIST.id, "/budget status"), "burning (page)")
        began = time.monotonic()
        assert b" 408 " in slow.recv(200)
        assert time.monotonic() - began < 15


def once(door: Door, body: bytes, headers: dict[str, str], again: dict[str, str]) -> None:
    """Send it, and send it again in other clothes: both are acknowledged."""
    assert door.send(body, headers).status_code == 200
    for clothes in (headers, headers | again):
        assert door.send(body, clothes).status_code == 200


RETRY = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}


def test_a_replayed_freeze_and_a_replayed_vote_act_once(door: Door) -> None:
    people = door.people
    hook = people.space.hooks.for_command(SCIENTIST.id, ROOM)
    words = command(
        command="/freeze",
        text="ranker for 1h said once",
        response_url=f"{people.server.url}/{hook.path}",
        trigger_id="7.7.seven",
    )
    once(door, words, signed(words), RETRY)
    request = people.head("said once")
    (vote,) = [b for b in request.blocks if b["type"] == "actions"]
    (button,) = [e for e in vote["elements"] if e["action_id"] == "approve"]
    click = payload(
        type="block_actions",
        user={"id": "U0JONAS", "name": "jonas"},
        team={"id": "T0PLAYGRND"},
        trigger_id="8.8.eight",
        actions=[button | {"block_id": vote["block_id"]}],
    )
    once(door, click, signed(click), RETRY)
    people.head("Releases of service ranker are frozen")
    # Long after: what they asked for has come about, and they are still no new requests.
    for body in (words, click):
        assert door.send(body, signed(body) | RETRY).status_code == 200
    ignored = lambda: door.process.log.count("a repeated request was ignored") == 6  # noqa: E731
    until(ignored, "six repeated requests in the log", 20, lambda: door.process.log)
    rows = door.house.json("history")
    events = [row["event"] for row in rows]
    assert events.count("freeze_requested") == 1
    assert events.count("vote_cast") == 1
    assert events.count("vote_refused") == 0
    assert events.count("frozen") == 1
    assert len(people.heads("said once")) == 2, "one request, one freeze"
