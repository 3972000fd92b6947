"""What one field of a BudgetPolicy says, and where: policies inherit field by field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from bot.decide.policy import Policy
from bot.spec.spot import Record, Spot, record

T = TypeVar("T")
Named = tuple[str, Spot]
"""A name, and where it is written."""


@dataclass(frozen=True, slots=True)
class Said:
    """One field: how it changes the policy that it is laid over."""

    field: str
    """As it is written below `spec` (`thaw.left`)."""
    edit: Callable[[Policy], Policy]
    spot: Spot
    groups: tuple[Named, ...] = ()
    """Groups of people that it names."""
    parts: tuple[Spot, ...] = ()
    """Of a list: its items."""


def say(
    found: Record,
    name: str,
    how: Callable[[Spot], T | None],
    put: Callable[[Policy, T], Policy],
    *,
    under: str = "",
    groups: Callable[[T], Iterable[Named]] = lambda _: (),
) -> list[Said]:
    """The field `name`, if it is there and sound. `put`: the policy with its value; `groups`: whom
    that names."""
    spot, value = found.get(name), found.read(name, how)
    if spot is None or value is None:
        return []

    def edit(policy: Policy) -> Policy:
        return put(policy, value)

    return [Said(f"{under}{name}", edit, spot, tuple(groups(value)))]


def within(
    found: Record, name: str, known: Iterable[str], how: Callable[[Record], list[Said]]
) -> list[Said]:
    """The fields below the field `name`."""
    spot = found.get(name)
    inner = record(spot, *known) if spot is not None else None
    return [] if inner is None else how(inner)
