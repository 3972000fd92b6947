"""What waits at code hosts, and the hosts themselves, in our words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.decide.label import Merged
from bot.decide.periods import Period
from bot.decide.waiting import Check


class WatchKind(StrEnum):
    """What it is that we look after at a host."""

    DEPLOYMENT = "deployment"
    """A deployment that waits for the gate."""
    CHECK = "check"
    """A commit that bears our required check."""
    PERIOD = "period"
    """A freeze period that follows one of our freezes."""
    SERVED = "served"
    """The version that an alias or a stage of a registered model stood at last."""
    BACK = "back"
    """An alias that people have agreed to move back."""
    ROLLBACK = "rollback"
    """A release that was advised against, as long as it serves."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One thing that we look after at a host: the stored facts."""

    key: str
    kind: WatchKind
    host: str
    """The name of the host in the specs."""
    place: str
    """The repository, project or model."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the host calls it; JSON."""
    mark: str = ""
    """Of what it was told last."""
    reports: int = 0
    tries: int = 0
    """Visits that failed since one that did not."""
    maybe: bool = False
    """An answer was sent, and nobody knows whether it arrived."""
    told_at: datetime | None = None
    due_at: datetime | None = None
    """None: as soon as it is put."""
    token: int = 0
    """Raised by each claim and each change from outside: whoever has an older one has lost it."""


class Watches(Protocol):
    """What we look after at code hosts. One at a time has a watch in hand."""

    def put(self, watch: Watch, now: datetime) -> None:
        """In place of what is there under its key, due at once; whoever has that in hand loses
        it."""
        ...

    def add(self, watch: Watch, now: datetime) -> bool:
        """False if there is one under its key."""
        ...

    def of(self, kind: WatchKind, host: str = "") -> list[Watch]:
        """Those of a kind, of one host or of all, by when they are due."""
        ...

    def claim(self, key: str, now: datetime, lease: float) -> Watch | None:
        """It, in our hands for so many seconds, if it is due and in nobody else's."""
        ...

    def keep(self, watch: Watch, now: datetime) -> None:
        """Given back as it is now, due at its `due_at`. Raises LeaseLost."""
        ...

    def mark_maybe(self, watch: Watch, now: datetime) -> None:
        """Still in hand: an answer is about to be sent. Raises LeaseLost."""
        ...

    def drop(self, watch: Watch) -> None:
        """Nothing is left to do. Raises LeaseLost."""
        ...

    def remove(self, key: str) -> bool:
        """Whoever has it in hand loses it; False if it was not there."""
        ...

    def pause(self, host: str, until: datetime) -> None:
        """Nothing of this host is due before then."""
        ...


@dataclass(frozen=True, slots=True)
class RunState:
    """A run at a code host."""

    over: bool
    attempt: int
    sha: str


@dataclass(frozen=True, slots=True)
class Stands:
    """A deployment that waits at a host, as polling finds it."""

    run: str
    environment: str
    sha: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook that the host says it has sent, with what it said."""

    guid: str
    event: str
    said: Mapping[str, Any]


class GitHubHost(Protocol):
    """One GitHub App. Raises RateLimited, Refused or Unclear."""

    def installation(self, place: str) -> int:
        """That of the App at a repository. Raises Refused("not_found") if it is not installed."""
        ...

    def run(self, place: str, installation: int, run: str) -> RunState: ...

    def answer(
        self, place: str, installation: int, run: str, environment: str, comment: str, *,
        approve: bool,
    ) -> None:  # fmt: skip
        """Approve a deployment, or only say how it stands."""
        ...

    def check(
        self, place: str, installation: int, sha: str, name: str, check: Check, known: str
    ) -> str:
        """Set a check of a commit; `known`: the check run that is there already. Its id."""
        ...

    def waiting(self, place: str, installation: int) -> list[Stands]:
        """Deployments of runs that wait for protection rules."""
        ...

    def heads(self, place: str, installation: int) -> list[tuple[int, str]]:
        """Numbers and newest commits of the open pull requests."""
        ...

    def merged(
        self, place: str, installation: int, sha: str, labels: Collection[str]
    ) -> list[Merged]:
        """The pull requests that bear one of the labels and whose merge made this commit."""
        ...

    def missed(self, since: datetime) -> list[Delivery]:
        """Webhooks sent since then that were not answered well."""
        ...


@dataclass(frozen=True, slots=True)
class Blocked:
    """A deployment of GitLab's that waits for approvals."""

    id: str
    sha: str
    job: str = ""
    """Of its job; empty if it has none."""
    who: str = ""


class GitLabHost(Protocol):
    """One GitLab. Raises RateLimited, Refused or Unclear."""

    def blocked(self, place: str, environment: str) -> list[Blocked]: ...

    def approve(self, place: str, deployment: str, comment: str) -> None: ...

    def merged(self, place: str, sha: str, labels: Collection[str]) -> list[Merged]:
        """The merge requests that bear one of the labels and whose merge made this commit."""
        ...

    def set_period(self, place: str, period: Period, known: int | None, *, adopt: bool) -> int:
        """Make a freeze period, or change the one that is known. `adopt`: one may have been made
        already; one that says the same is taken for ours. Its id."""
        ...

    def drop_period(self, place: str, period: int) -> None:
        """One that is gone already is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered model: which version each alias and stage stands at."""

    aliases: Mapping[str, str]
    stages: Mapping[str, str]


class RegistryHost(Protocol):
    """One MLflow. Raises RateLimited, Refused or Unclear."""

    def model(self, name: str) -> Registered: ...

    def set_alias(self, model: str, alias: str, version: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Sighting:
    """A release that was seen, wherever: the stored facts."""

    id: int
    key: str
    """The same for whatever tells of it a second time."""
    service: str
    release: str
    """What identifies it best."""
    version: str
    commit: str
    digest: str
    source: str
    """Who saw it: `github acme`, `mlflow main`, `kubernetes`."""
    who: str
    """Who released, as that system calls them."""
    seen_at: datetime
    decision: int = 0
    """The answer of the gate that let it go; 0: none was found."""
    told: bool = False


class Sightings(Protocol):
    """Releases that were seen."""

    def add(self, sighting: Sighting) -> Sighting | None:
        """Stored, with its id (the given id is ignored); None if its key is there already."""
        ...

    def since(self, since: datetime, *, ungated: bool = False) -> list[Sighting]:
        """Oldest first."""
        ...

    def gated(self, sighting: int, decision: int) -> None:
        """The gate's answer was found."""
        ...

    def mark_told(self, sightings: Sequence[int]) -> None: ...

    def forget(self, before: datetime) -> int: ...
