"""The API over HTTP, from a real server: its shapes, its faults, and what it never does."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.decide.approval import Wish
from bot.decide.caller import Rights
from bot.decide.pipeline import Pipeline, PipelineRule, System
from bot.errors import RecordError
from bot.record import Database
from bot.remote.client import Signed
from bot.remote.lease import Lease
from tests.api import Api, question, serving
from tests.flow.conftest import World
from tests.flow.gates import Gates
from tests.issuer import issuing

pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def api(sqlite_url: str) -> Iterator[Api]:
    with Database(sqlite_url) as record:
        world = World(record)
        world.history_of_calm()
        with serving(Gates(world), within=0.3) as served:
            yield served


def test_a_question_is_answered_in_the_shape_that_is_described(api: Api) -> None:
    with api.client() as client:
        answer = client.post("/gate/decisions", json=question())
    assert answer.status_code == 200
    said = answer.json()
    assert (said["allowed"], said["outcome"], said["mode"]) == (True, "allow", "enforce")
    assert said["reasons"][0]["code"] == "OPEN"
    assert said["budget"]["stale"] is False
    assert said["override_id"] is None
    assert said["recorded"] is True
    row = api.gates.world.story("release_allowed")[0]
    assert said["decision_id"] == str(row.seq)


def test_no_is_an_answer_with_the_way_on(api: Api) -> None:
    api.gates.world.ask(Wish.FREEZE, hours=2)
    with api.client() as client:
        answer = client.post("/gate/decisions", json=question())
    assert answer.status_code == 200
    said = answer.json()
    assert (said["allowed"], said["outcome"]) == (False, "deny")
    assert said["next_open"] == (api.gates.world.clock.now() + timedelta(hours=2)).isoformat()
    assert said["request_override"] == "/override ranker 38 <reason>"
    assert (said["team"], said["channel"]) == ("Search", "#search")


def test_nobody_is_answered_without_a_token(api: Api) -> None:
    with httpx.Client(base_url=f"{api.url}/v1", trust_env=False) as client:
        for method, path in (
            ("POST", "/gate/decisions"),
            ("POST", "/gate/reports"),
            ("POST", "/slices"),
            ("GET", "/gate/status?service=ranker"),
            ("GET", "/budgets"),
            ("GET", "/freezes"),
            ("GET", "/history"),
            ("POST", "/releases"),
            ("GET", "/releases?service=ranker"),
        ):
            answer = client.request(method, path, json=question() if method == "POST" else None)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert answer.json()["error"]["code"] == "unidentified"
    assert api.gates.world.story("release_allowed") == []


def test_a_token_opens_what_its_scopes_name_and_nothing_else(api: Api) -> None:
    with api.client("gate:decide:recs") as client:
        assert client.post("/gate/decisions", json=question("recs")).status_code == 200
        assert client.post("/gate/decisions", json=question()).status_code == 403
        assert client.get("/gate/status?service=recs").status_code == 200
        assert client.get("/gate/status?service=ranker").status_code == 403
        assert client.get("/budgets?service=recs").status_code == 200
        assert client.get("/budgets").status_code == 403
        assert client.get("/history").status_code == 403
        assert client.get("/freezes?service=ranker").status_code == 403
    with api.client("read") as client:
        assert client.get("/history").status_code == 200
        assert client.post("/gate/decisions", json=question()).status_code == 403


def test_a_claim_counts_only_where_the_token_may_make_it(api: Api) -> None:
    with api.client("gate:decide:*") as client:
        client.post("/gate/decisions", json=question(kind="security-fix"))
    with api.client("gate:decide:*", "gate:claim:security-fix") as client:
        client.post("/gate/decisions", json=question(kind="security-fix"))
    rows = api.gates.world.story("release_allowed")
    assert [row.decision.evidence["kind_trusted"] for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": {}}, "body.subject"),
        ({"subject": {"service": "no good"}}, "body.subject.service"),
        ({"subject": {"service": None}}, "body.subject.service"),
        ({"subject": {"service": "ranker", "servce": "x"}}, "body.subject.servce"),
        ({"change": {"commit": "abc"}}, "body.change.commit"),
        ({"change": {"kind": "hotfix"}}, "body.change.kind"),
        ({"change": {"ticket": "a\nb"}}, "body.change.ticket"),
        ({"run": {"system": "github", "id": ""}}, "body.run.id"),
        ({"run": None}, "body.run"),
        ({"more": 1}, "body.more"),
    ],
)
def test_a_field_that_is_wrong_is_named(api: Api, change: dict[str, object], field: str) -> None:
    with api.client() as client:
        answer = client.post("/gate/decisions", json={**question(), **change})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert field in [one["field"] for one in error["fields"]]
    assert field in error["message"]


def test_what_is_no_json_is_told_so_and_nothing_of_it_comes_back(api: Api) -> None:
    with api.client() as client:
        answer = client.post("/gate/decisions", content=b'{"subject": "s3cret')
    assert answer.status_code == 422
    assert "s3cret" not in answer.text


def test_a_service_where_it_is_not_is_a_contradiction_and_a_model_finds_its_service(
    api: Api,
) -> None:
    subject = {"service": "ranker", "environment": "mars"}
    with api.client() as client:
        assert client.post("/gate/decisions", json={"subject": subject}).status_code == 200
        missing = client.post("/gate/decisions", json={"subject": {"model": "none"}})
        assert missing.status_code == 404


def test_status_speaks_as_kargo_does_and_bears_the_tokens_signature(
    api: Api, tmp_path: Path
) -> None:
    token = api.token("gate:decide:ranker")
    headers = {"Authorization": f"Bearer {token}"}
    api.gates.world.ask(Wish.FREEZE, hours=2)
    answer = httpx.get(f"{api.url}/v1/gate/status?service=ranker", headers=headers, trust_env=False)
    said = answer.json()
    assert (said["closed"], "nextOpen" in said, "nextClose" in said) == (True, True, False)
    signed = Signed(answer.content, answer.headers["burnban-signature"])
    mine, other = Lease(tmp_path, "u", token), Lease(tmp_path, "u", token + "x")
    assert mine.keep("ranker", signed)
    assert not other.keep("ranker", signed)
    kept = mine.kept("ranker")
    assert kept is not None
    assert kept.codes == ("MANUAL_FREEZE",)
    assert other.kept("ranker") is None


def test_status_of_a_time_to_come_and_of_one_gone_by(api: Api) -> None:
    api.gates.world.ask(Wish.FREEZE, hours=2)
    now = api.gates.world.clock.now()
    with api.client() as client:
        ask = lambda at: client.get(  # noqa: E731 - said twice
            "/gate/status", params={"service": "ranker", "at": at.isoformat()}
        )
        assert ask(now + timedelta(hours=3)).json()["closed"] is False
        assert ask(now - timedelta(hours=3)).status_code == 409
        assert client.get("/gate/status?service=nobody").status_code == 404


def test_pages_follow_each_other_to_the_end(api: Api) -> None:
    with api.client() as client:
        first = client.get("/budgets?limit=1").json()
        second = client.get("/budgets", params={"limit": 1, "after": first["next"]}).json()
        ids = [one["id"] for one in first["items"] + second["items"]]
        assert ids == ["ranker/availability", "recs/availability"]
        assert second["next"] is None
        for version in ("1", "2", "3"):
            client.post("/gate/decisions", json=question(version=version))
        newest = client.get("/history?limit=2").json()
        older = client.get("/history", params={"limit": 2, "before": newest["next"]}).json()
        seqs = [one["seq"] for one in newest["items"] + older["items"]]
        assert seqs == sorted(seqs, reverse=True)
        assert len(set(seqs)) == len(seqs) > 2


def test_a_passage_without_an_answer_comes_on_record_once(api: Api) -> None:
    at = api.gates.world.clock.now().isoformat()
    passage = {**question(kind="rollback"), "passed_at": at, "why": "nobody answered"}
    with api.client() as client:
        assert client.post("/gate/reports", json=passage).json() == {"recorded": True}
        assert client.post("/gate/reports", json=passage).json() == {"recorded": False}
        old = {**passage, "passed_at": "2020-01-01T00:00:00Z"}
        assert client.post("/gate/reports", json=old).status_code == 409
    with api.client("gate:decide:recs") as client:
        assert client.post("/gate/reports", json=passage).status_code == 403
    (row,) = api.gates.world.story("release_unasked")
    assert row.decision.evidence["passed_at"] == at
    assert row.decision.evidence["why"] == "nobody answered"


def test_who_cannot_decide_says_when_to_ask_again(api: Api) -> None:
    with api.client() as client:
        client.get("/gate/status?service=ranker")
        api.gates.record.fault = RecordError("gone")
        said = client.post("/gate/decisions", json=question()).json()
        assert (said["recorded"], said["decision_id"]) == (False, None)
        api.gates.world.clock.advance(899)
        assert client.get("/history").status_code == 503
        api.gates.world.clock.advance(1)
        answer = client.post("/gate/decisions", json=question())
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
    api.gates.record.fault = None


def test_the_api_describes_itself_to_everybody(api: Api) -> None:
    said = httpx.get(f"{api.url}/v1/openapi.json", trust_env=False).json()
    assert set(said["paths"]) == {
        "/gate/decisions",
        "/gate/reports",
        "/gate/status",
        "/budgets",
        "/freezes",
        "/history",
        "/slices",
        "/releases",
    }
    for path in said["paths"].values():
        for operation in path.values():
            assert operation["security"] == [{"HTTPBearer": []}]
            assert {"401", "403", "422", "503"} <= set(operation["responses"])


def test_no_input_is_answered_with_an_error_of_ours_or_by_what_is_not_described(
    api: Api, tmp_path: Path
) -> None:
    (tmp_path / "schemathesis.toml").write_text('[parameters]\n"query.service" = "ranker"\n')
    words = [
        "run", f"{api.url}/v1/openapi.json", "--mode", "all", "-c", "all",
        "--continue-on-failure", "-H", f"Authorization: Bearer {api.token()}",
        "--max-examples", "15", "--suppress-health-check", "all", "--no-color",
    ]  # fmt: skip
    tool = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [str(tool), *words], cwd=tmp_path, text=True, capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-6_000:]
    tested = [line for line in done.stdout.splitlines() if "Tested:" in line]
    assert tested == ["  Tested: 9"], done.stdout[-2_000:]
    assert "server error" not in done.stdout.lower()


def test_a_token_stands_in_no_answer_and_no_row(api: Api) -> None:
    token = api.token()
    with httpx.Client(
        base_url=f"{api.url}/v1", headers={"Authorization": f"Bearer {token}"}, trust_env=False
    ) as client:
        texts = [client.post("/gate/decisions", json=question()).text]
        texts += [client.get(path).text for path in ("/history?limit=200", "/budgets", "/freezes")]
    assert all(token not in text for text in texts)


def test_a_run_of_github_asks_without_a_secret(sqlite_url: str) -> None:
    rule = PipelineRule("acme/ranker", Rights.of(["gate:decide:ranker"]), ("prod",))
    with issuing() as issuer, Database(sqlite_url) as record:
        world = World(record)
        pipeline = Pipeline("ci", System.GITHUB, issuer.url, "burnban", (rule,))
        catalog = replace(world.catalog(), pipelines={"ci": pipeline})
        now = world.clock.now().timestamp()
        with serving(Gates(world), catalog) as api:

            def ask(word: str, body: dict[str, object]) -> httpx.Response:
                headers = {"Authorization": f"Bearer {word}"}
                url = f"{api.url}/v1/gate/decisions"
                return httpx.post(url, json=body, headers=headers, trust_env=False)

            asked = {"subject": {"service": "ranker", "model_version": "38"}}
            assert ask(issuer.identity(now), asked).status_code == 200
            other = issuer.identity(now, environment="staging")
            assert ask(other, asked).status_code == 403
            foreign = {**asked, "run": {"system": "github", "id": "1"}}
            assert ask(issuer.identity(now), foreign).status_code == 409
            assert ask(issuer.identity(now, aud="other"), asked).status_code == 401
            issuer.silent = True
            assert ask(issuer.identity(now), asked).status_code == 200
        (row,) = world.story("release_allowed")
        assert row.decision.actor.id == "ci:ci:acme/ranker"
        assert row.decision.evidence["run"] == "github:77:1"
