"""What Flagger tells of a rollout stands in the journal."""

from datetime import timedelta
from typing import Any

import httpx

from bot.decide.release import End, NoteKind, Release, journal
from tests.contract.clusters import Clusters
from tests.contract.clusters import clusters as clusters

pytest_plugins = ["tests.record_stores"]


def tell(
    clusters: Clusters, message: str, phase: str = "Progressing", **more: Any
) -> httpx.Response:
    token = more.pop("token", None) or clusters.token("releases:note:*")
    service = more.pop("service", "ranker")
    metadata = {
        "eventMessage": message,
        "eventType": "Normal",
        "timestamp": message,
        "version": "38",
    }
    body = {"name": "ranker", "namespace": "search", "phase": phase, "checksum": "85d5"}
    said = {**body, "metadata": {**metadata, **more}}
    return clusters.post(f"/gates/flagger/{service}/event", said, Authorization=f"Bearer {token}")


def releases(clusters: Clusters) -> list[Release]:
    since = clusters.world.clock.now() - timedelta(days=1)
    return journal(clusters.world.record.read(lambda books: books.journal.of(["ranker"], since)))


def test_each_weight_is_a_share_and_the_promotion_is_everything(clusters: Clusters) -> None:
    for weight in (10, 20):
        answer = tell(clusters, f"Advance ranker.search canary weight {weight}")
        assert answer.status_code == 200, answer.text
        clusters.world.clock.advance(60)
    assert tell(clusters, "Promotion completed!", "Succeeded").status_code == 200
    (found,) = releases(clusters)
    assert (found.version, found.actor) == ("38", "flagger")
    assert [float(share) for _, share in found.shares] == [0.1, 0.2, 1.0]


def test_a_canary_that_fails_was_taken_back(clusters: Clusters) -> None:
    tell(clusters, "Advance ranker.search canary weight 10")
    clusters.world.clock.advance(60)
    tell(clusters, "Canary failed!", "Failed")
    (found,) = releases(clusters)
    assert found.end is End.ROLLED_BACK


def test_a_newer_revision_takes_the_place_of_the_canary_before_it(clusters: Clusters) -> None:
    tell(clusters, "Advance ranker.search canary weight 60")
    clusters.world.clock.advance(60)
    newer = "Advance ranker.search canary weight 50"
    assert tell(clusters, newer, version="39").status_code == 200
    assert [float(one.shares[-1][1]) for one in releases(clusters)] == [0.6, 0.5]


def test_what_is_told_again_or_tells_nothing_of_the_traffic_changes_nothing(
    clusters: Clusters,
) -> None:
    message = "Advance ranker.search canary weight 10"
    tell(clusters, message)
    clusters.world.clock.advance(5)
    assert tell(clusters, message).status_code == 200
    for phase in ("Progressing", "Promoting", "Finalising", "Waiting"):
        assert tell(clusters, "New revision detected!", phase).status_code == 202
    (found,) = releases(clusters)
    assert len(found.shares) == 1


def test_rollouts_of_two_services_that_are_called_alike_are_told_apart(clusters: Clusters) -> None:
    for service in ("ranker", "recs"):
        answer = tell(clusters, "Promotion completed!", "Succeeded", service=service)
        assert (answer.status_code, service in answer.text) == (200, True)


def test_the_token_must_be_one_that_may_tell_of_releases(clusters: Clusters) -> None:
    refused = tell(clusters, "canary weight 10", token=clusters.token("gate:decide:ranker"))
    assert refused.status_code == 403
    assert "may not tell" in refused.text
    assert tell(clusters, "canary weight 10", token="burnban_none").status_code == 401
    assert releases(clusters) == []


def test_what_an_unknown_version_came_to_is_refused_in_words(clusters: Clusters) -> None:
    answer = tell(clusters, "Canary failed!", "Failed", version="99")
    assert answer.status_code == 422
    assert "Nobody ever told" in answer.text


def test_a_cluster_that_asks_the_gate_announces(clusters: Clusters) -> None:
    clusters.stage("flagger", metadata={"version": "39"})
    since = clusters.world.clock.now() - timedelta(days=1)
    (note,) = clusters.world.record.read(lambda books: books.journal.of(["ranker"], since))
    assert (note.version, note.kind, note.origin) == ("39", NoteKind.ANNOUNCED, "gate")
