"""Clusters of Kubernetes: which of their objects are which services."""

import re
from collections.abc import Collection

from bot.decide.cluster import CONTROLLERS, MACHINES, Cluster, Holds, Unknown
from bot.spec.alert_objects import spec_of
from bot.spec.documents import Document
from bot.spec.spot import Spot, listing, nearest, record, shorten
from bot.spec.values import choice, several, text

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_KINDS = ("Deployment", "StatefulSet", "Rollout", "InferenceService", "Model")


def read_cluster(document: Document, services: Collection[str]) -> Cluster | None:
    """One cluster. `services`: those that there are."""
    spec = spec_of(document, "description", "environment", "unknown", "objects", "controllers")
    if spec is None or not document.name:
        return None
    if not _NAME.fullmatch(document.name):
        problem = f"`{shorten(document.name)}` cannot stand in the address of the webhook."
        document.head.fault(problem, "Use small letters, digits and -.")
        return None
    unknown = spec.read("unknown", choice({str(one): one for one in Unknown}))
    spots = spec.read("objects", listing) or []
    rules = tuple(rule for spot in spots if (rule := _holds(spot, services)) is not None)
    environment = spec.read("environment", text) or ""
    said = spec.read("controllers", lambda spot: several(spot, _account))
    trusted = CONTROLLERS if said is None else frozenset(said)
    where = document.head.where
    return Cluster(document.name, rules, unknown or Unknown.WARN, environment, trusted, where)


def _account(spot: Spot) -> str | None:
    """`kserve/kserve-controller-manager`, as the user that the API server names."""
    found = text(spot)
    namespace, slash, name = (found or "").partition("/")
    if found is not None and not (slash and _NAME.fullmatch(namespace) and _NAME.fullmatch(name)):
        problem = f"`{shorten(found)}` is no service account."
        spot.fault(problem, "Write NAMESPACE/NAME, as kserve/kserve-controller-manager.")
        return None
    return f"{MACHINES}{namespace}:{name}" if found is not None else None


def _holds(spot: Spot, services: Collection[str]) -> Holds | None:
    row = record(spot, "namespace", "kind", "name", "services")
    if row is None:
        return None

    def service(spot: Spot) -> str | None:
        found = text(spot)
        if found is not None and found not in services:
            spot.fault(f"There is no service `{shorten(found)}`.", nearest(found, services))
            return None
        return found

    namespace = row.need("namespace", _name, "namespace: search")
    kind = row.read("kind", choice({one: one for one in _KINDS})) or ""
    name = row.read("name", _name) or ""
    named = row.need("services", lambda spot: several(spot, service), "services: ranker") or ()
    return Holds(namespace, named, kind, name) if namespace and named else None


def _name(spot: Spot) -> str | None:
    found = text(spot)
    if found is not None and not _NAME.fullmatch(found):
        spot.fault(f"`{shorten(found)}` is no name of Kubernetes.", "Write it as kubectl shows it.")
        return None
    return found
