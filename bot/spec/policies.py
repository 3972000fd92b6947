"""Which policy an objective is judged under, and the burn alerts that come of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.decide.policy import DEFAULT, Policy
from bot.judge.burn import BurnAlert, can_fire, ceiling, default_alerts, nearest_that_fires
from bot.judge.objective import Objective
from bot.spec.alerting import Condition
from bot.spec.budget import Rules, paste
from bot.spec.documents import Document
from bot.spec.index import Index
from bot.spec.owners import known_service
from bot.spec.slo import Draft
from bot.spec.spot import Spot, nearest, shorten
from bot.spec.values import name, percent, spell


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies, and who comes under which."""

    rules: Mapping[str, Rules]
    by_service: Mapping[str, str]
    default: str

    def catalogued(self) -> dict[str, Policy]:
        """By name, the built-in one included."""
        found = {DEFAULT.name: DEFAULT}
        return found | {called: rules.policy for called, rules in self.rules.items()}


def read_policies(
    index: Index, read: Iterable[Rules], services: Iterable[str], drafts: Iterable[Draft]
) -> Policies:
    """Who comes under which policy: the annotation of the SLO, else that of the Service, else the
    policy that lists the service, else the default one, else the built-in."""
    rules = {found.policy.name: found for found in read}
    known = list(services)
    by_service: dict[str, str] = {}
    default = ""
    for called, found in rules.items():
        if found.default and default:
            remedy = "Keep `default: true` at one of them."
            found.document.head.fault(f"`{default}` is the default policy already.", remedy)
        default = default or (called if found.default else "")
        _listed(found, by_service, known)
    chosen = set(by_service.values()) | {called for called in rules if rules[called].default}
    for document in index.all("Service"):
        marked = marked_policy(document, index)
        if marked:
            by_service[document.name] = marked
            chosen.add(marked)
    chosen |= {marked_policy(draft.document, index) for draft in drafts}
    for called, found in rules.items():
        if called not in chosen:
            remedy = "Write `default: true`, or `services: [my-service]`."
            found.document.head.fault("This policy applies to no service.", remedy)
    return Policies(rules, by_service, default or DEFAULT.name)


def _listed(found: Rules, by_service: dict[str, str], known: list[str]) -> None:
    for service, spot in found.services:
        known_service(service, spot, known)
        first = by_service.setdefault(service, found.policy.name)
        if first != found.policy.name:
            spot.fault(f"The policy `{first}` lists `{service}` already.", "Keep it in one.")


def marked_policy(document: Document, index: Index) -> str:
    """The policy that an annotation names; empty if none does."""
    spot = document.marks.get("policy")
    called = name(spot) if spot is not None else None
    if spot is None or called is None or called == DEFAULT.name:
        return called or ""
    if called not in index.names("BudgetPolicy"):
        remedy = nearest(called, index.names("BudgetPolicy")) or "Add one of that name."
        spot.fault(f"There is no BudgetPolicy `{shorten(called)}`.", remedy)
    return called


def under_policy(draft: Draft, policies: Policies, index: Index, misfits: "Misfits") -> Objective:
    """The objective with its policy and its burn alerts."""
    found = draft.objective
    marked = marked_policy(draft.document, index)
    policy = marked or policies.by_service.get(found.service) or policies.default
    rules = policies.rules.get(policy)
    window = found.window_seconds
    if draft.alerts.conditions:
        for condition in draft.alerts.conditions:
            misfits.condition(condition, found)
        alerts = tuple(condition.alert(window) for condition in draft.alerts.conditions)
    elif rules is not None and rules.policy.alerts is not None:
        for alert, spot in zip(rules.policy.alerts, rules.spots, strict=True):
            misfits.rule(alert, spot, found)
        alerts = rules.policy.alerts
    else:
        alerts = default_alerts(found.target, window)
    return replace(found, policy=policy, alerts=alerts)


class Misfits:
    """Alerts that cannot fire for an objective they apply to (law 8): one fault for each alert,
    told for the objective that is hardest to reach, with the number of the others."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[int, Objective, BurnAlert, Spot, Condition | None]]] = {}

    def rule(self, alert: BurnAlert, spot: Spot, objective: Objective) -> None:
        """A burn alert of a policy."""
        self._add(alert, spot, objective, None)

    def condition(self, condition: Condition, objective: Objective) -> None:
        """A condition of OpenSLO."""
        alert = condition.alert(objective.window_seconds)
        self._add(alert, condition.spot, objective, condition)

    def _add(
        self, alert: BurnAlert, spot: Spot, objective: Objective, condition: Condition | None
    ) -> None:
        window = objective.window_seconds
        if alert.long < objective.step:
            problem = f"{spell(alert.long)} is shorter than one slice of `{objective.id}`."
            spot.fault(problem, f"Look over at least {spell(objective.step)}.")
            return
        if alert.long <= window and can_fire(alert, objective.target, window):
            return
        needed = nearest_that_fires(alert, objective.target, window).long
        hardest = (needed if alert.long <= window else 1 << 40, objective, alert, spot, condition)
        self._found.setdefault(f"{spot.where} {spot.path}", []).append(hardest)

    def tell(self) -> None:
        """Note the faults."""
        for found in self._found.values():
            _, objective, alert, spot, condition = max(found, key=lambda entry: entry[0])
            others = f" (and for {len(found) - 1} more)" if len(found) > 1 else ""
            whom = f"`{objective.id}`{others}"
            if alert.long > objective.window_seconds:
                problem = f"{spell(alert.long)} is longer than the whole window of {whom}."
                spot.fault(problem, f"That window is {objective.window.text}.")
            else:
                spot.fault(*_cannot_fire(alert, objective, whom, condition))


def _cannot_fire(
    alert: BurnAlert, objective: Objective, whom: str, condition: Condition | None
) -> tuple[str, str]:
    window = objective.window_seconds
    highest, wanted = ceiling(objective.target), alert.threshold(window)
    problem = (
        f"This can never fire for {whom}: it needs a burn of {float(wanted):.4g}, and with a "
        f"target of {percent(objective.target)} the burn cannot exceed {float(highest):.4g}."
    )
    if condition is not None:
        return problem, f"Write threshold: {float(highest * 8 / 10):.3g} or less."
    fitting = nearest_that_fires(alert, objective.target, window)
    if fitting.long > window:
        return problem, "Spend a smaller share, or leave this alert out."
    return problem, f"Write {paste(fitting)}."
