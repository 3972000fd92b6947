"""Rollback hooks: told yes once a rollback was approved, and never else."""

from pathlib import Path
from typing import Any

import yaml

from bot.decide.approval import Choice
from bot.decide.release import NoteKind
from bot.errors import RecordError
from tests.builders import MINUTE
from tests.contract.clusters import Clusters
from tests.contract.clusters import clusters as clusters
from tests.flow.canaries import Canaries

pytest_plugins = ["tests.record_stores"]

FOLDER = Path(__file__).parents[2] / "integrations"
BAD = {"metadata": {"version": "38"}}


def proposed(clusters: Clusters) -> Canaries:
    """38 fails more than 37, and people are asked."""
    canaries = Canaries(clusters.world)
    canaries.bad()
    canaries.look()
    return canaries


def state(clusters: Clusters, **said: Any) -> tuple[int, str]:
    flagger = clusters.stage("flagger", "ranker/rollback", **said)
    rollouts = clusters.stage("rollouts", "ranker/rollback", **said)
    assert rollouts.status_code == 200
    return flagger.status_code, rollouts.json()["data"]["state"]


def test_a_hook_is_told_yes_only_after_the_approval_and_until_the_release_is_gone(
    clusters: Clusters,
) -> None:
    assert state(clusters, **BAD) == (409, "keep")
    canaries = proposed(clusters)
    assert state(clusters, **BAD) == (409, "keep")
    (request,) = clusters.world.pending()
    clusters.world.vote(request, "UADA")
    assert state(clusters, **BAD) == (200, "rollback")
    assert state(clusters, metadata={"version": "37"}) == (409, "keep")
    assert state(clusters) == (409, "keep")
    clusters.world.clock.advance(MINUTE)
    canaries.note("38", NoteKind.ROLLED_BACK)
    canaries.follow()
    assert state(clusters, **BAD) == (409, "keep")


def test_a_denial_keeps_the_release(clusters: Clusters) -> None:
    proposed(clusters)
    (request,) = clusters.world.pending()
    clusters.world.vote(request, "UADA", Choice.DENY)
    assert state(clusters, **BAD) == (409, "keep")


def test_asking_for_a_rollback_is_no_question_to_the_gate(clusters: Clusters) -> None:
    state(clusters, **BAD)
    assert clusters.world.story("release_allowed", "release_stopped") == []


def test_a_token_opens_only_what_its_scopes_say(clusters: Clusters) -> None:
    said = {"checksum": "1", **BAD}
    for tool in ("flagger", "rollouts"):
        path = f"/gates/{tool}/ranker/rollback"
        other = f"Bearer {clusters.token('gate:decide:recs')}"
        assert clusters.post(path, said).status_code == 401
        assert clusters.post(path, said, authorization=other).status_code == 403
    assert clusters.stage("flagger", "nobody/rollback", **BAD).status_code == 404


def test_while_the_database_is_away_nothing_is_rolled_back(clusters: Clusters) -> None:
    proposed(clusters)
    (request,) = clusters.world.pending()
    clusters.world.vote(request, "UADA")
    clusters.stage("flagger", "ranker/rollback", **BAD)  # the token is remembered
    clusters.gates.record.fault = RecordError("away")
    assert state(clusters, **BAD) == (503, "keep")


def test_the_examples_name_the_doors_that_there_are(clusters: Clusters) -> None:
    canary = yaml.safe_load((FOLDER / "flagger" / "canary.yaml").read_text())
    hooks = canary["spec"]["analysis"]["webhooks"]
    (back,) = (hook for hook in hooks if hook["type"] == "rollback")
    assert back["url"].endswith("/gates/flagger/ranker/rollback")
    found = yaml.safe_load((FOLDER / "argo-rollouts" / "rollback-template.yaml").read_text())
    (metric,) = found["spec"]["metrics"]
    assert metric["failureCondition"] == 'result == "rollback"'
    assert metric["provider"]["web"]["url"].endswith("/gates/rollouts/{{args.service}}/rollback")
    assert state(clusters, metadata=back["metadata"] | {"token": clusters.token()}) == (409, "keep")
