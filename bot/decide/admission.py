"""What the API server of Kubernetes asks a webhook, `admission.k8s.io/v1`, and how it is answered.
Pure: JSON in, facts out, and back. Fields: the API reference of Kubernetes."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.decide.cluster import CONTROLLERS
from bot.decide.followed import Step
from bot.decide.github_events import Malformed
from bot.decide.workload import Runs, changed, runs_of

API = "admission.k8s.io/v1"
GLASS = "burnban.dev/break-glass"
"""Annotation: `INC-7 why`. It counts while it is new."""
KIND = "burnban.dev/kind"
"""Annotation: `rollback 37`, the kind of the change to that version and of no other."""
TICKET = "burnban.dev/ticket"
LONGEST = 120
"""Characters of a warning: clients cut what is longer."""
_LINE = 300
_HUGE = 2**53
OWNERS = frozenset(
    {
        ("argoproj.io", "Rollout"), ("flagger.app", "Canary"),
        ("mlops.seldon.io", "SeldonRuntime"), ("mlops.seldon.io", "Server"),
        ("serving.knative.dev", "Configuration"), ("serving.knative.dev", "Revision"),
        ("serving.knative.dev", "Service"), ("serving.kserve.io", "InferenceService"),
    }
)  # fmt: skip
"""Objects that release other objects, by group and kind: what they own was judged with its owner,
or names no model. A workflow that deploys is none of them."""


class Operation(StrEnum):
    """What is to be done with the object."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    CONNECT = "CONNECT"


@dataclass(frozen=True, slots=True)
class Review:
    """One question of the API server."""

    uid: str
    operation: Operation
    kind: str
    namespace: str
    name: str
    user: str
    dry_run: bool
    part: str
    """The subresource: `status`, `scale`; empty: the object itself."""
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    controllers: Collection[str] = CONTROLLERS
    """Users that are believed about who owns what they make."""

    @property
    def metadata(self) -> tuple[Mapping[str, Any], ...]:
        """Of the object as it is to be, and as it was."""
        return tuple(_table(one.get("metadata")) for one in (self.new, self.old) if one is not None)

    def said(self, mark: str) -> str:
        """An annotation of the object as it is to be, in one line; empty if it has none."""
        return _annotation(self.new, mark)

    @property
    def glass(self) -> str:
        """What the annotation for emergencies says, if it was not there before: each emergency has
        its own."""
        fresh = self.said(GLASS)
        return fresh if fresh != self.left else ""

    @property
    def left(self) -> str:
        """What that annotation said before."""
        return _annotation(self.old, GLASS)

    @property
    def owned(self) -> bool:
        """Whether a known controller makes or changes what belongs to an object that was judged
        itself, and did before: no change gives itself an owner. Anybody else can write whatever
        owner they like."""
        found = self.metadata
        return self.user in self.controllers and bool(found) and all(map(_has_owner, found))

    @property
    def releases(self) -> tuple[Runs, ...]:
        """What it would run from now on and did not before; empty: there is nothing to judge, as
        with scaling, a status, a deletion, labels."""
        there = self.operation in (Operation.CREATE, Operation.UPDATE) and not self.part
        if self.new is None or not there or self.owned:
            return ()
        return changed(self.kind, self.old, self.new)

    def step(self, cluster: str) -> Step | None:
        """The change, to be followed; None for what is tried only, and for what a controller may
        change without anybody being asked: nothing follows from what that is found to run."""
        if self.dry_run or self.new is None or any(map(_has_owner, self.metadata)):
            return None
        before = _table((self.old or {}).get("metadata"))
        return Step(
            f"{cluster}/{self.kind}/{self.namespace}/{self.name}",
            line(before.get("uid")),
            _count(before.get("generation")),
            runs_of(self.kind, self.old or {}),
            runs_of(self.kind, self.new),
        )

    @property
    def attempt(self) -> str:
        """The same for every attempt at this change of this object as it stands now, however often
        a controller tries."""
        before = _table(self.old.get("metadata")) if self.old is not None else {}
        stands = [str(before.get("uid")), str(before.get("generation"))]
        runs = [[one.place, one.value] for one in runs_of(self.kind, self.new or {})]
        mark = hashlib.sha256(json.dumps([stands, runs]).encode()).hexdigest()[:16]
        return f"{self.kind}/{self.namespace}/{self.name}/{mark}"


def read_review(said: Mapping[str, Any], controllers: Collection[str] = CONTROLLERS) -> Review:
    """`controllers`: those of the cluster. Raises Malformed."""
    if (said.get("apiVersion"), said.get("kind")) != (API, "AdmissionReview"):
        raise Malformed(f"no AdmissionReview of {API}")
    asked = _table(said.get("request"))
    uid, operation = asked.get("uid"), asked.get("operation")
    if not isinstance(uid, str) or not (0 < len(uid) <= 128 and uid.isprintable()):
        raise Malformed("an AdmissionReview without request.uid")
    if operation not in list(Operation):
        raise Malformed("an AdmissionReview without request.operation")
    old, new = (_object(asked, field) for field in ("oldObject", "object"))
    if new is None and operation in ("CREATE", "UPDATE"):
        raise Malformed("an AdmissionReview without request.object")
    if old is None and operation == "UPDATE":
        raise Malformed("an AdmissionReview without request.oldObject")
    meta = _table((new or old or {}).get("metadata"))
    name = asked.get("name") or meta.get("name") or meta.get("generateName")
    return Review(
        uid,
        Operation(operation),
        _word(_table(asked.get("kind")).get("kind"), "kind.kind"),
        line(asked.get("namespace")),
        line(name),
        line(_table(asked.get("userInfo")).get("username")),
        asked.get("dryRun") is True,
        line(asked.get("subResource")),
        old if operation == Operation.UPDATE else None,
        new,
        controllers,
    )


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer to a review."""

    allowed: bool
    code: int = 200
    """As HTTP has them."""
    message: str = ""
    """Why not, and what to do."""
    warnings: tuple[str, ...] = ()
    notes: Mapping[str, str] | None = None
    """For the audit log of the cluster."""


def answered(uid: str, admission: Admission) -> dict[str, Any]:
    """The answer as the API server takes it."""
    response: dict[str, Any] = {"uid": uid, "allowed": admission.allowed}
    if not admission.allowed:
        response["status"] = {"code": admission.code, "message": admission.message}
    if admission.warnings:
        response["warnings"] = [shown(one) for one in admission.warnings]
    if admission.notes:
        response["auditAnnotations"] = dict(admission.notes)
    return {"apiVersion": API, "kind": "AdmissionReview", "response": response}


def shown(text: str) -> str:
    """A warning that no client cuts."""
    clean = line(text)
    return clean if len(clean) <= LONGEST else f"{clean[: LONGEST - 1]}…"


def line(text: Any) -> str:
    """One line of printable text, not too long; of anything but text nothing."""
    found = text if isinstance(text, str) else ""
    return "".join(c if c.isprintable() else " " for c in found[:_LINE]).strip()


def _annotation(thing: Mapping[str, Any] | None, mark: str) -> str:
    if thing is None:
        return ""
    return line(_table(_table(thing.get("metadata")).get("annotations")).get(mark))


def _object(asked: Mapping[str, Any], field: str) -> Mapping[str, Any] | None:
    found = asked.get(field)
    if found is None or isinstance(found, Mapping):
        return found
    raise Malformed(f"an AdmissionReview whose request.{field} is no object")


def _has_owner(metadata: Mapping[str, Any]) -> bool:
    owners = metadata.get("ownerReferences")
    rows = [_table(one) for one in (owners if isinstance(owners, list) else ())]
    return any(
        one.get("controller") is True
        and (str(one.get("apiVersion")).partition("/")[0], one.get("kind")) in OWNERS
        for one in rows
    )


def _word(value: Any, field: str) -> str:
    if not isinstance(value, str) or not value.isalnum() or len(value) > _LINE:
        raise Malformed(f"an AdmissionReview without request.{field}")
    return value


def _count(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < _HUGE else 0


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
