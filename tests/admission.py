"""Objects of Kubernetes, and reviews as an API server sends them."""

import copy
from typing import Any

Object = dict[str, Any]
IMAGE = "registry.example:5000/ranker"


def workload(image: str = f"{IMAGE}:38", kind: str = "Deployment", **metadata: Any) -> Object:
    """A Deployment, StatefulSet or Rollout with one container."""
    containers = [{"name": "app", "image": image, "ports": [{"containerPort": 8080}]}]
    return {
        "kind": kind,
        "metadata": meta(**metadata),
        "spec": {"replicas": 2, "template": {"spec": {"containers": containers}}},
    }


def inference(uri: str = "s3://models/ranker/38", **metadata: Any) -> Object:
    """A KServe InferenceService, v1beta1."""
    model = {"modelFormat": {"name": "sklearn"}, "storageUri": uri}
    spec = {"predictor": {"minReplicas": 1, "model": model}}
    return {"kind": "InferenceService", "metadata": meta(**metadata), "spec": spec}


def seldon(uri: str = "gs://models/ranker", version: int | None = 38, **metadata: Any) -> Object:
    """A Seldon Model."""
    spec: Object = {"storageUri": uri, "requirements": ["sklearn"], "replicas": 1}
    if version is not None:
        spec["artifactVersion"] = version
    return {"kind": "Model", "metadata": meta(**metadata), "spec": spec}


def meta(service: str = "ranker", **said: Any) -> Object:
    """Metadata with the service in a label."""
    labels = {"burnban.dev/service": service} if service else {}
    found = {"name": "ranker", "namespace": "search", "uid": "u-1", "generation": 5}
    return {**found, "labels": labels, **said}


def scaled(thing: Object, replicas: int = 7) -> Object:
    """The same with other replicas."""
    found = copy.deepcopy(thing)
    found["spec"]["replicas"] = replicas
    return found


def annotated(thing: Object, **said: str) -> Object:
    """The same with annotations of ours: `kind`, `break_glass` …"""
    found = copy.deepcopy(thing)
    marks = {f"burnban.dev/{name.replace('_', '-')}": value for name, value in said.items()}
    found["metadata"]["annotations"] = marks
    return found


def review(
    new: Object | None,
    old: Object | None = None,
    *,
    uid: str = "705ab4f5-6393-11e8-b7cc-42010a800002",
    operation: str = "",
    user: str = "ada@example.com",
    dry_run: bool = False,
    part: str = "",
) -> Object:
    """An AdmissionReview with all the fields that the documentation of Kubernetes shows."""
    thing = new or old or {}
    kind = str(thing.get("kind"))
    group, version, plural = {
        "Rollout": ("argoproj.io", "v1alpha1", "rollouts"),
        "InferenceService": ("serving.kserve.io", "v1beta1", "inferenceservices"),
        "Model": ("mlops.seldon.io", "v1alpha1", "models"),
    }.get(kind, ("apps", "v1", f"{kind.lower()}s"))
    named = {"group": group, "version": version}
    request: Object = {
        "uid": uid,
        "kind": {**named, "kind": kind},
        "resource": {**named, "resource": plural},
        "requestKind": {**named, "kind": kind},
        "requestResource": {**named, "resource": plural},
        "name": thing["metadata"]["name"],
        "namespace": thing["metadata"]["namespace"],
        "operation": operation or ("UPDATE" if old is not None else "CREATE"),
        "userInfo": {"username": user, "uid": "1", "groups": ["system:authenticated"]},
        "object": new,
        "oldObject": old,
        "options": {"apiVersion": "meta.k8s.io/v1", "kind": "UpdateOptions"},
        "dryRun": dry_run,
    }
    if part:
        request["subResource"] = part
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}


OLD, NEW = workload(), workload(f"{IMAGE}:39")
