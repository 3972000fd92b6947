"""Objects of other people's kinds, which no Python package of schemas knows: every field that we
write is one that its controller reads, for an unknown one is dropped in silence."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "integrations"
FILES = (
    "argo-rollouts/analysis-template.yaml",
    "argo-rollouts/rollback-template.yaml",
    "argo-rollouts/rollout.yaml",
    "flagger/canary.yaml",
    "kubernetes/certificate.yaml",
    "kubernetes/kustomization.yaml",
)
FREE = "*"
"""Below here names are of our own choosing, or of a kind that is checked elsewhere."""

_REF: dict[str, Any] = {"name": None, "key": None}
_VALUE: dict[str, Any] = {
    "name": None,
    "value": None,
    "valueFrom": {
        "secretKeyRef": _REF,
        "fieldRef": {"fieldPath": None},
        "podTemplateHashValue": None,
    },
}
_ANALYSIS = {"templates": {"templateName": None, "clusterScope": None}, "args": _VALUE}
_TEMPLATE: dict[str, Any] = {
    "args": _VALUE,
    "metrics": {
        "name": None,
        "interval": None,
        "initialDelay": None,
        "count": None,
        "successCondition": None,
        "failureCondition": None,
        "failureLimit": None,
        "inconclusiveLimit": None,
        "consecutiveErrorLimit": None,
        "consecutiveSuccessLimit": None,
        "provider": {
            "web": {
                "url": None,
                "method": None,
                "headers": {"key": None, "value": None},
                "body": None,
                "jsonBody": FREE,
                "jsonPath": None,
                "timeoutSeconds": None,
                "insecure": None,
            }
        },
    },
}
_STEPS = {
    "analysis": _ANALYSIS,
    "setWeight": None,
    "pause": {"duration": None},
}
_ROLLOUT: dict[str, Any] = {
    "replicas": None,
    "selector": {"matchLabels": FREE},
    "template": FREE,
    "strategy": {
        "canary": {"steps": _STEPS, "analysis": {**_ANALYSIS, "startingStep": None}},
    },
}
_CANARY: dict[str, Any] = {
    "targetRef": {"apiVersion": None, "kind": None, "name": None},
    "service": {"port": None, "targetPort": None},
    "progressDeadlineSeconds": None,
    "analysis": {
        "interval": None,
        "threshold": None,
        "maxWeight": None,
        "stepWeight": None,
        "webhooks": {"name": None, "type": None, "url": None, "timeout": None, "metadata": FREE},
    },
}
_CERTIFICATE: dict[str, Any] = {
    "secretName": None,
    "dnsNames": None,
    "duration": None,
    "renewBefore": None,
    "privateKey": {"algorithm": None, "size": None, "rotationPolicy": None, "encoding": None},
    "issuerRef": {"kind": None, "name": None, "group": None},
}
SPECS: dict[tuple[str, str], Any] = {
    ("argoproj.io/v1alpha1", "AnalysisTemplate"): _TEMPLATE,
    ("argoproj.io/v1alpha1", "Rollout"): _ROLLOUT,
    ("flagger.app/v1beta1", "Canary"): _CANARY,
    ("cert-manager.io/v1", "Issuer"): {"selfSigned": {}, "ca": {"secretName": None}},
    ("cert-manager.io/v1", "Certificate"): _CERTIFICATE,
}
KUSTOMIZATION: dict[str, Any] = {
    "apiVersion": None,
    "kind": None,
    "resources": None,
    "images": {"name": None, "newName": None, "newTag": None, "digest": None},
    "configMapGenerator": {"name": None, "namespace": None, "files": None, "options": FREE},
}
NEEDED: dict[str, tuple[str, ...]] = {
    "AnalysisTemplate": ("metrics",),
    "Rollout": ("selector", "template", "strategy"),
    "Canary": ("targetRef", "service", "analysis"),
    "Certificate": ("secretName", "dnsNames", "issuerRef"),
    "Issuer": ("selfSigned",),
}
WEBHOOKS = {"confirm-rollout", "confirm-traffic-increase", "confirm-promotion", "rollback", "event"}


def objects() -> list[tuple[str, dict[str, Any]]]:
    found = ((name, yaml.safe_load_all((FOLDER / name).read_text())) for name in FILES)
    return [(name, one) for name, every in found for one in every]


def strange(thing: object, known: Any, at: str) -> Iterator[str]:
    """Where a name stands that nobody reads, or a table in place of a value."""
    if isinstance(thing, list):
        for one in thing:
            yield from strange(one, known, at)
    elif isinstance(thing, Mapping) and known != FREE:
        for name, value in thing.items():
            if not isinstance(known, dict) or name not in known:
                yield f"{at}.{name}"
            else:
                yield from strange(value, known[name], f"{at}.{name}")


@pytest.mark.parametrize(
    ("name", "thing"), objects(), ids=lambda one: one if isinstance(one, str) else one["kind"]
)
def test_every_field_is_one_that_its_controller_reads(name: str, thing: dict[str, Any]) -> None:
    if thing["kind"] == "Kustomization":
        assert thing["apiVersion"] == "kustomize.config.k8s.io/v1beta1"
        assert list(strange(thing, KUSTOMIZATION, name)) == []
        return
    known = SPECS[thing["apiVersion"], thing["kind"]]
    assert set(thing) == {"apiVersion", "kind", "metadata", "spec"}
    assert set(thing["metadata"]) <= {"name", "namespace", "labels", "annotations"}
    assert list(strange(thing["spec"], known, name)) == []
    assert set(NEEDED[thing["kind"]]) <= set(thing["spec"])


def test_a_field_that_nobody_reads_is_found() -> None:
    """The check is worth something: a slip of the pen does not pass."""
    (_, template), *_ = objects()
    template["spec"]["metrics"][0]["provider"]["web"]["timeout"] = 10
    template["spec"]["metrics"][0]["successfulCondition"] = "x"
    assert list(strange(template["spec"], _TEMPLATE, "spec")) == [
        "spec.metrics.provider.web.timeout",
        "spec.metrics.successfulCondition",
    ]


def test_what_a_kustomization_names_is_there() -> None:
    found = next(one for name, one in objects() if name.endswith("kustomization.yaml"))
    folder = FOLDER / "kubernetes"
    generated = [name for one in found["configMapGenerator"] for name in one["files"]]
    assert all((folder / name).is_file() for name in [*found["resources"], *generated])


def test_webhooks_of_flagger_are_of_kinds_that_it_calls() -> None:
    """`rollback` asks whether to roll back: an open gate there would do so."""
    found = next(one for name, one in objects() if name.startswith("flagger/"))
    hooks = found["spec"]["analysis"]["webhooks"]
    assert {one["type"] for one in hooks} == WEBHOOKS
    assert all(("/rollback" in one["url"]) is (one["type"] == "rollback") for one in hooks)


def test_a_rollout_gives_its_templates_every_argument_that_they_ask_for() -> None:
    """One without a value of its own and without one from the rollout stops the analysis."""
    every = {one["metadata"]["name"]: one for name, one in objects() if name.startswith("argo")}
    steps = every["ranker"]["spec"]["strategy"]["canary"]["steps"]
    analyses = [one["analysis"] for one in steps if "analysis" in one]
    assert analyses
    for step in analyses:
        given = {one["name"] for one in step["args"]}
        for template in step["templates"]:
            asked = every[template["templateName"]]["spec"]["args"]
            open_ = {one["name"] for one in asked if set(one) == {"name"}}
            assert open_ == given
