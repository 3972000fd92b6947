"""Clusters of Kubernetes, as the spec files say."""

import pytest

from bot.decide.cluster import Cluster, Holds, Unknown
from tests.unit.specs.kit import faults, read, slo

WORLD = slo()


def cluster(spec: str, name: str = "prod") -> str:
    return f"apiVersion: burnban/v1\nkind: Cluster\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def test_a_cluster_needs_nothing_but_its_name() -> None:
    found = read(WORLD, cluster("{}")).outside.clusters
    assert found == {"prod": Cluster("prod", (), Unknown.WARN)}


def test_a_cluster_is_read() -> None:
    rows = (
        "{environment: prod, unknown: deny, objects: ["
        "{namespace: search, kind: Deployment, name: ranker-v2, services: ranker},"
        "{namespace: models, services: [ranker]}]}"
    )
    rules = (
        Holds("search", ("ranker",), "Deployment", "ranker-v2"),
        Holds("models", ("ranker",)),
    )
    found = read(WORLD, cluster(rows)).outside.clusters["prod"]
    assert found == Cluster("prod", rules, Unknown.DENY, "prod")


def test_a_cluster_names_its_own_controllers() -> None:
    found = read(WORLD, cluster("{controllers: [mesh/flagger, models/kserve.v2]}"))
    accounts = {"system:serviceaccount:mesh:flagger", "system:serviceaccount:models:kserve.v2"}
    assert found.outside.clusters["prod"].controllers == accounts
    nobody = read(WORLD, cluster("{controllers: []}")).outside.clusters["prod"]
    assert nobody.controllers == frozenset()


@pytest.mark.parametrize(
    ("spec", "path", "problem"),
    [
        ("{unknown: refuse}", "spec.unknown", "none of the words"),
        ("{object: []}", "spec.object", "no field `object`"),
        ("{objects: [{services: ranker}]}", "spec.objects[0]", "`namespace` is missing"),
        ("{objects: [{namespace: a, services: rankr}]}", "", "There is no service `rankr`"),
        ("{objects: [{namespace: A_b, services: ranker}]}", "", "no name of Kubernetes"),
        ("{objects: [{namespace: a, kind: Pod, services: ranker}]}", "", "none of the words"),
        ("{controllers: [flagger]}", "spec.controllers", "no service account"),
        ("{controllers: ['system:serviceaccount:a:b']}", "", "no service account"),
        ("{objects: [{namespace: a}]}", "spec.objects[0]", "`services` is missing"),
    ],
)
def test_a_cluster_with_a_fault_is_refused(spec: str, path: str, problem: str) -> None:
    found = faults(WORLD, cluster(spec))
    assert any(path in str(one) and problem in str(one) for one in found), found


def test_its_name_stands_in_an_address() -> None:
    found = faults(WORLD, cluster("{}", "Prod@EU"))
    assert any("address of the webhook" in str(one) for one in found), found
