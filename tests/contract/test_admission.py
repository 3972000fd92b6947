"""The admission webhook, from a real server, in the words of the API server."""

import base64
import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from bot.decide.approval import Wish
from bot.decide.cluster import Cluster, Holds, Unknown
from bot.decide.identity import Identities, Identity
from bot.decide.override import Grant
from bot.errors import RecordError
from bot.record import Database
from tests.admission import IMAGE, Object, annotated, inference, review, scaled, seldon, workload
from tests.contract.clusters import Clusters, knocking
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]

OLD, NEW = workload(), workload(f"{IMAGE}:39")
RELEASES = [
    (workload(kind=kind), workload(f"{IMAGE}:39", kind))
    for kind in ("Deployment", "StatefulSet", "Rollout")
] + [(inference(), inference("s3://models/ranker/39")), (seldon(), seldon(version=39))]


@pytest.fixture
def clusters(sqlite_url: str) -> Iterator[Clusters]:
    with Database(sqlite_url) as record, knocking(World(record), within=0.3) as found:
        yield found


def frozen(clusters: Clusters, word: str = "ranker", hours: float | None = None) -> int:
    clusters.world.ask(Wish.FREEZE, word=word, hours=hours)
    return clusters.world.freezes()[-1].id


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


def test_an_emergency_without_a_database_is_left_to_the_cluster(clusters: Clusters) -> None:
    frozen(clusters)
    clusters.review(review(NEW, OLD))
    clusters.gates.record.fault = RecordError("gone")
    path = f"/kubernetes/prod/break-glass/{clusters.token()}"
    answer = clusters.post(path, review(BROKEN, OLD))
    clusters.gates.record.fault = None
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


@pytest.mark.parametrize("word", ["", "/wrong", "/burnban_wrong", "/a.b.c"])
def test_whoever_bears_no_token_is_turned_away_before_anything_is_read(
    clusters: Clusters, word: str
) -> None:
    answer = clusters.post(f"/kubernetes/prod/review{word}", b"no json")
    assert answer.status_code == 401


def test_a_token_comes_in_the_address_as_bearer_or_as_a_password(clusters: Clusters) -> None:
    word, said = clusters.token(), review(NEW, OLD)
    basic = base64.b64encode(f"burnban:{word}".encode()).decode()
    for header in (f"Bearer {word}", f"Basic {basic}"):
        answer = clusters.post("/kubernetes/prod/review", said, authorization=header)
        assert answer.status_code == 200
    bad = clusters.post("/kubernetes/prod/review", said, authorization="Basic !!!")
    assert bad.status_code == 401


def test_a_token_for_other_services_refuses_the_change_and_says_why(clusters: Clusters) -> None:
    word = clusters.token("gate:decide:recs")
    answer = clusters.post(f"/kubernetes/prod/review/{word}", review(NEW, OLD))
    response = answer.json()["response"]
    assert (response["allowed"], response["status"]["code"]) == (False, 403)
    assert "may not ask for releases of ranker" in response["status"]["message"]


def test_the_token_stands_in_no_log_and_no_row(
    clusters: Clusters, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    frozen(clusters)
    word = clusters.token()
    texts = [json.dumps(clusters.review(review(NEW, OLD)))]
    texts += [
        clusters.post(f"/kubernetes/{name}/review/{word}", b"{").text for name in ("prod", "x")
    ]
    texts += [str(row.decision.evidence) for row in clusters.world.story()]
    ours = [str(one.msg) + str(one.args) for one in caplog.records if one.name.startswith("bot")]
    assert all(word not in text for text in [*texts, *ours])


NESTED = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
HOSTILE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    NESTED,
    b'{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview"}',
    b'{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":[]}',
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_a_malformed_review_is_the_callers_fault(clusters: Clusters, body: bytes) -> None:
    answer = clusters.post(f"/kubernetes/prod/review/{clusters.token()}", body)
    assert answer.status_code == 422


def test_a_cluster_that_the_specs_do_not_name_is_not_there(clusters: Clusters) -> None:
    answer = clusters.post(f"/kubernetes/dev/review/{clusters.token()}", review(NEW, OLD))
    assert answer.status_code == 404


def test_odd_names_are_judged_like_others_and_break_nothing(clusters: Clusters) -> None:
    odd = json.dumps("\ud800\n<@U1> `x`" * 30)
    raw = json.dumps(review(workload("IMG", service="SVC"), user="USR"))
    body = raw.replace('"IMG"', odd).replace('"SVC"', odd).replace('"USR"', odd).encode()
    answer = clusters.post(f"/kubernetes/prod/review/{clusters.token()}", body)
    assert answer.status_code == 200
    assert answer.json()["response"]["allowed"] is False
    ranked = raw.replace('"IMG"', odd).replace('"SVC"', '"ranker"').replace('"USR"', odd).encode()
    frozen(clusters)
    answer = clusters.post(f"/kubernetes/prod/review/{clusters.token()}", ranked)
    assert answer.json()["response"]["allowed"] is False
    clusters.world.deliver()
    assert "<@U1>" not in "".join(clusters.world.heads())


def test_a_large_review_is_read_and_a_larger_one_is_not(clusters: Clusters) -> None:
    path = f"/kubernetes/prod/review/{clusters.token()}"
    large = annotated(NEW, note="x" * 1_500_000)
    assert clusters.post(path, review(large, OLD)).status_code == 200
    larger = annotated(NEW, note="x" * 7_000_000)
    assert clusters.post(path, review(larger, OLD)).status_code == 413


def test_a_review_that_does_not_arrive_is_not_waited_for(clusters: Clusters) -> None:
    parts = urlsplit(clusters.url)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 0), timeout=10) as line:
        head = f"POST /kubernetes/prod/review/{clusters.token()} HTTP/1.1\r\nhost: x\r\n"
        line.sendall(f"{head}content-length: 100\r\n\r\n{{".encode())
        assert b" 408 " in line.recv(65_536).split(b"\r\n")[0]


def test_get_is_no_way_to_ask(clusters: Clusters) -> None:
    url = f"{clusters.url}/kubernetes/prod/review/{clusters.token()}"
    assert httpx.get(url, trust_env=False).status_code == 405


def test_an_override_for_a_commit_is_asked_for_with_the_whole_commit(clusters: Clusters) -> None:
    number, sha = frozen(clusters), "3f2a9c1d0b" * 4
    new = workload(f"{IMAGE}:{sha}")
    said = clusters.review(review(new, OLD))
    assert f"/override ranker {sha} WHY" in said["status"]["message"]
    short = clusters.review(review(workload(f"{IMAGE}:{sha[:9]}"), OLD))
    assert f"/override ranker version:{sha[:9]} WHY" in short["status"]["message"]
    clusters.gates.grant(number, version="", commit=sha)
    assert clusters.review(review(new, OLD))["allowed"] is True
