"""Emergencies in a cluster: who breaks the glass there, and what it opens."""

from bot.errors import RecordError
from tests.admission import NEW, OLD, annotated, review, workload
from tests.contract.clusters import Clusters, frozen
from tests.contract.clusters import clusters as clusters

pytest_plugins = ["tests.record_stores"]

BROKEN = annotated(NEW, break_glass="INC-7 nobody gets results")


def test_breaking_the_glass_is_allowed_recorded_and_opens_a_review(clusters: Clusters) -> None:
    frozen(clusters)
    said = clusters.review(review(BROKEN, OLD), door="break-glass")
    assert said["allowed"] is True
    assert said["warnings"][0] == "the glass is broken (INC-7); somebody will review it"
    (row,) = clusters.world.story("glass_broken")
    evidence = row.decision.evidence
    assert row.decision.actor.id == "email:ada@example.com"
    assert (evidence["incident"], evidence["emergency_reason"]) == ("INC-7", "nobody gets results")
    assert "rights let ada@example.com break the glass" in evidence["membership"]["vouched"]
    reviews = clusters.world.record.read(lambda books: books.reviews.open())
    assert [one.id for one in reviews] == [evidence["review"]]
    again = clusters.review(review(BROKEN, OLD, uid="again"), door="break-glass")
    assert again["allowed"] is True
    assert len(clusters.world.story("glass_broken")) == 1
    clusters.world.deliver()
    (head,) = clusters.world.heads()[1:]
    assert head.startswith("ada@example.com broke the glass for version 39 of ranker (INC-7)")


def test_the_annotation_opens_nothing_at_the_ordinary_door_or_when_it_is_old(
    clusters: Clusters,
) -> None:
    frozen(clusters)
    refused = clusters.review(review(BROKEN, OLD, user="ci"))
    assert refused["allowed"] is False
    assert "opens nothing: ci may not `break` the resource `glass`" in refused["status"]["message"]
    before = annotated(OLD, break_glass="INC-7 nobody gets results")
    assert clusters.review(review(BROKEN, before), door="break-glass")["allowed"] is False
    assert clusters.review(review(NEW, OLD), door="break-glass")["allowed"] is False
    (found,) = clusters.world.story("glass_broken")  # of the release before, which never asked
    assert (found.decision.evidence["version"], found.decision.evidence["afterwards"]) == (
        "38",
        True,
    )


def test_an_emergency_names_its_incident_and_a_reason(clusters: Clusters) -> None:
    frozen(clusters)
    said = clusters.review(review(annotated(NEW, break_glass="INC-7"), OLD), door="break-glass")
    assert (said["allowed"], said["status"]["code"]) == (False, 400)
    assert "burnban.dev/break-glass: INC-7 nobody" in said["status"]["message"]


def test_no_glass_is_broken_where_nothing_stops_the_release_or_in_a_dry_run(
    clusters: Clusters,
) -> None:
    assert clusters.review(review(BROKEN, OLD), door="break-glass")["allowed"] is True
    frozen(clusters)
    dry = clusters.review(review(BROKEN, OLD, dry_run=True), door="break-glass")
    assert dry["allowed"] is True
    assert clusters.world.story("glass_broken") == []


def test_an_emergency_of_a_service_that_nobody_knows_goes_and_is_on_record(
    clusters: Clusters,
) -> None:
    odd = annotated(workload(service="nobody"), break_glass="INC-7 nobody gets results")
    assert clusters.review(review(odd), door="break-glass")["allowed"] is True
    (row,) = clusters.world.story("glass_broken")
    assert row.decision.scope == "service:nobody"


def test_an_emergency_without_a_database_is_left_to_the_cluster(clusters: Clusters) -> None:
    frozen(clusters)
    clusters.review(review(NEW, OLD))
    clusters.gates.record.fault = RecordError("gone")
    path = f"/kubernetes/prod/break-glass/{clusters.token()}"
    answer = clusters.post(path, review(BROKEN, OLD))
    clusters.gates.record.fault = None
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


def test_a_token_that_may_only_ask_breaks_no_glass_with_a_review_written_by_hand(
    clusters: Clusters,
) -> None:
    frozen(clusters)
    asking = clusters.token("gate:decide:ranker", "gate:claim:*", "gate:break-glass:dev")
    odd = annotated(workload(service="nobody"), break_glass="INC-7 nobody gets results")
    for forged in (review(BROKEN, OLD), review(BROKEN, OLD, dry_run=True), review(odd)):
        said = clusters.post(f"/kubernetes/prod/break-glass/{asking}", forged).json()["response"]
        assert (said["allowed"], said["status"]["code"]) == (False, 403)
        assert "gate:break-glass:prod" in said["status"]["message"]
    assert clusters.world.story("glass_broken") == []
    assert clusters.review(review(NEW, OLD))["allowed"] is False
