"""Everything the spec files say, ready to be looked up by the names people use."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.decide.people import Group
from bot.decide.policy import DEFAULT, Approvals, Policy
from bot.decide.scope import Reach, Scope
from bot.decide.service import Service
from bot.decide.words import read_scope, write_scope
from bot.judge.objective import Objective


@dataclass(frozen=True, slots=True)
class Team:
    """Who owns services: their channel, and who may decide for them."""

    name: str
    title: str
    channel: str
    """Slack channel id or #name."""
    on_call: Group
    approvers: Group

    @property
    def deciders(self) -> Group:
        """Everybody whose approval counts: the on-call and the approvers."""
        return Group(
            (*self.on_call.usergroups, *self.approvers.usergroups),
            (*self.on_call.users, *self.approvers.users),
        )


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A DataSource as written: an adapter makes a source of it."""

    name: str
    kind: str
    """`prometheus`, `csv`."""
    details: Mapping[str, object] = field(default_factory=dict)
    where: str = field(default="", compare=False)
    """File and line, for messages; where it stands does not make it another source."""


@dataclass(frozen=True)
class Catalog:
    """All objectives, services, teams, policies and sources of one loading of the specs."""

    objectives: tuple[Objective, ...] = ()
    services: Mapping[str, Service] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    sources: Mapping[str, SourceSpec] = field(default_factory=dict)
    version: str = ""
    """Hash of all the files read."""

    def policy_of(self, objective: Objective) -> Policy:
        """The policy that an objective is judged under."""
        return self.policies.get(objective.policy, DEFAULT)

    def policy_for(self, scope: Scope) -> Policy:
        """The policy that a request about `scope` falls under. Where several meet: the one that
        takes the most approvals to lift, with as many approvals and as short a time as the
        strictest of them asks in each."""
        found = [self.policy_of(o) for o in self.objectives_in(scope)] or [DEFAULT]
        asked = [policy.approvals for policy in found]
        strictest = Approvals(
            freeze=max(one.freeze for one in asked),
            unfreeze=max(one.unfreeze for one in asked),
            expires=min(one.expires for one in asked),
        )
        first = max(found, key=lambda p: (p.approvals.unfreeze, p.approvals.freeze, p.name))
        return replace(first, approvals=strictest)

    def team_of(self, service: str) -> Team | None:
        """The team that owns a service."""
        known = self.services.get(service)
        return self.teams.get(known.team) if known else None

    def teams_in(self, scope: Scope) -> tuple[Team, ...]:
        """The teams whose services a scope reaches, in the order of the specs."""
        if scope.reach is Reach.ALL:
            return tuple(self.teams.values())
        if scope.reach is Reach.TEAM:
            named = self.teams.get(scope.name)
            return (named,) if named else ()
        reached = {one.team for one in self.services.values() if scope.covers(one)}
        return tuple(team for name, team in self.teams.items() if name in reached)

    def objectives_in(self, scope: Scope) -> tuple[Objective, ...]:
        """The objectives of the services that a scope reaches."""
        return tuple(o for o in self.objectives if self.covers(scope, o.service))

    def covers(self, scope: Scope, service: str) -> bool:
        """Whether a scope reaches a service."""
        return scope.covers(self.services.get(service) or Service(service, "", ""))

    def scope(self, word: str) -> Scope:
        """What people mean by a word. Raises UserError: see `read_scope`."""
        return read_scope(word, self.services, self.teams)

    def word(self, scope: Scope) -> str:
        """The shortest word that `scope` reads as just this scope."""
        return write_scope(scope, self.scope)
