"""Only a change of image, model address or version is a release."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.workload import changed, runs_of
from tests.admission import IMAGE, Object, inference, meta, scaled, seldon, workload


def values(kind: str, old: Object | None, new: Object) -> list[str]:
    return [one.value for one in changed(kind, old, new)]


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "Rollout"])
def test_an_image_that_changes_is_a_release(kind: str) -> None:
    old, new = workload(kind=kind), workload(f"{IMAGE}:39", kind)
    assert values(kind, old, new) == [f"{IMAGE}:39"]
    assert values(kind, None, new) == [f"{IMAGE}:39"]
    assert values(kind, new, scaled(new)) == []


def test_what_a_pod_runs_is_more_than_its_containers() -> None:
    new = workload()
    pod = new["spec"]["template"]["spec"]
    pod["initContainers"] = [{"name": "fetch", "image": "fetch:1"}]
    pod["volumes"] = [{"name": "model", "image": {"reference": "models/ranker:38"}}, {"name": "x"}]
    pod["containers"][0]["env"] = [
        {"name": "MODEL_URI", "value": "s3://models/ranker/38"},
        {"name": "MODEL_VERSION", "value": "38"},
        {"name": "LOG_LEVEL", "value": "debug"},
        {"name": "STORAGE_URI", "valueFrom": {"configMapKeyRef": {}}},
    ]
    found = [(str(one.sort), one.value) for one in changed("Deployment", workload(), new)]
    assert sorted(found) == [
        ("address", "s3://models/ranker/38"),
        ("image", "fetch:1"),
        ("image", "models/ranker:38"),
        ("version", "38"),
    ]


def test_what_is_taken_away_is_no_release() -> None:
    new = workload()
    old = copy.deepcopy(new)
    old["spec"]["template"]["spec"]["containers"].append({"name": "proxy", "image": "proxy:1"})
    assert values("Deployment", old, new) == []


def test_a_rollout_that_takes_its_template_from_another_deployment_is_a_release() -> None:
    """`workloadRef` of Argo Rollouts stands in the place of `template`."""
    old, new = ({"spec": {"workloadRef": {"name": name}}} for name in ("ranker-a", "ranker-b"))
    assert values("Rollout", old, new) == ["ranker-b"]
    assert values("Rollout", new, {"spec": {**new["spec"], "replicas": 3}}) == []
    assert values("Rollout", workload(kind="Rollout"), new) == ["ranker-b"]
    assert values("Deployment", old, new) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"configMapKeyRef": {"name": "ranker-model", "key": "uri"}}, ["ranker-model.uri"]),
        ({"fieldRef": {"fieldPath": "metadata.labels['model']"}}, ["metadata.labels['model']"]),
        ({"configMapKeyRef": {}}, []),
        ({"configMapKeyRef": None}, []),
        ("odd", []),
    ],
)
def test_a_model_that_comes_from_elsewhere_is_a_release_by_the_place_that_names_it(
    source: object, said: list[str]
) -> None:
    old, new = workload(), workload()
    for one, variable in ((old, {"value": "s3://ranker/38"}), (new, {"valueFrom": source})):
        container = one["spec"]["template"]["spec"]["containers"][0]
        container["env"] = [{"name": "MODEL_URI", **variable}]
    assert values("Deployment", old, new) == said
    assert values("Deployment", new, copy.deepcopy(new)) == []


def test_the_order_of_containers_means_nothing() -> None:
    old = workload()
    old["spec"]["template"]["spec"]["containers"].append({"name": "proxy", "image": "proxy:1"})
    new = copy.deepcopy(old)
    new["spec"]["template"]["spec"]["containers"].reverse()
    assert values("Deployment", old, new) == []


def test_two_containers_that_change_places_are_a_release() -> None:
    old = workload()
    old["spec"]["template"]["spec"]["containers"].append({"name": "next", "image": "b:1"})
    new = copy.deepcopy(old)
    one, other = new["spec"]["template"]["spec"]["containers"]
    one["image"], other["image"] = other["image"], one["image"]
    assert len(values("Deployment", old, new)) == 2


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ({"model": {"storageUri": "s3://m/39"}}, "s3://m/39"),
        ({"sklearn": {"storageUri": "s3://m/39"}}, "s3://m/39"),
        ({"model": {"runtimeVersion": "1.2"}}, "1.2"),
        ({"model": {"image": "server:2"}}, "server:2"),
        ({"model": {"storage": {"key": "k", "path": "ranker/39"}}}, "ranker/39"),
        ({"model": {"storageUris": [{"uri": "s3://m/40", "mountPath": "/m"}]}}, "s3://m/40"),
        ({"containers": [{"name": "kserve-container", "image": "own:3"}]}, "own:3"),
        ({"workerSpec": {"containers": [{"name": "w", "image": "worker:4"}]}}, "worker:4"),
    ],
)
@pytest.mark.parametrize("part", ["predictor", "transformer", "explainer"])
def test_every_place_of_an_inference_service_counts(part: str, section: Object, value: str) -> None:
    new = {"metadata": meta(), "spec": {part: section}}
    assert values("InferenceService", inference(), new) == [value]


def test_scaling_and_traffic_of_an_inference_service_are_no_release() -> None:
    new = inference()
    new["spec"]["predictor"] |= {"minReplicas": 5, "canaryTrafficPercent": 10, "timeout": 60}
    new["spec"]["predictor"]["model"]["resources"] = {"limits": {"cpu": "2"}}
    assert values("InferenceService", inference(), new) == []


def test_a_model_of_seldon_is_known_by_its_address_and_version() -> None:
    assert values("Model", seldon(), seldon(version=39)) == ["39"]
    assert values("Model", seldon(), seldon("gs://models/other")) == ["gs://models/other"]
    assert values("Model", seldon(), scaled(seldon())) == []


def test_other_kinds_release_nothing() -> None:
    assert runs_of("Service", workload()) == ()


THINGS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "spec",
                    "template",
                    "containers",
                    "image",
                    "env",
                    "name",
                    "predictor",
                    "model",
                    "volumes",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
KINDS = st.sampled_from(["Deployment", "InferenceService", "Model", "Pod"])


@given(KINDS, st.dictionaries(st.sampled_from(["spec", "metadata"]), THINGS))
def test_no_shape_of_an_object_is_too_odd_to_be_read(kind: str, thing: Object) -> None:
    assert changed(kind, thing, thing) == ()
    assert changed(kind, None, thing) == runs_of(kind, thing)


@given(
    st.sampled_from([workload(), inference(), seldon(), workload(kind="Rollout")]),
    st.dictionaries(
        st.sampled_from(
            ["replicas", "paused", "strategy", "minReadySeconds", "status", "selector"]
        ),
        THINGS,
    ),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
)
def test_whatever_else_changes_is_no_release(
    old: Object, others: Object, labels: dict[str, str]
) -> None:
    new = copy.deepcopy(old)
    new["spec"] |= others
    new["status"] = others
    new["metadata"] |= {"labels": labels, "annotations": labels, "generation": 6}
    assert changed(old["kind"], old, new) == ()
