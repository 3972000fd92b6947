"""Who is in a group now: asked in the order of its fallbacks, with the evidence for it (law 13)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.decide.people import Group, Rota
from bot.decide.quorum import Need, Quorum
from bot.errors import DeliveryError

LISTED = "listed in the spec"
"""Evidence for those whom the spec names by their ids."""


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a rota names at the moment of asking."""

    ids: frozenset[str]
    evidence: str
    """`PagerDuty schedule P123, asked at 10:04:05Z`."""
    unknown: tuple[str, ...] = ()
    """Whom it names beside them, but Slack does not know."""


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in a group now, as far as could be found."""

    found: tuple[Found, ...] = ()
    doubt: DeliveryError | None = None
    """Set if somebody who was not found may belong all the same: what should say so did not
    answer, and nobody stood in."""

    @property
    def ids(self) -> frozenset[str]:
        """Everybody who was found."""
        return frozenset(user for one in self.found for user in one.ids)

    @property
    def evidence(self) -> str:
        """How they were found, in one line."""
        return "; ".join(dict.fromkeys(one.evidence for one in self.found))

    def how(self, user: str) -> str | None:
        """How this user was found; None if they were not."""
        return next((one.evidence for one in self.found if user in one.ids), None)


Ask = Callable[[Rota], Found]
"""Raises DeliveryError if there is no answer."""
Serves = Callable[[Collection[str]], bool]
"""Whether these people are some who could decide, so that nobody needs to stand in."""


def gather(group: Group, ask: Ask, serves: Serves = bool, wanted: str = "") -> Members:
    """The people of the group. Where its own rotas name nobody who serves, or one of them does not
    answer, those of its fallback count too, and so on: never anybody else. With `wanted`, nothing
    more is asked once that user is found."""
    found: list[Found] = []
    why: list[str] = []
    doubt: DeliveryError | None = None
    for step in group.steps:
        here, failed = _look(step, ask, wanted, why)
        found += here
        ids = Members(tuple(here)).ids
        doubt = failed or doubt
        if wanted in ids:
            break
        if serves(ids) and failed is None:
            doubt = None
            break
        why += [f"{one.evidence}, names nobody else who may decide" for one in here if one.ids]
    return Members(tuple(found), doubt)


def together(several: Iterable[Members]) -> Members:
    """Everybody who is in one of them."""
    every = list(several)
    doubts = (one.doubt for one in every if one.doubt is not None)
    return Members(tuple(part for one in every for part in one.found), next(doubts, None))


def enough(needs: Sequence[Need], eligible: Mapping[str, Collection[str]]) -> bool:
    """Whether so many people of each group could approve, nobody for two of the needs. `eligible`:
    by group, one id for each person who may; without the requester."""
    groups: dict[str, set[str]] = {}
    for group, people in eligible.items():
        for person in people:
            groups.setdefault(person, set()).add(group)
    return not Quorum(tuple(needs)).missing(groups.values())


def _look(
    step: Group, ask: Ask, wanted: str, why: list[str]
) -> tuple[list[Found], DeliveryError | None]:
    """Whom one step names, and what kept it from saying all. `why`: what spoke against the steps
    before; what speaks against this one is added."""
    note = _note(step, why)
    found = [Found(frozenset(step.users), LISTED + note)] if step.users else []
    failed: DeliveryError | None = None
    if wanted in step.users:
        return found, None
    for rota in step.rotas:
        try:
            answer = ask(rota)
        except DeliveryError as error:
            failed = failed or error
            why.append(f"{rota} did not answer: {error}")
            continue
        if not answer.ids:
            why.append(f"{answer.evidence}, names nobody")
            continue
        found.append(replace(answer, evidence=answer.evidence + note))
        if wanted in answer.ids:
            break
    return found, failed


def _note(step: Group, why: list[str]) -> str:
    if not why:
        return ""
    name = f"fallback group {step.name}" if step.name else "fallback"
    return f" ({name}: {'; '.join(why)})"
