"""BudgetPolicy: what each verdict leads to, who approves, how a freeze thaws."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bot.decide.policy import Approvals, Policy, Thaw, Then, Threshold
from bot.decide.quorum import Quorum
from bot.judge.burn import BurnAlert, Severity
from bot.spec.alert_objects import spec_of
from bot.spec.documents import Document
from bot.spec.nodes import Listing, Node, Scalar, Table
from bot.spec.people import named_services
from bot.spec.spot import Record, Spot, listing, record
from bot.spec.values import choice, duration, flag, percent, positive, share, spell, whole

_THEN: Mapping[str, Then] = {str(then): then for then in Then}
_SEVERITY: Mapping[str, Severity] = {str(severity): severity for severity in Severity}
_FIELDS = (
    "description",
    "burnAlerts",
    "onPage",
    "onTicket",
    "thresholds",
    "thaw",
    "approvals",
    "resolveAfter",
    "services",
    "default",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy, where its burn alerts stand, and what it applies to."""

    policy: Policy
    spots: tuple[Spot, ...]
    """One per burn alert."""
    services: tuple[tuple[str, Spot], ...]
    default: bool
    document: Document


def read_policy(document: Document) -> Rules | None:
    """A BudgetPolicy; None if it has a fault."""
    spec = spec_of(document, *_FIELDS)
    if spec is None:
        return None
    before = len(spec.spot.faults)
    alerts = spec.read("burnAlerts", _alerts)
    thresholds = spec.read("thresholds", _thresholds)
    fallback = Policy(document.name, "")
    policy = Policy(
        name=document.name,
        version=_version(document),
        thresholds=fallback.thresholds if thresholds is None else thresholds,
        alerts=None if alerts is None else tuple(alert for alert, _ in alerts),
        on_page=spec.read("onPage", choice(_THEN)) or Then.WARN,
        on_ticket=spec.read("onTicket", choice(_THEN)) or Then.WARN,
        thaw=spec.read("thaw", _thaw) or Thaw(),
        approvals=spec.read("approvals", _approvals) or Approvals(),
        resolve_after=_or(spec.read("resolveAfter", duration(zero=True)), 600),
    )
    services = spec.read("services", named_services) or ()
    default = spec.read("default", flag) is True or document.name == "default"
    _thaws_above(spec, policy)
    _applies(spec, default)
    if not document.name or len(spec.spot.faults) > before:
        return None
    return Rules(policy, tuple(spot for _, spot in alerts or ()), services, default, document)


def _or(found: int | None, otherwise: int) -> int:
    return otherwise if found is None else found


def _alerts(spot: Spot) -> list[tuple[BurnAlert, Spot]]:
    found = ((_alert(item), item) for item in listing(spot))
    return [(alert, item) for alert, item in found if alert is not None]


def _alert(spot: Spot) -> BurnAlert | None:
    found = record(spot, "spend", "within", "confirm", "severity")
    if found is None:
        return None
    spend = found.need("spend", share, "spend: 2%")
    long = found.need("within", duration("mhdw"), "within: 1h")
    short = found.read("confirm", duration("mhdw"))
    severity = found.need("severity", choice(_SEVERITY), "severity: page")
    if spend == 0:
        (found.get("spend") or spot).fault("Spending nothing is no reason to warn.", "Write 2%.")
        return None
    if spend is None or long is None or severity is None:
        return None
    if short is None:
        short = max(60, long // 12 // 60 * 60)
    if short >= long:
        at = found.get("confirm") or found.get("within") or spot
        at.fault("`confirm` must be shorter than `within`.", "A twelfth of it is usual: 5m for 1h.")
        return None
    return BurnAlert(spend, long, short, severity)


def paste(alert: BurnAlert) -> str:
    """A burn alert as it is written in a policy."""
    return (
        f"{{spend: {percent(alert.spend)}, within: {spell(alert.long)}, "
        f"confirm: {spell(alert.short)}, severity: {alert.severity}}}"
    )


def _thresholds(spot: Spot) -> tuple[Threshold, ...]:
    found: dict[Any, Threshold] = {}
    for item in listing(spot):
        fields = record(item, "left", "then")
        left = fields.need("left", share, "left: 25%") if fields else None
        then = fields.need("then", choice(_THEN), "then: warn") if fields else None
        if left is None or then is None:
            continue
        if left == 1:
            item.fault("100% is left when nothing has happened.", "Write less, like 50%.")
        elif left in found:
            item.fault(f"There is a threshold at {percent(left)} already.", "Keep one.")
        found[left] = Threshold(left, then)
    return tuple(found.values())


def _thaw(spot: Spot) -> Thaw | None:
    found = record(spot, "left", "burnBelow", "for")
    if found is None:
        return None
    left, burn = found.read("left", share), found.read("burnBelow", positive)
    if left == 1:
        (found.get("left") or spot).fault("More than 100% is never left.", "Write 10%.")
    return Thaw(
        Thaw().left if left is None else left,
        Thaw().burn_below if burn is None else burn,
        _or(found.read("for", duration(zero=True)), Thaw().dwell),
    )


def _thaws_above(spec: Record, policy: Policy) -> None:
    """A freeze must not thaw where it begins (law 12)."""
    stops = [t.left for t in policy.thresholds if t.then is not Then.WARN]
    if stops and policy.thaw.left < max(stops):
        problem = (
            f"A freeze begins at {percent(max(stops))} left and would thaw at "
            f"{percent(policy.thaw.left)}: it would thaw at once."
        )
        higher = percent(min(max(stops) + Fraction(5, 100), (1 + max(stops)) / 2))
        (spec.get("thaw") or spec.spot).fault(problem, f"Write thaw: {{left: {higher}}} or more.")


def _approvals(spot: Spot) -> Approvals | None:
    found = record(spot, "freeze", "unfreeze", "expire")
    if found is None:
        return None
    few, usual = whole(1, 20), Approvals()
    return Approvals(
        freeze=Quorum.of(_or(found.read("freeze", few), usual.freeze.size)),
        unfreeze=Quorum.of(_or(found.read("unfreeze", few), usual.unfreeze.size)),
        expires=_or(found.read("expire", duration("mhdw")), usual.expires),
    )


def _applies(spec: Record, default: bool) -> None:
    if default and spec.get("services") is not None:
        problem = "A default policy applies to every service that has no other."
        (spec.get("services") or spec.spot).fault(problem, "Leave out `services`, or the default.")


def _version(document: Document) -> str:
    """Short hash of what the policy says, whatever its lay-out."""
    said = _plain(document.spec.node) if document.spec is not None else None
    text = json.dumps([document.name, said], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(node: Node) -> Any:
    match node:
        case Scalar():
            return node.text
        case Listing():
            return [_plain(item) for item in node.items]
        case Table():
            return {key.text: _plain(value) for key, value in node.entries}
