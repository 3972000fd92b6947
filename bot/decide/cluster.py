"""A cluster of Kubernetes, as the specs describe it: which object is which service. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MARK = "burnban.dev/service"
"""The label or annotation that says which service an object is."""

MACHINES = "system:serviceaccount:"
"""How Kubernetes calls those who are no people, before `NAMESPACE:NAME`."""
CONTROLLERS = frozenset(
    f"{MACHINES}{namespace}:{name}"
    for namespace, name in (
        ("argo-rollouts", "argo-rollouts"),
        ("flagger-system", "flagger"),
        ("istio-system", "flagger"),
        ("knative-serving", "controller"),
        ("kserve", "kserve-controller-manager"),
    )
)
"""Where their manuals install the controllers that make objects of objects which were judged."""


class Unknown(StrEnum):
    """What becomes of objects that are no service of ours."""

    ALLOW = "allow"
    WARN = "warn"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Holds:
    """Which services an object is. Empty `kind` or `name`: every one in the namespace."""

    namespace: str
    services: tuple[str, ...]
    kind: str = ""
    name: str = ""

    def fits(self, kind: str, namespace: str, name: str) -> bool:
        """Whether it is about this object."""
        return self.namespace == namespace and self.kind in ("", kind) and self.name in ("", name)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster."""

    name: str
    rules: tuple[Holds, ...] = ()
    unknown: Unknown = Unknown.WARN
    environment: str = ""
    """Of its services; empty: any."""
    controllers: frozenset[str] = CONTROLLERS
    """Users that are believed about who owns what they make."""
    where: str = field(default="", compare=False)

    def services(
        self, kind: str, namespace: str, name: str, *metadata: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """The services of an object: as the specs say; else as its labels and annotations do, those
        from before the change too: taking a label off hides nothing."""
        for rule in self.rules:
            if rule.fits(kind, namespace, name):
                return rule.services
        found = (
            said[MARK]
            for meta in metadata
            for said in (meta.get("labels"), meta.get("annotations"))
            if isinstance(said, Mapping) and isinstance(said.get(MARK), str) and said[MARK]
        )
        return tuple(dict.fromkeys(found))
