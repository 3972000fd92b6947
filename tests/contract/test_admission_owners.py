"""Who may say that an object belongs to one that was judged: the controllers of the cluster."""

from collections.abc import Iterator

import pytest

from bot.decide.approval import Wish
from bot.decide.cluster import Cluster
from bot.record import Database
from tests.admission import IMAGE, review, workload
from tests.contract.clusters import Clusters, knocking
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]

FLAGGER = "system:serviceaccount:mesh:flagger"
DEPLOYER = "system:serviceaccount:search:deployer"
OWNER = {"apiVersion": "flagger.app/v1beta1", "kind": "Canary", "uid": "1", "controller": True}
OLD, NEW = (
    workload(f"{IMAGE}:{version}", ownerReferences=[{"name": "ranker", **OWNER}])
    for version in (38, 39)
)


@pytest.fixture
def clusters(sqlite_url: str) -> Iterator[Clusters]:
    """The ranker is frozen; the cluster names its one controller."""
    cluster = Cluster("prod", controllers=frozenset({FLAGGER}))
    with Database(sqlite_url) as record, knocking(World(record), cluster) as found:
        found.world.ask(Wish.FREEZE)
        yield found


@pytest.mark.parametrize("before", [None, OLD])
def test_a_forged_owner_takes_no_release_past_a_freeze(
    clusters: Clusters, before: dict[str, object] | None
) -> None:
    for user in (DEPLOYER, "ada@example.com", "system:serviceaccount:flagger-system:flagger"):
        answer = clusters.review(review(NEW, before, user=user))
        assert (answer["allowed"], answer["status"]["code"]) == (False, 403)
    assert clusters.review(review(NEW, before, user=FLAGGER))["allowed"]
    assert clusters.world.story("release_allowed") == []
