"""Releases that went into a cluster while nobody was asked, found with the next of their object; in
the words of the API server."""

import copy
from datetime import timedelta

import pytest

from bot.decide.approval import Wish
from bot.decide.cluster import Cluster, Holds
from bot.errors import RecordError
from bot.flow.hosts.ungated import SweepReleases
from bot.record import Database
from tests.admission import IMAGE, Object, annotated, inference, review, scaled, seldon, workload
from tests.contract.clusters import Clusters, knocking
from tests.contract.clusters import clusters as clusters
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]

PLACE = "kubernetes prod/Deployment/search/ranker"


def at(generation: int, thing: Object) -> Object:
    """The object at a generation."""
    found = copy.deepcopy(thing)
    found["metadata"]["generation"] = generation
    return found


def deployment(tag: int, generation: int = 5) -> Object:
    return at(generation, workload(f"{IMAGE}:{tag}"))


def release(clusters: Clusters, old: Object, new: Object, **how: bool) -> bool:
    return bool(clusters.review(review(new, old, **how))["allowed"])  # type: ignore[arg-type]


def later(clusters: Clusters, days: int) -> None:
    """Time goes by, and tokens run out with it."""
    clusters.world.clock.advance(days * 86_400)
    clusters.tokens.clear()


def swept(clusters: Clusters) -> list[tuple[str, str]]:
    """What the sweep lists of never having asked, once it had time to."""
    world = clusters.world
    world.clock.advance(600)
    sweep = SweepReleases(world.record, world.clock, lambda: clusters.catalog[0], world.ops)
    sweep.run()
    return [(row["release"], row["source"]) for row in sweep.listing(ungated=True)]


def test_a_release_that_went_while_nobody_was_asked_is_listed_told_and_on_record_once(
    clusters: Clusters,
) -> None:
    assert release(clusters, deployment(38), deployment(39))
    for _ in range(2):
        assert release(clusters, deployment(41, 7), deployment(42, 7))
    assert swept(clusters) == [("41", PLACE)]
    (row,) = clusters.world.story("release_ungated")
    assert row.decision.evidence["source"] == PLACE
    clusters.world.deliver()
    (told,) = [head for head in clusters.world.heads() if "without asking" in head]
    assert told == "1 release of ranker went without asking the gate since yesterday."
    notes = clusters.world.record.read(
        lambda books: books.journal.of(["ranker"], row.decision.at - timedelta(days=1))
    )
    assert [one.version for one in notes if one.origin == PLACE] == ["41"]
    assert release(clusters, deployment(42, 8), deployment(43, 8))
    assert swept(clusters) == [("41", PLACE)]


@pytest.mark.parametrize(
    "shape",
    [
        lambda tag: workload(f"{IMAGE}:{tag}", "StatefulSet"),
        lambda tag: workload(f"{IMAGE}:{tag}", "Rollout"),
        lambda tag: inference(f"s3://models/ranker/{tag}"),
        lambda tag: seldon(version=tag),
    ],
)
def test_so_is_one_of_every_other_kind(clusters: Clusters, shape: object) -> None:
    assert callable(shape)
    assert release(clusters, shape(38), shape(39))
    assert release(clusters, at(6, shape(40)), at(6, shape(41)))
    assert [name for name, _ in swept(clusters)] == ["40"]


def test_what_an_object_runs_when_it_is_first_seen_is_only_remembered(clusters: Clusters) -> None:
    assert release(clusters, deployment(38), deployment(39))
    assert swept(clusters) == []


def test_releases_that_asked_one_after_the_other_are_never_listed(clusters: Clusters) -> None:
    assert clusters.review(review(deployment(38)))["allowed"]
    for tag in range(38, 42):
        old = scaled(deployment(tag, 2 * tag))
        assert release(clusters, old, deployment(tag + 1, 2 * tag))
    assert swept(clusters) == []


def test_a_release_that_was_stopped_and_went_all_the_same_is_listed(clusters: Clusters) -> None:
    assert release(clusters, deployment(38), deployment(39))
    clusters.world.ask(Wish.FREEZE)
    assert not release(clusters, deployment(39, 6), deployment(40, 6))
    assert not release(clusters, deployment(40, 7), deployment(41, 7))
    assert swept(clusters) == [("40", PLACE)]


def test_one_that_asked_at_another_door_did_ask(clusters: Clusters) -> None:
    assert release(clusters, deployment(38), deployment(39))
    assert clusters.gates.ask("40").outcome.goes
    later(clusters, 5)
    assert release(clusters, deployment(40, 6), deployment(41, 6))
    assert swept(clusters) == []


def test_a_dry_run_remembers_and_lists_nothing(clusters: Clusters) -> None:
    assert release(clusters, deployment(38), deployment(39))
    assert release(clusters, deployment(40, 6), deployment(41, 6), dry_run=True)
    assert swept(clusters) == []
    assert release(clusters, deployment(40, 6), deployment(41, 6))
    assert swept(clusters) == [("40", PLACE)]


def test_an_api_server_that_is_behind_accuses_nobody(clusters: Clusters) -> None:
    assert release(clusters, deployment(38), deployment(39))
    assert release(clusters, deployment(39, 6), deployment(40, 6))
    assert release(clusters, deployment(38), deployment(41))
    assert release(clusters, deployment(40, 7), deployment(42, 7))
    assert swept(clusters) == []


def test_what_a_controller_made_of_another_object_is_no_release_that_never_asked(
    clusters: Clusters,
) -> None:
    owner = {
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "name": "r",
        "uid": "u", "controller": True,
    }  # fmt: skip
    for tag, generation in ((38, 5), (40, 6)):
        old = workload(f"{IMAGE}:{tag}", ownerReferences=[owner], generation=generation)
        new = workload(f"{IMAGE}:{tag + 1}", ownerReferences=[owner], generation=generation)
        assert release(clusters, old, new)
    assert swept(clusters) == []


def test_an_emergency_while_nobody_was_asked_is_listed_once(clusters: Clusters) -> None:
    assert release(clusters, deployment(38), deployment(39))
    broken = annotated(deployment(40, 6), break_glass="INC-7 nobody gets results")
    assert release(clusters, broken, annotated(deployment(41, 6), break_glass="INC-7"))
    assert [name for name, _ in swept(clusters)] == ["40"]
    left = annotated(deployment(42, 7), break_glass="INC-7 nobody gets results")
    assert release(clusters, left, deployment(43, 7))
    assert sorted(name for name, _ in swept(clusters)) == ["40", "42"]


def test_an_object_of_two_services_is_followed_as_each(sqlite_url: str) -> None:
    rule = Holds("search", ("ranker", "recs", "nobody"))
    with Database(sqlite_url) as record:
        world = World(record)
        cluster = Cluster("prod", rules=(rule,))
        with knocking(world, cluster) as clusters:
            clusters.review(review(deployment(39), deployment(38)))
            clusters.review(review(deployment(41, 6), deployment(40, 6)))
            assert [name for name, _ in swept(clusters)] == ["40", "40"]


def test_what_was_let_through_from_memory_did_ask(clusters: Clusters) -> None:
    assert release(clusters, deployment(38), deployment(39))
    clusters.gates.record.fault = RecordError("gone")
    assert release(clusters, deployment(39, 6), deployment(40, 6))
    clusters.gates.record.fault = None
    clusters.gates.flow.keep()
    assert release(clusters, deployment(40, 7), deployment(41, 7))
    assert swept(clusters) == []


def test_objects_that_nothing_was_heard_of_for_long_are_forgotten(clusters: Clusters) -> None:
    assert release(clusters, deployment(38), deployment(39))
    later(clusters, 401)
    swept(clusters)
    assert release(clusters, deployment(40, 6), deployment(41, 6))
    assert swept(clusters) == []
