"""BudgetPolicy: what each verdict leads to, who approves, how a freeze thaws. One document says as
much of it as it likes; bot.spec.chain lays one over the other."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.decide.policy import Mode, Policy
from bot.spec.alert_objects import spec_of
from bot.spec.burn_alerts import burn_alerts
from bot.spec.consent import consent
from bot.spec.documents import Document
from bot.spec.nodes import Listing, Node, Scalar, Table
from bot.spec.people import named_services
from bot.spec.said import Named, Said, say, within
from bot.spec.spot import Record, Spot, listing
from bot.spec.steps import steps
from bot.spec.values import choice, duration, flag, owner_name, positive, share

_MODE: Mapping[str, Mode] = {str(mode): mode for mode in Mode}
_FIELDS = (
    *("description", "mode", "burnAlerts", "steps", "thresholds", "onPage", "onTicket", "thaw"),
    *("approvals", "exempt", "unknown", "breakGlass", "dispute", "outsideCauses", "resolveAfter"),
    *("withoutAnswer", "rollback", "tradeoff"),
    *("services", "teams", "default"),
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one BudgetPolicy says, and what it applies to."""

    name: str
    version: str
    """Hash of what it says, whatever its lay-out."""
    said: tuple[Said, ...]
    services: tuple[Named, ...]
    teams: tuple[Named, ...]
    default: bool
    document: Document


def read_policy(document: Document) -> Rules | None:
    """A BudgetPolicy; None if it has a fault."""
    spec = spec_of(document, *_FIELDS)
    if spec is None:
        return None
    before = len(spec.spot.faults)
    said = (
        *say(spec, "mode", choice(_MODE), lambda p, v: replace(p, mode=v)),
        *burn_alerts(spec),
        *steps(spec),
        *within(spec, "thaw", ("left", "burnBelow", "for", "cooling"), _thaw),
        *consent(spec),
        *within(spec, "tradeoff", ("requestCosts", "reserve"), _tradeoff),
        *say(
            spec, "resolveAfter", duration(zero=True), lambda p, v: replace(p, resolve_after=v)
        ),
    )  # fmt: skip
    services = spec.read("services", named_services) or ()
    teams = spec.read("teams", _teams) or ()
    default = spec.read("default", flag) is True or document.name == "default"
    _applies(spec, default=default)
    if not document.name or len(spec.spot.faults) > before:
        return None
    return Rules(document.name, _version(document), said, services, teams, default, document)


def _thaw(found: Record) -> list[Said]:
    def thaw(policy: Policy, **changed: Any) -> Policy:
        return replace(policy, thaw=replace(policy.thaw, **changed))

    under, long = "thaw.", duration(zero=True)
    return [
        *say(found, "left", _left, lambda p, v: thaw(p, left=v), under=under),
        *say(found, "burnBelow", positive, lambda p, v: thaw(p, burn_below=v), under=under),
        *say(found, "for", long, lambda p, v: thaw(p, dwell=v), under=under),
        *say(found, "cooling", long, lambda p, v: thaw(p, cooling=v), under=under),
    ]


def _tradeoff(found: Record) -> list[Said]:
    under = "tradeoff."
    return [
        *say(
            found, "requestCosts", positive, lambda p, v: replace(p, request_price=v), under=under
        ),
        *say(found, "reserve", _left, lambda p, v: replace(p, reserve=v), under=under),
    ]


def _left(spot: Spot) -> Any:
    found = share(spot)
    if found == 1:
        spot.fault("More than 100% is never left.", "Write 10%.")
        return None
    return found


def _teams(spot: Spot) -> tuple[Named, ...]:
    found = ((owner_name(item), item) for item in listing(spot))
    return tuple((name, item) for name, item in found if name is not None)


def _applies(spec: Record, *, default: bool) -> None:
    for field in ("services", "teams"):
        spot = spec.get(field)
        if default and spot is not None:
            problem = "A default policy applies to everything that no nearer one speaks of."
            spot.fault(problem, f"Leave out `{field}`, or the default.")


def _version(document: Document) -> str:
    """Short hash of what the policy says, whatever its lay-out."""
    said = _plain(document.spec.node) if document.spec is not None else None
    return short_hash([document.name, said])


def short_hash(said: Any) -> str:
    """12 hex digits of anything that JSON can say."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(node: Node) -> Any:
    match node:
        case Scalar():
            return node.text
        case Listing():
            return [_plain(item) for item in node.items]
        case Table():
            return {key.text: _plain(value) for key, value in node.entries}
