"""Systems outside in which a freeze bites or releases are seen: code hosts, registries of models,
and those that are told of everything. As written in the specs. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.decide.change import ChangeKind
from bot.decide.cluster import Cluster


class HostKind(StrEnum):
    """Which code host it is."""

    GITHUB = "github"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True)
class Deploys:
    """What a repository's deployments to an environment release."""

    place: str
    """`acme/ranker`, as the host writes it; upper and lower case do not matter."""
    environment: str
    services: tuple[str, ...]

    def at(self, place: str) -> bool:
        """Whether it is about this repository."""
        return self.place.lower() == place.lower()


@dataclass(frozen=True, slots=True)
class CodeHost:
    """One GitHub or GitLab. Secrets are named, never written."""

    name: str
    kind: HostKind
    url: str
    """Of its API: the one place where its tokens go."""
    rules: tuple[Deploys, ...]
    hook_env: str = ""
    """Names the variable with what its webhooks are signed with, or bear; empty: it sends none."""
    key_env: str = ""
    """GitHub: names the variable with the App's private key. GitLab: with an access token."""
    app: str = ""
    """GitHub: the App's id."""
    check: str = ""
    """GitHub: what the required check is called; empty: there is none."""
    acts_as: str = ""
    """GitLab: the group that its approvals stand for; empty: they are the bot's own."""
    periods: bool = False
    """GitLab: whether its freeze periods follow ours."""
    labels: tuple[tuple[str, ChangeKind], ...] = ()
    """Labels of pull or merge requests by which maintainers say of what kind a change is."""
    where: str = field(default="", compare=False)

    @property
    def places(self) -> tuple[str, ...]:
        """The repositories, each once."""
        return tuple(dict.fromkeys(rule.place for rule in self.rules))

    def services(self, place: str, environment: str | None = None) -> tuple[str, ...]:
        """What deployments from a repository release, in one environment or in any."""
        found = (
            service
            for rule in self.rules
            if rule.at(place) and environment in (None, rule.environment)
            for service in rule.services
        )
        return tuple(dict.fromkeys(found))

    def known(self, place: str) -> str:
        """A repository as the specs write it; empty if they do not name it."""
        return next((rule.place for rule in self.rules if rule.at(place)), "")


@dataclass(frozen=True, slots=True)
class Serves:
    """What a registered model's alias, or stage, releases when it moves."""

    model: str
    services: tuple[str, ...]
    alias: str = ""
    stage: str = ""
    restore: bool = False
    """Whether people may be asked to move an alias back that bypassed the gate."""

    @property
    def mark(self) -> str:
        """The alias or stage, as it is told."""
        return f"@{self.alias}" if self.alias else self.stage


@dataclass(frozen=True, slots=True)
class Registry:
    """One MLflow."""

    name: str
    url: str
    rules: tuple[Serves, ...]
    hook_env: str = ""
    key_env: str = ""
    """Names the variable with a bearer token; empty: it wants none."""
    where: str = field(default="", compare=False)

    def rules_of(self, model: str, alias: str) -> Iterator[Serves]:
        """The rules about an alias of a model."""
        return (rule for rule in self.rules if (rule.model, rule.alias) == (model, alias))


class Topic(StrEnum):
    """What a webhook may be told of."""

    FREEZE = "freeze"
    THAW = "thaw"
    OVERRIDE = "override"
    WARNING = "warning"
    RELEASE = "release"
    ROLLBACK = "rollback"
    """Only what was decided: whoever hears of it takes the release back."""
    RETRAIN = "retrain"
    """Only what was decided: whoever hears of it starts the pipeline."""


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that is told of what happens."""

    name: str
    url: str
    secret_env: str
    topics: frozenset[Topic]
    where: str = field(default="", compare=False)


@dataclass(frozen=True)
class Outside:
    """All of them, by their names."""

    hosts: Mapping[str, CodeHost] = field(default_factory=dict)
    registries: Mapping[str, Registry] = field(default_factory=dict)
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    clusters: Mapping[str, Cluster] = field(default_factory=dict)

    def of(self, kind: HostKind) -> tuple[CodeHost, ...]:
        """The code hosts of a kind."""
        return tuple(host for host in self.hosts.values() if host.kind is kind)
