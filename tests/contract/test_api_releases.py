"""Releases over HTTP: told, and told once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.decide.release import Note, NoteKind
from bot.record import Database
from tests.api import Api, serving
from tests.flow.conftest import World
from tests.flow.gates import Gates

pytest_plugins = ["tests.record_stores"]
NOTE = "releases:note:ranker"


@pytest.fixture
def api(sqlite_url: str) -> Iterator[Api]:
    with Database(sqlite_url) as record:
        world = World(record)
        world.history_of_calm()
        with serving(Gates(world), within=0.3) as served:
            yield served


def told(**more: Any) -> dict[str, Any]:
    return {"service": "ranker", "version": "38", "kind": "began", **more}


def notes(api: Api) -> list[Note]:
    since = api.gates.world.clock.now() - timedelta(days=400)
    return api.gates.world.record.read(lambda books: books.journal.of(["ranker"], since))


def test_a_release_is_told_with_all_that_is_known_of_it(api: Api) -> None:
    at = api.gates.world.clock.now() - timedelta(minutes=5)
    body = told(
        kind="share", share=0.1, at=at.isoformat(), commit="a" * 40, actor="github:ada",
        committed=(at - timedelta(hours=3)).isoformat(),
    )  # fmt: skip
    with api.client(NOTE) as client:
        answer = client.post("/releases", json=body)
    assert answer.status_code == 200
    said = answer.json()
    assert (said["recorded"], said["version"], said["kind"]) == (True, "38", "share")
    assert "serves 10 % of the traffic since" in said["sentence"]
    (note,) = notes(api)
    assert str(note.share) == "1/10"
    assert (note.at, note.committed) == (at, at - timedelta(hours=3))
    assert (note.origin, note.actor) == ("api t1", "github:ada")
    (row,) = api.gates.world.story("release_noted")
    assert (row.decision.scope, row.decision.actor.id) == ("service:ranker", "token:1")
    assert row.decision.evidence["note"] == note.id


def test_what_is_told_again_changes_nothing(api: Api) -> None:
    at = api.gates.world.clock.now().isoformat()
    with api.client(NOTE) as client:
        first = client.post("/releases", json=told(at=at)).json()
        again = client.post("/releases", json=told(at=at)).json()
    assert (first["recorded"], again["recorded"]) == (True, False)
    assert first["id"] == again["id"]
    assert len(api.gates.world.story("release_noted")) == 1


def test_a_key_stands_for_one_note_whenever_it_comes(api: Api) -> None:
    headers = {"Idempotency-Key": "run-7"}
    with api.client(NOTE) as client:
        first = client.post("/releases", json=told(), headers=headers).json()
        api.gates.world.clock.advance(30)
        again = client.post("/releases", json=told(), headers=headers).json()
        other = client.post("/releases", json=told(version="39"), headers=headers)
    assert (again["recorded"], again["at"]) == (False, first["at"])
    assert other.status_code == 409
    assert len(notes(api)) == 1


def test_a_token_tells_only_of_the_services_that_it_names(api: Api) -> None:
    with api.client("gate:decide:ranker", "read", "releases:note:recs") as client:
        assert client.post("/releases", json=told()).status_code == 403
        assert client.post("/releases", json=told(service="recs")).status_code == 200
    assert notes(api) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"at": "2026-03-01T12:00:00"}, "body.at"),
        ({"at": "2100-01-01T00:00:00Z"}, "body.at"),
        ({"at": 1_772_445_600}, "body.at"),
        ({"kind": "share", "share": "0.5"}, "body.share"),
        ({"at": "2001-01-01T00:00:00Z"}, "body.at"),
        ({"at": "0001-01-01T00:00:00+05:00"}, "body.at"),
        ({"committed": "0001-01-01T00:00:00+05:00"}, "body.committed"),
        ({"kind": "share"}, "body.share"),
        ({"share": 0.5}, "body.share"),
        ({"kind": "share", "share": 1.01}, "body.share"),
        ({"kind": "share", "share": "NaN"}, "body.share"),
        ({"kind": "gone"}, "body.kind"),
        ({"version": "3 8"}, "body.version"),
        ({"version": ""}, "body.version"),
        ({"version": "37", "kind": "ended"}, "body.version"),
        ({"version": "37", "kind": "rolled_back"}, "body.version"),
        ({"comit": "a" * 40}, "body.comit"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_written(
    api: Api, more: dict[str, Any], field: str
) -> None:
    with api.client(NOTE) as client:
        answer = client.post("/releases", json=told(**more))
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json()["error"]["fields"]]
    assert notes(api) == []
    assert api.gates.world.story("release_noted") == []


def test_a_clock_a_little_ahead_is_taken_at_our_time(api: Api) -> None:
    now = api.gates.world.clock.now()
    with api.client(NOTE) as client:
        ahead = (now + timedelta(seconds=300)).isoformat()
        assert client.post("/releases", json=told(at=ahead)).status_code == 200
        beyond = (now + timedelta(seconds=301)).isoformat()
        assert client.post("/releases", json=told(at=beyond)).status_code == 422
    (note,) = notes(api)
    assert note.at == now


def test_an_end_is_told_of_what_began(api: Api) -> None:
    with api.client(NOTE) as client:
        client.post("/releases", json=told())
        api.gates.world.clock.advance(60)
        assert client.post("/releases", json=told(kind="rolled_back")).status_code == 200
    assert [note.kind for note in notes(api)] == [NoteKind.BEGAN, NoteKind.ROLLED_BACK]


def test_an_end_before_the_beginning_is_refused_with_field_and_rule(api: Api) -> None:
    began = api.gates.world.clock.now() - timedelta(minutes=10)
    early = (began - timedelta(minutes=10)).isoformat()
    with api.client(NOTE) as client:
        client.post("/releases", json=told(at=began.isoformat()))
        answer = client.post("/releases", json=told(kind="ended", at=early))
    (wrong,) = answer.json()["error"]["fields"]
    assert (answer.status_code, wrong["field"]) == (422, "body.at")
    assert "not earlier than the beginning" in wrong["problem"]
    assert [note.kind for note in notes(api)] == [NoteKind.BEGAN]


def test_shares_of_more_than_all_traffic_are_refused_with_field_and_rule(api: Api) -> None:
    with api.client(NOTE) as client:
        client.post("/releases", json=told(kind="share", share=0.6))
        api.gates.world.clock.advance(60)
        answer = client.post("/releases", json=told(version="39", kind="share", share=0.5))
        (wrong,) = answer.json()["error"]["fields"]
        client.post("/releases", json=told(kind="share", share=0.5))
        mended = client.post("/releases", json=told(version="39", kind="share", share=0.5))
    assert (answer.status_code, wrong["field"]) == (422, "body.share")
    assert "110 % of the traffic: 38 60 % already" in wrong["problem"]
    assert mended.status_code == 200
    assert len(notes(api)) == 3


def test_a_service_that_is_not_there_is_said_so_with_the_nearest(api: Api) -> None:
    with api.client("releases:note:*") as client:
        answer = client.post("/releases", json=told(service="rankr"))
    assert answer.status_code == 404
    assert "`ranker`" in answer.json()["error"]["message"]


def test_releases_are_read_a_page_at_a_time_with_what_they_did(api: Api) -> None:
    world = api.gates.world
    with api.client(NOTE, "read") as client:
        for version in ("36", "37", "38"):
            client.post("/releases", json=told(version=version))
            world.traffic("ranker/availability", 5.0, 3)
        first = client.get("/releases?service=ranker&limit=2").json()
        second = client.get("/releases", params={"service": "ranker", "before": first["next"]})
    assert [one["version"] for one in first["items"]] == ["38", "37"]
    assert [one["version"] for one in second.json()["items"]] == ["36"]
    assert second.json()["next"] is None
    newest = first["items"][0]
    assert (newest["live"], newest["bad"]) == (True, pytest.approx(15))
    assert newest["objectives"][0]["objective"] == "availability"


def test_releases_are_read_only_by_who_may_see_the_service(api: Api) -> None:
    with api.client("gate:decide:recs") as client:
        assert client.get("/releases?service=ranker").status_code == 403
        assert client.get("/releases?service=recs").json() == {"items": [], "next": None}
    with api.client("read") as client:
        assert client.get("/releases?service=none").status_code == 404
        assert client.get("/releases").status_code == 422


def test_an_address_with_two_methods_names_both(api: Api) -> None:
    with api.client() as client:
        answer = client.delete("/releases")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_a_release_that_went_while_nobody_answered_is_announced_when_it_went(api: Api) -> None:
    passed = api.gates.world.clock.now() - timedelta(hours=1)
    body = {
        "subject": {"service": "ranker", "model_version": "38"},
        "passed_at": passed.isoformat(),
        "why": "nobody answered",
    }
    with api.client("gate:decide:ranker") as client:
        for _ in range(2):
            assert client.post("/gate/reports", json=body).status_code == 200
    (note,) = notes(api)
    assert (note.kind, note.at) == (NoteKind.ANNOUNCED, passed)
    (row,) = api.gates.world.story("release_unasked")
    assert note.decision == row.seq
