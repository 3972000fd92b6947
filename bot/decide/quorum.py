"""How many people of which groups it takes to decide."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

DECIDERS = "deciders"
"""The group of everybody whose approval counts for a scope: its on-call and its approvers."""
ON_CALL = "on-call"
APPROVERS = "approvers"

BUILT_IN = (DECIDERS, ON_CALL, APPROVERS)
"""Groups that every team has; others are named in its spec."""


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """So many people of one group."""

    group: str
    count: int


@dataclass(frozen=True, slots=True)
class Quorum:
    """The approvals that it takes, each from another person, and the denials."""

    needs: tuple[Need, ...]
    deny: int = 1
    """So many denials end it, whatever the approvals."""

    @classmethod
    def of(cls, count: int) -> "Quorum":
        """So many of the deciders."""
        return cls((Need(DECIDERS, max(1, count)),))

    @property
    def size(self) -> int:
        """How many people must approve in all."""
        return sum(need.count for need in self.needs)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose members may vote."""
        return tuple(dict.fromkeys(need.group for need in self.needs))

    def missing(self, approvals: Iterable[Collection[str]]) -> tuple[Need, ...]:
        """What is still needed; `approvals`: for each that was cast, the groups of its voter.
        Nobody counts for two needs: somebody in both groups fills whichever place lets the most
        places be filled (a matching as large as possible, by augmenting paths)."""
        taken = self._taken([frozenset(groups) for groups in approvals])
        lacking = [group for place, group in enumerate(self._places) if place not in taken]
        return tuple(Need(group, lacking.count(group)) for group in dict.fromkeys(lacking))

    def filled(self, approvals: Sequence[Collection[str]]) -> tuple[str, ...]:
        """For each approval the group of the need that it fills; empty if it fills none."""
        taken = self._taken(approvals)
        places = {voter: self._places[place] for place, voter in taken.items()}
        return tuple(places.get(voter, "") for voter in range(len(approvals)))

    @property
    def _places(self) -> list[str]:
        return [need.group for need in self.needs for _ in range(need.count)]

    def _taken(self, cast: Sequence[Collection[str]]) -> dict[int, int]:
        """Which voter fills which place."""
        taken: dict[int, int] = {}
        places = self._places
        for voter in range(len(cast)):
            _seat(voter, cast, places, taken, set())
        return taken


def _seat(
    voter: int,
    cast: Sequence[Collection[str]],
    places: Sequence[str],
    taken: dict[int, int],
    tried: set[int],
) -> bool:
    """Give the voter a place, moving others where that frees one."""
    for place, group in enumerate(places):
        if group not in cast[voter] or place in tried:
            continue
        tried.add(place)
        if place not in taken or _seat(taken[place], cast, places, taken, tried):
            taken[place] = voter
            return True
    return False


ONE = Quorum.of(1)
"""Any one of the deciders."""


def strictest(quorums: Iterable[Quorum]) -> Quorum:
    """What satisfies all of them: of each group as many as any of them asks for, and as few
    denials as end any of them. The on-call and the approvers are deciders too."""
    found = list(quorums)
    most: dict[str, int] = {}
    for need in (need for quorum in found for need in quorum.needs):
        most[need.group] = max(most.get(need.group, 0), need.count)
    if DECIDERS in most:
        most[DECIDERS] -= most.get(ON_CALL, 0) + most.get(APPROVERS, 0)
    needs = tuple(sorted(Need(group, count) for group, count in most.items() if count > 0))
    return Quorum(needs, min(quorum.deny for quorum in found))


def needs_words(needs: Sequence[Need]) -> str:
    """`1 on-call and 2 data-science-leads`; of deciders only the number (`2`)."""
    parts = [str(n.count) if n.group == DECIDERS else f"{n.count} {n.group}" for n in needs]
    return " and ".join(parts)
