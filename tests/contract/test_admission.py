"""The admission webhook, from a real server, in the words of the API server."""

from dataclasses import replace

import pytest

from bot.decide.approval import Wish
from bot.decide.cluster import Cluster, Holds, Unknown
from bot.decide.identity import Identities, Identity
from bot.decide.override import Grant
from bot.errors import RecordError
from bot.record import Database
from tests.admission import (
    IMAGE,
    NEW,
    OLD,
    Object,
    annotated,
    inference,
    review,
    scaled,
    seldon,
    workload,
)
from tests.contract.clusters import Clusters, frozen, knocking
from tests.contract.clusters import clusters as clusters
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]

RELEASES = [
    (workload(kind=kind), workload(f"{IMAGE}:39", kind))
    for kind in ("Deployment", "StatefulSet", "Rollout")
] + [(inference(), inference("s3://models/ranker/39")), (seldon(), seldon(version=39))]


@pytest.mark.parametrize(("old", "new"), RELEASES)
def test_a_release_of_every_kind_goes_while_it_is_open_and_is_stopped_by_a_freeze(
    clusters: Clusters, old: Object, new: Object
) -> None:
    went = clusters.review(review(new, old))
    assert went["allowed"] is True
    (row,) = clusters.world.story("release_allowed")
    assert went["auditAnnotations"] == {"decision": str(row.seq), "outcome": "warn"}
    assert went["warnings"] == [went["warnings"][0]]
    assert "may go, with care" in went["warnings"][0]
    assert (row.decision.evidence["version"], row.decision.evidence["deployer"]) == (
        "39",
        "email:ada@example.com",
    )
    number = frozen(clusters, hours=2)
    later = clusters.review(review(new, {**old, "metadata": {**old["metadata"], "generation": 9}}))
    assert (later["allowed"], later["status"]["code"]) == (False, 403)
    message = later["status"]["message"]
    assert f"ranker 39 may not go: releases are frozen by freeze {number}: because." in message
    assert "It opens by itself at " in message
    assert "/override ranker 39 WHY in #search." in message
    (stopped,) = clusters.world.story("release_stopped")
    assert later["auditAnnotations"]["decision"] == str(stopped.seq)


@pytest.mark.parametrize(
    "said",
    [
        review(scaled(NEW), NEW),
        review(NEW, OLD, part="status"),
        review(NEW, OLD, part="scale"),
        review(None, OLD, operation="DELETE"),
        review(annotated(NEW, ticket="ML-1"), NEW),
    ],
)
def test_scaling_status_deletes_and_labels_pass_a_freeze_and_are_not_recorded(
    clusters: Clusters, said: Object
) -> None:
    frozen(clusters)
    before = len(clusters.world.story())
    assert clusters.review(said) == {"uid": said["request"]["uid"], "allowed": True}
    assert len(clusters.world.story()) == before


def granted(clusters: Clusters, number: int, version: str = "39") -> Grant:
    return clusters.gates.grant(number, version=version)


def test_an_override_lets_one_release_through_and_retries_of_it(clusters: Clusters) -> None:
    granted(clusters, frozen(clusters))
    asked = review(NEW, OLD)
    assert clusters.review(asked)["allowed"] is True
    assert clusters.review(review(NEW, OLD, uid="another-attempt"))["allowed"] is True
    (row,) = clusters.world.story("override_used")
    assert row.decision.evidence["run"].startswith("kubernetes:prod/Deployment/search/ranker/")
    other = workload(f"{IMAGE}:40")
    assert clusters.review(review(other, OLD))["allowed"] is False
    later = workload(generation=8)
    assert clusters.review(review(NEW, later))["allowed"] is False


def test_a_dry_run_consumes_and_records_nothing(clusters: Clusters) -> None:
    granted(clusters, frozen(clusters))
    before = len(clusters.world.story())
    dry = clusters.review(review(NEW, OLD, dry_run=True))
    assert (dry["allowed"], dry["auditAnnotations"]["decision"]) == (True, "none")
    other = clusters.review(review(workload(f"{IMAGE}:40"), OLD, dry_run=True))
    assert other["allowed"] is False
    assert "freeze 1" in other["status"]["message"]
    assert len(clusters.world.story()) == before
    assert clusters.review(review(NEW, OLD))["allowed"] is True


def test_a_warning_says_what_to_know_in_120_characters(clusters: Clusters) -> None:
    world = clusters.world
    world.policy = replace(world.policy, mode="monitor")
    reason = "a very long reason " * 10
    frozen(clusters)
    world.ask(Wish.FREEZE, word="recs", reason=reason)
    label = {"burnban.dev/service": "nobody"}
    odd = clusters.review(review(workload(service="", annotations=label)))
    assert odd["allowed"] is False
    plain = clusters.review(review(workload(service="")))
    assert plain["allowed"] is True
    (warning,) = plain["warnings"]
    assert warning.startswith("Deployment search/ranker is no service that Burnban knows")
    assert all(len(one) <= 120 for one in plain["warnings"])


def test_objects_that_are_no_service_are_treated_as_the_specs_say(sqlite_url: str) -> None:
    clusters = (
        Cluster("strict", unknown=Unknown.DENY),
        Cluster("quiet", unknown=Unknown.ALLOW),
        Cluster("mapped", (Holds("search", ("ranker", "recs"), name="ranker"),)),
        Cluster("staging", environment="staging"),
    )
    with Database(sqlite_url) as record, knocking(World(record), *clusters) as found:
        bare = review(workload(service=""))
        strict = found.review(bare, "strict")
        assert (strict["allowed"], strict["status"]["code"]) == (False, 403)
        assert "burnban.dev/service" in strict["status"]["message"]
        assert found.review(bare, "quiet") == {"uid": bare["request"]["uid"], "allowed": True}
        frozen(found, "recs")
        both = found.review(bare, "mapped")
        assert both["allowed"] is False
        assert "recs 38 may not go" in both["status"]["message"]
        assert both["auditAnnotations"]["outcome"] == "warn,deny"
        world = found.world
        services = {"ranker": replace(world.catalog().services["ranker"], environment="prod")}
        found.gates.catalog = replace(found.catalog[0], services=services)
        other = found.review(review(NEW, OLD), "staging")
        assert (other["allowed"], other["status"]["code"]) == (False, 409)


def test_a_label_with_no_service_of_ours_names_the_nearest(clusters: Clusters) -> None:
    said = clusters.review(review(workload(service="rankr")))
    assert said["allowed"] is False
    assert "there is no service rankr; did you mean ranker?" in said["status"]["message"]


def test_a_kind_that_is_claimed_counts_for_the_version_that_it_names(clusters: Clusters) -> None:
    frozen(clusters)
    back = workload(f"{IMAGE}:37")
    assert clusters.review(review(annotated(back, kind="rollback 37"), OLD))["allowed"] is True
    stale = annotated(NEW, kind="rollback 37")
    assert clusters.review(review(stale, OLD))["allowed"] is False
    assert clusters.review(review(annotated(NEW, kind="rollback"), OLD))["allowed"] is False
    assert clusters.review(review(annotated(NEW, kind="magic 39"), OLD))["allowed"] is False


def test_whoever_was_stopped_hears_of_it_by_the_address_that_the_cluster_knows(
    clusters: Clusters,
) -> None:
    person = Identity(("UADA", "email:ada@example.com"))
    catalog = replace(clusters.catalog[0], identities=Identities.of([person]))
    clusters.gates.catalog = clusters.catalog[0] = catalog
    frozen(clusters)
    clusters.review(review(NEW, OLD))
    clusters.world.deliver()
    posted = clusters.world.messenger.posted
    assert "UADA" in "".join(one.channel + one.message.text for one in posted)


def test_without_a_database_what_was_known_answers_and_then_nobody_is_let_in(
    clusters: Clusters,
) -> None:
    clusters.review(review(NEW, OLD))
    clusters.gates.record.fault = RecordError("gone")
    clusters.world.clock.advance(899)
    known = clusters.review(review(workload(f"{IMAGE}:40"), OLD))
    assert (known["allowed"], known["auditAnnotations"]["decision"]) == (True, "none")
    clusters.world.clock.advance(1)
    path = f"/kubernetes/prod/review/{clusters.token()}"
    late = clusters.post(path, review(NEW, OLD))
    clusters.gates.record.fault = None
    assert late.status_code == 503
    assert "retry-after" in late.headers


def test_an_override_for_a_commit_is_asked_for_with_the_whole_commit(clusters: Clusters) -> None:
    number, sha = frozen(clusters), "3f2a9c1d0b" * 4
    new = workload(f"{IMAGE}:{sha}")
    said = clusters.review(review(new, OLD))
    assert f"/override ranker {sha} WHY" in said["status"]["message"]
    short = clusters.review(review(workload(f"{IMAGE}:{sha[:9]}"), OLD))
    assert f"/override ranker version:{sha[:9]} WHY" in short["status"]["message"]
    clusters.gates.grant(number, version="", commit=sha)
    assert clusters.review(review(new, OLD))["allowed"] is True
