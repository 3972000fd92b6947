"""The gates of progressive delivery, as Argo Rollouts and Flagger ask them."""

from dataclasses import replace

import pytest

from bot.decide.approval import Wish
from bot.decide.freeze import Effect
from bot.errors import RecordError
from tests.contract.clusters import Clusters, frozen
from tests.contract.clusters import clusters as clusters
from tests.record_samples import freeze

pytest_plugins = ["tests.record_stores"]

VERSION = {"metadata": {"version": "39"}}


def test_a_metric_of_rollouts_reads_a_state_and_always_gets_200(clusters: Clusters) -> None:
    went = clusters.stage("rollouts", **VERSION)
    assert (went.status_code, went.json()["data"]["state"]) == (200, "open")
    number = frozen(clusters)
    held = clusters.stage("rollouts", **VERSION)
    data = held.json()["data"]
    assert (held.status_code, data["state"]) == (200, "deny")
    assert f"freeze {number}" in data["reason"]
    assert "/override ranker 39 WHY" in data["reason"]
    assert data["decision"] == str(clusters.world.story("release_stopped")[0].seq)


def test_flagger_goes_on_200_and_waits_with_the_reason_on_anything_else(
    clusters: Clusters,
) -> None:
    went = clusters.stage("flagger", **VERSION)
    assert (went.status_code, went.text.startswith("ranker 39 may go")) == (200, True)
    frozen(clusters)
    held = clusters.stage("flagger", **VERSION)
    assert held.status_code == 403
    assert held.headers["content-type"].startswith("text/plain")
    assert held.text.startswith("ranker 39 may not go: releases are frozen by freeze 1: because.")


def test_what_has_to_wait_is_held_and_does_not_go(clusters: Clusters) -> None:
    held = replace(freeze(), effect=Effect.HOLD)
    clusters.world.record.write(lambda books: books.freezes.add(held))
    said = clusters.stage("rollouts", **VERSION)
    assert (said.status_code, said.json()["data"]["state"]) == (200, "hold")
    said = clusters.stage("flagger", **VERSION)
    assert (said.status_code, said.text.startswith("ranker 39 has to wait")) == (409, True)


@pytest.mark.parametrize("tool", ["rollouts", "flagger"])
def test_whoever_waits_sees_the_thaw_and_is_recorded_once(clusters: Clusters, tool: str) -> None:
    frozen(clusters)
    for _ in range(3):
        clusters.stage(tool, **VERSION)
        clusters.world.clock.advance(60)
    assert len(clusters.world.story("release_stopped")) == 1
    clusters.world.ask(Wish.UNFREEZE)
    clusters.world.vote(clusters.world.pending()[0], "UBEN")
    answer = clusters.stage(tool, **VERSION)
    assert answer.status_code == 200
    assert "open" in answer.text or answer.text.startswith("ranker 39 may go")


def test_an_override_is_used_by_the_revision_that_waits(clusters: Clusters) -> None:
    clusters.gates.grant(frozen(clusters), version="39")
    assert clusters.stage("flagger", **VERSION).status_code == 200
    assert clusters.stage("flagger", **VERSION).status_code == 200
    assert clusters.stage("flagger", checksum="other", **VERSION).status_code == 403
    (row,) = clusters.world.story("override_used")
    assert row.decision.evidence["run"] == "flagger:search/ranker/85d55:1"


def test_a_revision_without_a_version_is_called_by_its_checksum(clusters: Clusters) -> None:
    frozen(clusters)
    held = clusters.stage("flagger")
    assert "/override ranker checksum-85d55 WHY" in held.text
    clusters.gates.grant(1, version="checksum-85d55")
    assert clusters.stage("flagger").status_code == 200


def test_the_token_comes_in_the_metadata_where_no_header_can_be_sent(clusters: Clusters) -> None:
    said = {"name": "ranker", "namespace": "search", "phase": "", "checksum": "1"}
    meta = {"metadata": {"token": clusters.token(), "version": "39"}}
    for tool in ("flagger", "rollouts"):
        assert clusters.post(f"/gates/{tool}/ranker", said | meta).status_code == 200
        assert clusters.post(f"/gates/{tool}/ranker", said).status_code == 401
        wrong = {"metadata": {"token": "burnban_wrong"}}
        assert clusters.post(f"/gates/{tool}/ranker", said | wrong).status_code == 401
    texts = [str(row.decision.evidence) for row in clusters.world.story()]
    assert all(clusters.token() not in text for text in texts)


def test_what_cannot_be_decided_waits(clusters: Clusters) -> None:
    clusters.stage("flagger", **VERSION)
    clusters.gates.record.fault = RecordError("gone")
    clusters.world.clock.advance(895)
    clusters.token()
    assert clusters.stage("rollouts", **VERSION).json()["data"]["state"] == "open"
    clusters.world.clock.advance(5)
    late = clusters.stage("flagger", **VERSION)
    clusters.gates.record.fault = None
    assert (late.status_code, "retry-after" in late.headers) == (503, True)
    assert late.text


@pytest.mark.parametrize(("tool", "code"), [("rollouts", 200), ("flagger", 503)])
def test_whoever_asks_while_the_database_hangs_waits_for_the_next_time(
    clusters: Clusters, tool: str, code: int
) -> None:
    clusters.stage("flagger", version="1")
    clusters.gates.flow.patience = 0.1
    clusters.gates.record.goes.clear()
    late = clusters.stage(tool, **VERSION)
    clusters.gates.record.goes.set()
    assert late.status_code == code
    assert "The database has not answered for 0.1 s" in late.text
    if tool == "rollouts":
        assert late.json()["data"]["state"] == "hold"
    else:
        assert int(late.headers["retry-after"]) > 0


@pytest.mark.parametrize(("tool", "code"), [("rollouts", 200), ("flagger", 503)])
def test_a_token_that_cannot_be_looked_up_now_waits_too(
    clusters: Clusters, tool: str, code: int
) -> None:
    clusters.token()
    clusters.gates.record.fault = RecordError("gone")
    answer = clusters.stage(tool, **VERSION)
    clusters.gates.record.fault = None
    assert answer.status_code == code
    assert "The database does not answer" in answer.text
    if tool == "rollouts":
        assert answer.json()["data"]["state"] == "hold"


def test_unknown_services_and_other_tokens_wait_too(clusters: Clusters) -> None:
    assert clusters.stage("flagger", "rankr").status_code == 403
    assert clusters.stage("rollouts", "rankr").json()["data"]["state"] == "deny"
    bearer = f"Bearer {clusters.token('gate:decide:recs')}"
    for tool in ("flagger", "rollouts"):
        answer = clusters.post(f"/gates/{tool}/ranker", {"name": "x"}, authorization=bearer)
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"metadata": []}', b'{"metadata": {"version": "a\\nb"}}', b'{"name": 7}'],
)
def test_a_body_that_is_none_is_the_callers_fault(clusters: Clusters, body: bytes) -> None:
    bearer = f"Bearer {clusters.token()}"
    answer = clusters.post("/gates/flagger/ranker", body, authorization=bearer)
    assert answer.status_code in (400, 422)


def test_a_field_that_is_not_known_yet_is_passed_over(clusters: Clusters) -> None:
    assert clusters.stage("flagger", buildId="1", **VERSION).status_code == 200
