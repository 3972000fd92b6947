"""Whatever stands in a review: it is decided, or it is the caller's fault."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.decide.approval import Wish
from bot.record import Database
from tests.admission import IMAGE, Object, annotated, inference, review, seldon, workload
from tests.contract.clusters import Clusters, knocking
from tests.flow.conftest import World
from tests.fresh import fresh_sqlite

OLD = workload()
BASES = [
    review(annotated(workload(f"{IMAGE}:39"), break_glass="INC-7 why", kind="rollback 39"), OLD),
    review(inference("s3://m/39"), inference()),
    review(seldon()),
]
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def clusters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clusters]:
    file = tmp_path_factory.mktemp("fuzz") / "burnban.db"
    with Database(fresh_sqlite(file)) as record:
        world = World(record)
        world.ask(Wish.FREEZE)
        with knocking(world) as found:
            yield found


def paths(thing: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Of everything in a JSON value, itself left out."""
    inner = thing.items() if isinstance(thing, dict) else enumerate(thing)
    for key, value in inner:
        yield (*here, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*here, key))


def json_of(said: Any) -> bytes:
    """With lone surrogates and NaN, as lenient libraries write them."""
    return json.dumps(said).encode()


def spoilt(said: Object, path: tuple[Any, ...], value: Any) -> Object:
    """The same with another value in one place."""
    found = copy.deepcopy(said)
    place: Any = found
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return found


PLACES = [(base, path) for base in BASES for path in paths(base)]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLACES), ODD, st.sampled_from(["review", "break-glass"]))
def test_no_review_is_answered_with_an_error_of_ours(
    clusters: Clusters, place: tuple[Object, tuple[Any, ...]], value: Any, door: str
) -> None:
    said = spoilt(*place, value)
    answer = clusters.post(f"/kubernetes/prod/{door}/{clusters.token()}", json_of(said))
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 200:
        response = answer.json()["response"]
        assert response["uid"] == said["request"]["uid"]
        assert isinstance(response["allowed"], bool)
        assert all(len(one) <= 120 for one in response.get("warnings", ()))
        assert all(isinstance(one, str) for one in response.get("auditAnnotations", {}).values())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(ODD, st.sampled_from(["name", "namespace", "phase", "checksum", "metadata"]))
def test_no_stage_is_answered_with_an_error_of_ours(
    clusters: Clusters, value: Any, field: str
) -> None:
    body = {"name": "ranker", "namespace": "search", "checksum": "1", "metadata": {}}
    for tool in ("rollouts", "flagger"):
        bearer = f"Bearer {clusters.token()}"
        said = json_of({**body, field: value})
        answer = clusters.post(
            f"/gates/{tool}/ranker",
            said,
            authorization=bearer,
            **{"content-type": "application/json"},
        )
        assert answer.status_code in (200, 403, 422), answer.text
