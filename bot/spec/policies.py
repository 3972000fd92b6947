"""Which policies an objective is judged under, from the nearest to the widest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.decide.policy import DEFAULT, Policy
from bot.decide.service import Service
from bot.decide.stated import Stated
from bot.judge.burn import BurnAlert, Severity, default_alerts
from bot.judge.objective import Objective
from bot.spec.budget import Rules
from bot.spec.chain import Resolved, refuse_early_thaw, refuse_unknown_groups, resolve
from bot.spec.consent import PLACES
from bot.spec.documents import Document
from bot.spec.index import Index
from bot.spec.misfits import Misfits
from bot.spec.owners import Owners, known_service
from bot.spec.said import Named
from bot.spec.slo import Draft
from bot.spec.spot import close, nearest, shorten
from bot.spec.values import name


@dataclass(frozen=True)
class Policies:
    """All policies, and who comes under which."""

    rules: Mapping[str, Rules]
    owners: Owners
    by_service: Mapping[str, str]
    by_team: Mapping[str, str]
    default: str
    """Empty: there is none but the built-in."""
    everywhere: str = ""
    """One that is tried as the nearest of every service."""
    _resolved: dict[tuple[str, ...], Resolved] = field(default_factory=dict)
    _asked: set[tuple[str, str]] = field(default_factory=set)

    def over(self, service: str, marked: str = "") -> Resolved:
        """The policy of a service, or of an objective of it whose SLO is `marked`."""
        team = self.owners.services[service].team if service in self.owners.services else ""
        listed = self.by_service.get(service, ""), self.by_team.get(team, "")
        chain = self._chain(self.everywhere, marked, *listed, self.default)
        if chain not in self._resolved:
            self._resolved[chain] = resolve([self.rules[called] for called in chain])
            refuse_early_thaw(self._resolved[chain])
        found = self._resolved[chain]
        if team in self.owners.teams and (found.policy.name, team) not in self._asked:
            self._asked.add((found.policy.name, team))
            refuse_unknown_groups(found, self.owners.teams[team])
        return found

    def _chain(self, *named: str) -> tuple[str, ...]:
        """Nearest first, without the faulty ones. `default` by name skips what lies between."""
        chain: dict[str, None] = {}
        for called in named:
            if called in self.rules:
                chain[called] = None
            if called == DEFAULT.name:
                break
        return tuple(chain)

    def services(self) -> dict[str, Service]:
        """All services, each with its policy."""
        return {
            called: replace(service, policy=self.over(called).policy.name)
            for called, service in self.owners.services.items()
        }

    def catalogued(self) -> dict[str, Policy]:
        """All that apply to something, by name, and the built-in one."""
        found = {one.policy.name: one.policy for one in self._resolved.values()}
        return {DEFAULT.name: DEFAULT} | found

    def otherwise(self) -> Policy:
        """The policy of what comes under none of the narrower ones."""
        return resolve([self.rules[called] for called in self._chain(self.default)]).policy

    def stated(self) -> dict[str, tuple[Stated, ...]]:
        """The same, value by value."""
        found = {one.policy.name: one.stated for one in self._resolved.values()}
        return {DEFAULT.name: resolve(()).stated} | found


def read_policies(
    index: Index,
    read: Iterable[Rules],
    owners: Owners,
    drafts: Iterable[Draft],
    everywhere: str = "",
) -> Policies:
    """Who comes under which: the annotation of the SLO is nearest, then that of the Service or else
    the policy that lists the service, then the one that lists its team, then the default one; the
    built-in lies below all."""
    rules = {found.name: found for found in read}
    _refuse_slips(rules.values(), owners.services.values())
    by_service = _listed(rules.values(), "services", owners.services)
    by_team = _listed(rules.values(), "teams", index.names("Team"))
    default = ""
    for called, found in rules.items():
        if found.default and default:
            remedy = "Keep `default: true` at one of them."
            found.document.head.fault(f"`{default}` is the default policy already.", remedy)
        default = default or (called if found.default else "")
        if {"thaw.left", "thresholds"} <= {said.field for said in found.said}:
            refuse_early_thaw(resolve([found]))
    chosen = {*by_service.values(), *by_team.values()}
    chosen |= {called for called in rules if rules[called].default}
    for document in index.all("Service"):
        marked = marked_policy(document, index)
        if marked:
            by_service[document.name] = marked
            chosen.add(marked)
    chosen |= {marked_policy(draft.document, index) for draft in drafts}
    for called, found in rules.items():
        if called not in chosen:
            remedy = "Write `default: true`, `teams: [my-team]` or `services: [my-service]`."
            found.document.head.fault("This policy applies to no service.", remedy)
    return Policies(rules, owners, by_service, by_team, default, everywhere)


def _refuse_slips(rules: Iterable[Rules], services: Iterable[Service]) -> None:
    """What is said of an environment that is one letter from a real one."""
    known = {service.environment for service in services} - {""}
    for said in (said for found in rules for said in found.said if said.field.startswith(PLACES)):
        called = said.field.partition(".")[2]
        near = close(called, known, 0.75)
        if near is None or _letters(near) == _letters(called):
            continue
        problem = f"There is no environment `{shorten(called)}`, but there is `{near}`."
        said.spot.fault(problem, f"Write `{near}`, or label a service with the other.")


def _letters(called: str) -> str:
    return "".join(letter for letter in called if not letter.isdigit())


def _listed(read: Iterable[Rules], what: str, known: Iterable[str]) -> dict[str, str]:
    """Who is listed by which policy."""
    listed: dict[str, str] = {}
    names = list(known)
    for found in read:
        mine: tuple[Named, ...] = found.services if what == "services" else found.teams
        for called, spot in mine:
            if what == "services":
                known_service(called, spot, names)
            elif called not in names:
                remedy = nearest(called, names) or "Add one of that name."
                spot.fault(f"There is no Team `{shorten(called)}`.", remedy)
            first = listed.setdefault(called, found.name)
            if first != found.name:
                spot.fault(f"The policy `{first}` lists `{called}` already.", "Keep it in one.")
    return listed


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


def under_policy(draft: Draft, policies: Policies, index: Index, misfits: Misfits) -> Objective:
    """The objective with its policy and its burn alerts."""
    objective = draft.objective
    resolved = policies.over(objective.service, marked_policy(draft.document, index))
    window = objective.window_seconds
    own = resolved.policy.alerts
    if draft.alerts.conditions:
        for condition in draft.alerts.conditions:
            misfits.condition(condition, objective)
        alerts = tuple(condition.alert(window) for condition in draft.alerts.conditions)
    elif own is not None:
        for alert, spot in zip(own, resolved.alert_spots, strict=True):
            misfits.rule(alert, spot, objective)
        alerts = own
    else:
        alerts = default_alerts(objective.target, window)
    if objective.drift:
        alerts = _without_pages(draft, alerts)
    return replace(objective, policy=resolved.policy.name, alerts=alerts)


def _without_pages(draft: Draft, alerts: tuple[BurnAlert, ...]) -> tuple[BurnAlert, ...]:
    """Drift is a reason to retrain, none to wake anybody: what a policy pages for becomes a ticket,
    a page that the SLO itself asks for is a fault."""
    for condition in draft.alerts.conditions:
        if condition.severity is Severity.PAGE:
            problem = f"Drift never pages, but `{draft.objective.id}` asks for it."
            condition.spot.fault(problem, "Write severity: ticket.")
    return tuple(replace(alert, severity=Severity.TICKET) for alert in alerts)
