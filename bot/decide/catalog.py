"""Everything the spec files say, ready to be looked up by the names people use."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.decide.identity import Identities, Identity
from bot.decide.outside import Outside
from bot.decide.people import Actor, Group
from bot.decide.pipeline import Pipeline
from bot.decide.policy import DEFAULT, Approvals, Policy
from bot.decide.quorum import APPROVERS, DECIDERS, ON_CALL
from bot.decide.schedule import Schedule
from bot.decide.scope import Reach, Scope
from bot.decide.service import Service
from bot.decide.stated import Stated
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
    groups: Mapping[str, Group] = field(default_factory=dict)
    """Further groups, by the names that the spec gives them."""
    owner: str = ""
    """Slack id of whoever retrains its models unless somebody else says that they do."""

    @property
    def deciders(self) -> tuple[Group, ...]:
        """Everybody whose approval counts: the on-call and the approvers."""
        return tuple(group for group in (self.on_call, self.approvers) if group)

    def named(self, group: str) -> tuple[Group, ...]:
        """What a quorum's word for a group means for this team; nothing if it has none of it."""
        if group == DECIDERS:
            return self.deciders
        built_in = {ON_CALL: self.on_call, APPROVERS: self.approvers}
        found = built_in.get(group) or self.groups.get(group)
        return (found,) if found else ()


FEEDS = ("push", "sql", "nannyml", "evidently", "mlflow")
"""Types of DataSource whose counts come through feeds."""
VERSIONS = ("known", "released", "any")
"""Of which versions feeds may speak: `released` are those that the journal of releases has, `known`
(what holds if nothing is said) also none at all, and any from before the journal began."""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A DataSource as written: an adapter makes a source of it."""

    name: str
    kind: str
    """`prometheus`, `csv`, or one of FEEDS."""
    details: Mapping[str, object] = field(default_factory=dict)
    where: str = field(default="", compare=False)
    """File and line, for messages; where it stands does not make it another source."""

    @property
    def fed(self) -> bool:
        """Whether it holds what feeds say, pushed or fetched."""
        return self.kind in FEEDS

    @property
    def versions(self) -> str:
        """Of which versions its feeds may speak, one of VERSIONS."""
        return str(self.details.get("versions", "known"))


@dataclass(frozen=True, slots=True)
class PagerSpec:
    """A PagerDuty account as written."""

    name: str
    url: str
    token_env: str
    """Name of the environment variable that holds a read-only key."""
    where: str = field(default="", compare=False)


@dataclass(frozen=True)
class Catalog:
    """All objectives, services, teams, policies and sources of one loading of the specs."""

    objectives: tuple[Objective, ...] = ()
    services: Mapping[str, Service] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """By name; that of one that inherits says the chain, from the widest to the nearest."""
    otherwise: Policy = DEFAULT
    """What holds for services that the specs do not know: the default policy, by whatever name."""
    sources: Mapping[str, SourceSpec] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    version: str = ""
    """Hash of all the files read."""
    pagers: Mapping[str, PagerSpec] = field(default_factory=dict)
    identities: Identities = field(default_factory=Identities)
    stated: Mapping[str, tuple[Stated, ...]] = field(default_factory=dict)
    """Every value of each policy, with its place in the spec files."""
    pipelines: Mapping[str, Pipeline] = field(default_factory=dict)
    """CI systems that vouch for their runs."""
    outside: Outside = field(default_factory=Outside)
    """Code hosts, registries of models, and addresses that are told."""

    def policy_of(self, objective: Objective) -> Policy:
        """The policy that an objective is judged under."""
        policy = self.policies.get(objective.policy, DEFAULT).fitted(objective.labels)
        return policy.gentle if objective.drift else policy

    def policy_for(self, scope: Scope) -> Policy:
        """The policy that a request about `scope` falls under. About a service it is its own; where
        several meet the one that takes the most approvals to lift. In each, as many approvals and
        as short a time as the strictest of all that it touches."""
        if scope not in self._policies:
            self._policies[scope] = self._policy_for(scope)
        return self._policies[scope]

    @cached_property
    def _policies(self) -> dict[Scope, Policy]:
        """What was asked for: a catalog does not change, and a vote asks several times."""
        return {}

    def _policy_for(self, scope: Scope) -> Policy:
        named = [o.policy for o in self.objectives_in(scope)]
        named += [one.policy for one in self.services.values() if scope.covers(one) and one.policy]
        found = [self.policies.get(name, DEFAULT) for name in dict.fromkeys(named)] or [DEFAULT]
        first = max(
            found, key=lambda p: (p.approvals.unfreeze.size, p.approvals.freeze.size, p.name)
        )
        service = self.services.get(scope.name) if scope.reach is Reach.SERVICE else None
        own = self.policies.get(service.policy, first) if service is not None else first
        return replace(own, approvals=Approvals.strictest(one.approvals for one in found))

    def person_of(self, who: str) -> Identity | None:
        """The person behind an id of Slack, an e-mail address …, if the identity map has it."""
        return self.identities.person_of(who)

    def same_person(self, one: str, other: str) -> bool:
        """Whether two ids are of one person, as far as the identity map knows."""
        return self.identities.same_person(one, other)

    def known(self, actor: Actor) -> Actor:
        """The actor with the other ids of the same person, for the record."""
        person = self.person_of(actor.id)
        return actor if person is None else replace(actor, identity=person.beside(actor.id))

    def team_of(self, service: str) -> Team | None:
        """The team that owns a service."""
        known = self.services.get(service)
        return self.teams.get(known.team) if known else None

    def teams_in(self, scope: Scope) -> tuple[Team, ...]:
        """The teams whose services a scope reaches, in the order of the specs."""
        if scope.reach is Reach.ALL:
            return tuple(self.teams.values())
        if scope.reach in (Reach.TEAM, Reach.SERVICE):
            team = self.team_of if scope.reach is Reach.SERVICE else self.teams.get
            named = team(scope.name)
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
