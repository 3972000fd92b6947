"""The door of the admission webhook: who may knock, and what is no review."""

import base64
import json
import logging
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from bot.record import Database
from tests.admission import NEW, OLD, annotated, review, workload
from tests.contract.clusters import Clusters, frozen, knocking
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def clusters(sqlite_url: str) -> Iterator[Clusters]:
    """Which waits for no review for long."""
    with Database(sqlite_url) as record, knocking(World(record), within=0.3) as found:
        yield found


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
