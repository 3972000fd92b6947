"""Policies laid over one another: what a nearer one leaves out comes from the next wider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bot.decide.catalog import Team
from bot.decide.policy import DEFAULT, Policy, Then
from bot.decide.quorum import BUILT_IN
from bot.decide.stated import Stated
from bot.spec.budget import Rules, short_hash
from bot.spec.said import Said
from bot.spec.spot import Spot, nearest, shorten
from bot.spec.stated import values_of
from bot.spec.values import percent


@dataclass(frozen=True, slots=True)
class Source:
    """Who says a field: which document, how far away (0 is the nearest of the chain)."""

    said: Said
    name: str
    distance: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """The policy that comes of a chain, and who says which of its fields."""

    policy: Policy
    sources: Mapping[str, Source]

    @property
    def stated(self) -> tuple[Stated, ...]:
        """Every value with the place that it comes from."""
        return tuple(self._state(field, value) for field, value in values_of(self.policy))

    def _state(self, field: str, value: str) -> Stated:
        found = self.sources.get(field)
        if found is None:
            return Stated(field, value)
        return Stated(field, value, found.name, found.said.spot.where)

    @property
    def alert_spots(self) -> tuple[Spot, ...]:
        """Where each of its burn alerts stands."""
        found = self.sources.get("burnAlerts")
        return () if found is None else found.said.parts


def resolve(chain: Sequence[Rules]) -> Resolved:
    """`chain`: nearest first; without any it is the built-in policy."""
    if not chain:
        return Resolved(DEFAULT, {})
    name = " → ".join(rules.name for rules in reversed(chain))
    versions = [rules.version for rules in chain]
    version = versions[0] if len(chain) == 1 else short_hash(versions)
    policy = replace(DEFAULT, name=name, version=version)
    sources: dict[str, Source] = {}
    for distance, rules in reversed(list(enumerate(chain))):
        for said in rules.said:
            policy = said.edit(policy)
            sources[said.field] = Source(said, rules.name, distance)
    return Resolved(policy, sources)


def refuse_early_thaw(found: Resolved) -> None:
    """A freeze must not thaw where it begins (law 12). What is milder has its own mark."""
    freezing = (Then.REQUEST_FREEZE, Then.FREEZE)
    stops = [mark.left for mark in found.policy.thresholds if mark.then in freezing]
    said = [one for field in ("thaw.left", "thresholds") if (one := found.sources.get(field))]
    if not said or not stops or found.policy.thaw.left >= max(stops):
        return
    problem = (
        f"A freeze begins at {percent(max(stops))} left and would thaw at "
        f"{percent(found.policy.thaw.left)}: it would thaw at once."
    )
    higher = percent(min(max(stops) + Fraction(5, 100), (1 + max(stops)) / 2))
    nearer = min(said, key=lambda one: one.distance)
    nearer.said.spot.fault(problem, f"Write thaw: {{left: {higher}}} or more.")


def refuse_unknown_groups(found: Resolved, team: Team) -> None:
    """Whom a policy asks must be there in each team that it is asked of."""
    for source in found.sources.values():
        for group, spot in source.said.groups:
            if team.named(group):
                continue
            if group in BUILT_IN:
                field = {"on-call": "onCall"}.get(group, group)
                problem = f"The Team `{team.name}` has no `{field}`: nobody could answer."
                spot.fault(problem, "Name them in the Team, or ask another group.")
                continue
            remedy = nearest(group, [*BUILT_IN, *team.groups])
            problem = f"The Team `{team.name}` has no group `{shorten(group)}`."
            spot.fault(problem, f"{remedy} Or add it to the Team's `groups`.")
