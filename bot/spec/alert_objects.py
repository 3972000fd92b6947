"""The shapes of OpenSLO's alert objects; what they mean is asked once an SLO uses them."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from bot.spec.documents import Document, inline
from bot.spec.nodes import Scalar, Table
from bot.spec.spot import Record, Spot, itself, listing, record
from bot.spec.values import choice, duration, flag, positive, text

T = TypeVar("T")
_OPERATOR = choice({"and": "and", "or": "or"})
"""How a condition joins the next one: with one of them there is nothing to join."""


@dataclass(frozen=True, slots=True)
class Rule:
    """AlertCondition: a burn rate held over a look-back."""

    severity: str
    severity_spot: Spot
    op: Spot | None
    threshold: Fraction
    spot: Spot
    """Where the threshold stands."""
    lookback: int
    after: int | None
    after_spot: Spot


@dataclass(frozen=True, slots=True)
class Target:
    """AlertNotificationTarget: who is told."""

    word: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Plan:
    """AlertPolicy: conditions and targets; a Spot among them is a name still to be looked up."""

    mute: Spot | None
    """Where it says that a breach alerts nobody."""
    conditions: tuple[Rule | Spot, ...]
    targets: tuple[Target | Spot, ...]
    resolved: bool = True
    """Whether the end of a warning is told."""
    no_data: bool = True
    """Whether silence of the source is told."""


def read_plan(document: Document) -> Plan | None:
    """An AlertPolicy."""
    flags = ("alertWhenBreaching", "alertWhenResolved", "alertWhenNoData")
    spec = spec_of(document, "description", *flags, "conditions", "notificationTargets")
    if spec is None:
        return None
    said = {name: spec.read(name, flag) for name in flags}
    conditions = spec.need("conditions", listing, "conditions: [{conditionRef: …}]")
    rules = [
        either(spot, "AlertCondition", "conditionRef", read_rule, operator=_OPERATOR)
        for spot in conditions or ()
    ]
    targets = [
        either(spot, "AlertNotificationTarget", "targetRef", read_target)
        for spot in spec.read("notificationTargets", listing) or ()
    ]
    if conditions is not None and len(conditions) != 1:
        problem = f"An AlertPolicy has one condition, not {len(conditions)}."
        (spec.get("conditions") or spec.spot).fault(problem, "Write one AlertPolicy for each.")
        return None
    mute = spec.get("alertWhenBreaching") if said["alertWhenBreaching"] is False else None
    return Plan(
        mute,
        tuple(rule for rule in rules if rule is not None),
        tuple(target for target in targets if target is not None),
        said["alertWhenResolved"] is not False,
        said["alertWhenNoData"] is not False,
    )


def read_rule(document: Document) -> Rule | None:
    """An AlertCondition."""
    spec = spec_of(document, "description", "severity", "condition")
    if spec is None:
        return None
    severity = spec.need("severity", text, "severity: page")
    at = spec.need("condition", itself, "condition: {kind: burnrate, …}")
    fields = ("kind", "op", "threshold", "lookbackWindow", "alertAfter")
    rule = record(at, *fields) if at is not None else None
    if rule is None:
        return None
    rule.read("kind", _burn_rate)
    threshold = rule.need("threshold", positive, "threshold: 14.4")
    lookback = rule.need("lookbackWindow", duration("mhdw"), "lookbackWindow: 1h")
    after = rule.read("alertAfter", duration("mhdw", zero=True))
    if threshold is None or lookback is None or severity is None:
        return None
    return Rule(
        severity,
        spec.get("severity") or spec.spot,
        rule.get("op"),
        threshold,
        rule.get("threshold") or rule.spot,
        lookback,
        after,
        rule.get("alertAfter") or rule.spot,
    )


def _burn_rate(spot: Spot) -> bool | None:
    if text(spot) == "burnrate":
        return True
    spot.fault("The only kind of condition is `burnrate`.", "Write kind: burnrate.")
    return None


def read_target(document: Document) -> Target | None:
    """An AlertNotificationTarget."""
    spec = spec_of(document, "description", "target")
    word = spec.need("target", text, "target: slack") if spec is not None else None
    if spec is None or word is None:
        return None
    return Target(word, spec.get("target") or spec.spot)


def spec_of(document: Document, *fields: str) -> Record | None:
    """The fields of an object's spec."""
    if document.spec is None:
        document.top.fault("The field `spec` is missing.")
        return None
    return record(document.spec, *fields)


def either(
    spot: Spot,
    kind: str,
    ref: str,
    read: Callable[[Document], T | None],
    **besides: Callable[[Spot], object],
) -> T | Spot | None:
    """An object written out in place, or the Spot of its name (`{ref: name}`, or the name).
    `besides`: fields that may stand beside the name, with what reads them."""
    if isinstance(spot.node, Scalar):
        return spot if text(spot) is not None else None
    if isinstance(spot.node, Table) and "spec" in {key.text for key, _ in spot.node.entries}:
        document = inline(spot, kind)
        return None if document is None else read(document)
    found = record(spot, ref, *besides)
    if found is None:
        return None
    for field, check in besides.items():
        found.read(field, check)
    return found.need(ref, itself, f"{ref}: …")
