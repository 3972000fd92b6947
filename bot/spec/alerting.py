"""What OpenSLO's alert objects mean for the SLO that uses them.

A condition becomes a burn alert of ours: its look-back is the long window, `alertAfter` the short
one (a twelfth of the look-back if that is under a minute), and `threshold` times the look-back is a
share of the budget. `gt` and `gte` are one: a burn at the threshold alerts.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from bot.judge.burn import BurnAlert, Severity
from bot.spec.alert_objects import Plan, Rule, Target, either, read_plan, read_rule, read_target
from bot.spec.documents import Document
from bot.spec.index import Index
from bot.spec.spot import Spot, listing, nearest, not_yet, shorten
from bot.spec.values import text

T = TypeVar("T")

_PAGE = ["page", "critical", "high", "error", "emergency", "urgent", "sev1", "sev2", "p1", "p2"]
_TICKET = [
    "ticket",
    "warning",
    "warn",
    "medium",
    "minor",
    "low",
    "info",
    "notice",
    "sev3",
    "sev4",
    "sev5",
    "p3",
    "p4",
    "p5",
]
SEVERITIES: Mapping[str, Severity] = dict.fromkeys(_PAGE, Severity.PAGE) | dict.fromkeys(
    _TICKET, Severity.TICKET
)
_CHANNEL = re.compile(r"#\S+|[CG][A-Z0-9]{6,}")


@dataclass(frozen=True, slots=True)
class Condition:
    """A burn rate over two windows, before the objective's window makes a share of it."""

    threshold: Fraction
    long: int
    short: int
    severity: Severity
    spot: Spot

    def alert(self, window_seconds: int) -> BurnAlert:
        """The same as a share of the budget of that window."""
        spend = self.threshold * self.long / window_seconds
        return BurnAlert(spend, self.long, self.short, self.severity)


@dataclass(frozen=True, slots=True)
class Alerts:
    """What the alert policies of one SLO come to."""

    conditions: tuple[Condition, ...] = ()
    targets: tuple[Target, ...] = ()
    resolved: bool = True
    no_data: bool = True


class Alerting:
    """All alert objects, read once; looked up by the SLOs that use them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._plans = _read_all(index.all("AlertPolicy"), read_plan)
        self._rules = _read_all(index.all("AlertCondition"), read_rule)
        self._targets = _read_all(index.all("AlertNotificationTarget"), read_target)

    def used(self, spot: Spot) -> Alerts:
        """The alert policies of an SLO (its field `alertPolicies`)."""
        conditions: list[Condition] = []
        targets: list[Target] = []
        plans: list[Plan] = []
        for item in listing(spot):
            found = either(item, "AlertPolicy", "alertPolicyRef", read_plan)
            plan = self._follow(found, "AlertPolicy", self._plans)
            if plan is None:
                continue
            plans.append(plan)
            if plan.mute is not None:
                remedy = "Write alertWhenBreaching: true, or take the policy out of the SLO."
                not_yet(plan.mute, "A policy that does not alert on a breach", remedy)
            for piece in plan.conditions:
                rule = self._follow(piece, "AlertCondition", self._rules)
                condition = _condition(rule) if rule is not None else None
                if condition is not None:
                    conditions.append(condition)
            for told in plan.targets:
                target = self._follow(told, "AlertNotificationTarget", self._targets)
                if target is not None:
                    targets.append(target)
        # One policy that wants it told is enough.
        resolved = not plans or any(plan.resolved for plan in plans)
        no_data = not plans or any(plan.no_data for plan in plans)
        return Alerts(tuple(conditions), tuple(targets), resolved, no_data)

    def _follow(self, found: T | Spot | None, kind: str, known: Mapping[str, T | None]) -> T | None:
        """What a name refers to; what is written out is that already."""
        if not isinstance(found, Spot):
            return found
        document = self._index.refer(kind, found)
        return None if document is None else known.get(document.name)


def check_target(target: Target, channel: str) -> None:
    """Warnings go to the channel of the service's Team; a target that says otherwise is refused."""
    word = target.word.strip()
    if word.lower() in ("slack", "burnban") or (channel and word == channel):
        return
    if _CHANNEL.fullmatch(word):
        remedy = "Write target: slack, and the channel in the Team of the service."
        target.spot.fault("Warnings go to the channel of the service's Team.", remedy)
    else:
        what = f"Notifying `{shorten(word)}`"
        not_yet(target.spot, what, "Burnban tells people in Slack: write target: slack.")


def _condition(rule: Rule) -> Condition | None:
    severity = SEVERITIES.get(rule.severity.lower())
    if severity is None:
        problem = f"`{shorten(rule.severity)}` says neither page nor ticket."
        rule.severity_spot.fault(problem, nearest(rule.severity, SEVERITIES, cutoff=0.75))
    if rule.op is not None and text(rule.op) not in ("gt", "gte"):
        not_yet(rule.op, "A burn rate that alerts while it is low", "Write op: gte.")
        return None
    after = rule.after or 0
    short = after if after >= 60 else max(60, rule.lookback // 12 // 60 * 60)
    if short >= rule.lookback:
        problem = "alertAfter must be shorter than lookbackWindow."
        rule.after_spot.fault(problem, "A twelfth of it is usual: 5m for 1h.")
        return None
    if severity is None:
        return None
    return Condition(rule.threshold, rule.lookback, short, severity, rule.spot)


def _read_all(
    documents: Iterable[Document], read: Callable[[Document], T | None]
) -> dict[str, T | None]:
    found: dict[str, T | None] = {}
    for document in documents:
        value = read(document)
        found.setdefault(document.name, value)
    return found
