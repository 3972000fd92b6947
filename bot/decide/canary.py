"""Which of the releases that serve now is watched, and what it is held against. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.outside import Registry
from bot.decide.policy import Mode, Policy, Rollback
from bot.decide.release import Release, live_at


@dataclass(frozen=True, slots=True)
class Pair:
    """The newest release that serves, and the one beside it."""

    release: Release
    beside: Release

    @property
    def since(self) -> datetime:
        """From when on both serve."""
        return max(self.release.began, self.beside.began)


def pair(releases: Sequence[Release], now: datetime) -> Pair | None:
    """The newest of those that serve at `now`, against that of another version which has most of
    the traffic, the longest there of several. None unless two versions serve."""
    live = live_at(releases, now)
    others = [one for one in live[:-1] if one.version != live[-1].version]
    if not others:
        return None
    return Pair(live[-1], max(others, key=lambda one: (one.share_at(now), -_at(one))))


def _at(release: Release) -> float:
    return release.began.timestamp()


def follows(policy: Policy) -> Rollback | None:
    """What follows from evidence; None where the policy only watches and would have done it."""
    if policy.rollback is not Rollback.NEVER and policy.mode is Mode.MONITOR:
        return None
    return policy.rollback


@dataclass(frozen=True, slots=True)
class Back:
    """An alias of a registered model that can be moved back."""

    registry: str
    model: str
    alias: str

    @property
    def place(self) -> str:
        """As Burnban keeps where it stands."""
        return f"mlflow:{self.registry}:{self.model}:@{self.alias}"


def backs(registries: Mapping[str, Registry], service: str) -> list[Back]:
    """Aliases that release a service and that the specs let us move back."""
    return [
        Back(registry.name, rule.model, rule.alias)
        for registry in registries.values()
        for rule in registry.rules
        if rule.alias and rule.restore and service in rule.services
    ]
