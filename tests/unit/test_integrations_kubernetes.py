"""What users copy for their clusters fits Kubernetes, our doors and each other."""

import copy
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from bot.decide.admission import GLASS, OWNERS, read_review
from bot.decide.cluster import CONTROLLERS, MACHINES, Cluster, Holds, Unknown
from bot.decide.workload import ENVIRONMENT
from tests.admission import IMAGE, Object, annotated, inference, review, scaled, seldon, workload
from tests.unit.cel import COMPILED, MAY, WEBHOOKS, matches
from tests.unit.specs.kit import read, slo

FOLDER = Path(__file__).parents[2] / "integrations" / "kubernetes"
REVIEW, EMERGENCY = "review.burnban.dev", "break-glass.burnban.dev"


def objects(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FOLDER / name).read_text()))


KUSTOMIZATION = objects("kustomization.yaml")[0]
FILES = [*KUSTOMIZATION["resources"], "webhook.yaml"]
ALL = [one for name in FILES for one in objects(name)]
OURS = [one for one in ALL if "cert-manager" not in one["apiVersion"]]


@pytest.mark.parametrize("version", ["1.30", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("thing", OURS, ids=lambda one: one["kind"])
def test_every_object_fits_the_published_schema(thing: dict[str, Any], version: str) -> None:
    assert kubernetes_validate.validate(thing, version, strict=True)


def test_everything_there_is_used() -> None:
    named = {*FILES, "kustomization.yaml", *KUSTOMIZATION["configMapGenerator"][0]["files"]}
    assert {path.name for path in FOLDER.glob("*.yaml")} == named


def find(kind: str) -> dict[str, Any]:
    return next(one for one in ALL if one["kind"] == kind)


def test_the_names_of_the_objects_fit_each_other() -> None:
    service, deployment, certificate = map(find, ("Service", "Deployment", "Certificate"))
    host = f"{service['metadata']['name']}.{service['metadata']['namespace']}.svc"
    assert host in certificate["spec"]["dnsNames"]
    hooks = find("ValidatingWebhookConfiguration")
    named = f"{certificate['metadata']['namespace']}/{certificate['metadata']['name']}"
    assert hooks["metadata"]["annotations"]["cert-manager.io/inject-ca-from"] == named
    pod = deployment["spec"]["template"]
    secrets = [one["secret"]["secretName"] for one in pod["spec"]["volumes"] if "secret" in one]
    assert secrets == [certificate["spec"]["secretName"]]
    assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    (container,) = pod["spec"]["containers"]
    ports = {one["name"]: one["containerPort"] for one in container["ports"]}
    assert {one["targetPort"] for one in service["spec"]["ports"]} == set(ports)
    env = {one["name"]: one["value"] for one in container["env"]}
    known = {str(one.validation_alias) for one in Settings.model_fields.values()}
    assert set(env) <= known
    assert (int(env["PORT"]), int(env["BURNBAN_TLS_PORT"])) == (ports["http"], ports["https"])
    allowed = {
        each["port"] for one in find("NetworkPolicy")["spec"]["ingress"] for each in one["ports"]
    }
    assert allowed == set(ports.values())


def test_the_webhooks_ask_where_we_answer_and_say_what_they_do() -> None:
    for hook, door in ((REVIEW, "review"), (EMERGENCY, "break-glass")):
        said = WEBHOOKS[hook]
        assert said["clientConfig"]["service"]["path"] == f"/kubernetes/prod/{door}/TOKEN"
        assert said["sideEffects"] == "NoneOnDryRun"
        assert said["timeoutSeconds"] <= 10
        (outside,) = said["namespaceSelector"]["matchExpressions"]
        assert {"kube-system", "burnban"} <= set(outside["values"])
        resources = [one for rule in said["rules"] for one in rule["resources"]]
        assert not [one for one in resources if "/" in one]
    assert WEBHOOKS[REVIEW]["failurePolicy"] == "Fail"
    assert WEBHOOKS[EMERGENCY]["failurePolicy"] == "Ignore"


def test_the_words_of_the_conditions_are_ours() -> None:
    text = (FOLDER / "webhook.yaml").read_text()
    assert all(f"'{name}'" in text for name in ENVIRONMENT)
    assert all(f"['{group}/', '{kind}']" in text for group, kind in OWNERS)
    assert {name for name in text.split("'") if name.startswith(MACHINES)} == CONTROLLERS
    assert f"'{GLASS}'" in text
    (rule,) = find("ClusterRole")["rules"]
    group, resource, verb = (*rule["apiGroups"], *rule["resources"], *rule["verbs"])
    assert [group, resource, "search", verb] == MAY


def test_the_names_of_conditions_are_names_of_kubernetes() -> None:
    names = [name for hook in COMPILED.values() for name in hook]
    assert all(len(name) <= 63 and name.replace("-", "").isalpha() for name in names)


def test_the_example_of_a_cluster_is_read() -> None:
    found = read(slo(), (FOLDER / "spec.yaml").read_text()).outside.clusters
    rules = (Holds("search", ("ranker",), "InferenceService", "ranker"),)
    assert found == {"prod": Cluster("prod", rules, Unknown.WARN, "prod")}


BASES = {
    "Deployment": (workload(), workload(f"{IMAGE}:39")),
    "StatefulSet": (workload(kind="StatefulSet"), workload(f"{IMAGE}:39", "StatefulSet")),
    "Rollout": (workload(kind="Rollout"), workload(f"{IMAGE}:39", "Rollout")),
    "InferenceService": (inference(), inference("s3://models/ranker/39")),
    "Model": (seldon(), seldon(version=39)),
}


@pytest.mark.parametrize("kind", BASES)
def test_releases_are_sent_and_scaling_is_not(kind: str) -> None:
    old, new = BASES[kind]
    assert matches(REVIEW, review(new, old))
    assert matches(REVIEW, review(new))
    assert not matches(REVIEW, review(scaled(old), old))
    labelled = copy.deepcopy(old)
    labelled["metadata"]["labels"] = {"a": "b"}
    labelled["status"] = {"replicas": 3}
    assert not matches(REVIEW, review(labelled, old))
    assert not matches(EMERGENCY, review(new, old), MAY)


@pytest.mark.parametrize("kind", BASES)
def test_an_emergency_goes_to_its_own_door_if_whoever_makes_it_may(kind: str) -> None:
    old, new = BASES[kind]
    broken = annotated(new, break_glass="INC-7 why")
    for before in (old, annotated(old, break_glass="INC-6 why"), None):
        asked = review(broken, before)
        assert (matches(REVIEW, asked, MAY), matches(EMERGENCY, asked, MAY)) == (False, True)
        assert (matches(REVIEW, asked), matches(EMERGENCY, asked)) == (True, False)
    stale = review(broken, annotated(old, break_glass="INC-7 why"))
    assert (matches(REVIEW, stale, MAY), matches(EMERGENCY, stale, MAY)) == (True, False)


def test_what_a_controller_makes_is_not_sent() -> None:
    known = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService"}
    owner = {**known, "controller": True, "uid": "1"}
    made, before = (workload(image, ownerReferences=[owner]) for image in (f"{IMAGE}:39", IMAGE))
    machine = "system:serviceaccount:kserve:kserve-controller-manager"
    assert not matches(REVIEW, review(made, before, user=machine))
    assert not matches(REVIEW, review(made, user=machine))
    for stranger in ("ada", "system:serviceaccount:search:deployer"):
        assert matches(REVIEW, review(made, before, user=stranger))
        assert matches(REVIEW, review(made, user=stranger))
    assert matches(REVIEW, review(made, workload(), user=machine))
    for spoilt in ({"apiVersion": "evil.example/v1"}, {"kind": "Workflow"}, {"controller": False}):
        foreign = workload(f"{IMAGE}:39", ownerReferences=[{**owner, **spoilt}])
        assert matches(REVIEW, review(foreign, user=machine))


WORDS = st.sampled_from(["a:1", "a:2", "b:1"])
ENV = st.lists(
    st.builds(
        lambda name, value: {"name": name, "value": value},
        st.sampled_from(["MODEL_URI", "MODEL_VERSION", "LOG_LEVEL"]),
        WORDS,
    ),
    max_size=2,
)
CONTAINERS = st.lists(
    st.builds(
        lambda name, image, env: {"name": name, "image": image, "env": env},
        st.sampled_from(["app", "proxy"]), WORDS, ENV,
    ),
    min_size=1, max_size=2,
)  # fmt: skip
VOLUMES = st.lists(
    st.builds(lambda one: {"name": "m", "image": {"reference": one}}, WORDS), max_size=1
)
PODS = st.fixed_dictionaries(
    {"containers": CONTAINERS}, optional={"initContainers": CONTAINERS, "volumes": VOLUMES}
)
SECTIONS = st.fixed_dictionaries(
    {},
    optional={
        "storageUri": WORDS,
        "image": WORDS,
        "runtimeVersion": WORDS,
        "env": ENV,
        "storage": st.builds(lambda path: {"path": path}, WORDS),
        "resources": st.builds(lambda cpu: {"cpu": cpu}, WORDS),
    },
)
PARTS = st.fixed_dictionaries(
    {},
    optional={
        "model": SECTIONS,
        "sklearn": SECTIONS,
        "containers": CONTAINERS,
        "minReplicas": st.integers(0, 3),
    },
)
SPECS = st.one_of(
    st.builds(
        lambda kind, pod, n: (kind, {"replicas": n, "template": {"spec": pod}}),
        st.sampled_from(["Deployment", "StatefulSet", "Rollout"]),
        PODS,
        st.integers(0, 3),
    ),
    st.builds(
        lambda parts: ("InferenceService", parts),
        st.fixed_dictionaries({"predictor": PARTS}, optional={"transformer": PARTS}),
    ),
    st.builds(
        lambda spec: ("Model", spec),
        st.fixed_dictionaries(
            {"storageUri": WORDS}, optional={"artifactVersion": st.integers(1, 3)}
        ),
    ),
    st.builds(
        lambda name, n: ("Rollout", {"replicas": n, "workloadRef": {"name": name}}),
        st.sampled_from("xy"),
        st.integers(0, 3),
    ),
)


@given(SPECS, SPECS)
def test_no_release_escapes_the_conditions(
    one: tuple[str, Object], other: tuple[str, Object]
) -> None:
    kind, spec = one
    before = other[1] if other[0] == kind else {**spec, "replicas": 9}
    old, new = ({**workload(kind=kind), "spec": each} for each in (before, spec))
    asked = review(new, old)
    if read_review(asked).releases:
        assert matches(REVIEW, asked)
    if before == spec:
        assert not matches(REVIEW, asked)
