"""Who decides, by a BudgetPolicy: approvals, exemptions, break-glass, disputes, and what follows
where something is not known, or nobody answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.decide.change import ChangeKind
from bot.decide.policy import ANYONE, Approvals, Blind, Exemption, Policy, Rollback
from bot.decide.quorum import APPROVERS, DECIDERS, Need, Quorum
from bot.decide.silence import Silence
from bot.spec.nodes import Listing
from bot.spec.said import Named, Said, say, within
from bot.spec.spot import Record, Spot, listing, record, table
from bot.spec.values import choice, duration, name, several, text, whole

T = TypeVar("T")
PLACES = ("unknown.", "withoutAnswer.")
"""Fields under which each environment is a field of its own."""
WISHES = ("freeze", "unfreeze", "override", "adjust", "rollback", "retrain")
_PEOPLE = whole(1, 20)
_LIFE = duration("mhdw")
_KINDS: Mapping[str, ChangeKind] = {str(kind): kind for kind in ChangeKind}
_ROLLBACK: Mapping[str, Rollback] = {str(one): one for one in Rollback}
_BLIND: Mapping[str, Blind] = {str(blind): blind for blind in Blind}
_SILENCE: Mapping[str, Silence] = {str(silence): silence for silence in Silence}


@dataclass(frozen=True, slots=True)
class _Needs:
    """A quorum as read, with the places of its groups."""

    needs: tuple[Need, ...]
    named: tuple[Named, ...] = ()


def consent(spec: Record) -> list[Said]:
    """All fields of this subject."""
    return [
        *within(spec, "approvals", (*WISHES, "deny", "expire", "use", "escalate"), _approvals),
        *say(
            spec, "exempt", _exempt,
            lambda policy, found: replace(policy, exemptions=tuple(one for one, _ in found)),
            groups=lambda found: (group for _, groups in found for group in groups),
        ),
        *_by_place(spec, "unknown", _BLIND, _blind),
        *_by_place(spec, "withoutAnswer", _SILENCE, _silent),
        *within(spec, "breakGlass", ("groups", "page", "review"), _break_glass),
        *say(spec, "dispute", _group, lambda p, v: replace(p, decider=v[0]), groups=lambda v: (v,)),
        *say(spec, "outsideCauses", _causes, lambda p, v: replace(p, outside_causes=v)),
        *say(spec, "rollback", choice(_ROLLBACK), lambda p, v: replace(p, rollback=v)),
    ]  # fmt: skip


def _asked(policy: Policy, **changed: Any) -> Policy:
    return replace(policy, approvals=replace(policy.approvals, **changed))


def _approvals(found: Record) -> list[Said]:
    under = "approvals."
    said = [one for wish in WISHES for one in _wish(found, wish)]
    said += say(found, "deny", _PEOPLE, _denied_by, under=under)
    said += say(found, "expire", _LIFE, lambda p, v: _asked(p, expires=v), under=under)
    said += say(found, "use", _LIFE, lambda p, v: _asked(p, usable=v), under=under)
    return [*said, *within(found, "escalate", ("after", "to"), _escalate)]


def _wish(found: Record, wish: str) -> list[Said]:
    def put(policy: Policy, read: _Needs) -> Policy:
        old: Quorum = getattr(policy.approvals, wish)
        return _asked(policy, **{wish: Quorum(read.needs, old.deny)})

    return say(found, wish, _needs, put, under="approvals.", groups=lambda read: read.named)


def _denied_by(policy: Policy, count: int) -> Policy:
    asked: Approvals = policy.approvals
    return _asked(policy, **{wish: replace(getattr(asked, wish), deny=count) for wish in WISHES})


def _escalate(found: Record) -> list[Said]:
    under = "approvals.escalate."
    after = say(found, "after", _LIFE, lambda p, v: _asked(p, escalate_after=v), under=under)
    to = say(
        found, "to", _group, lambda p, v: _asked(p, fallback=v[0]), under=under,
        groups=lambda v: (v,),
    )  # fmt: skip
    return [*after, *to]


def _needs(spot: Spot) -> _Needs | None:
    """So many of the deciders, or so many of each of some groups."""
    if not isinstance(spot.node, Listing):
        count = _PEOPLE(spot)
        return None if count is None else _Needs((Need(DECIDERS, count),))
    needs: dict[str, Need] = {}
    named: list[Named] = []
    for item in listing(spot):
        fields = record(item, "group", "count")
        group = fields.need("group", _group, "group: approvers") if fields else None
        count = fields.read("count", _PEOPLE) if fields else None
        if group is None:
            continue
        if group[0] in needs:
            item.fault(f"The group `{group[0]}` stands here twice.", "Write it once, with `count`.")
        needs[group[0]] = Need(group[0], count or 1)
        named.append(group)
    if not spot.node.items:
        spot.fault("Nobody would have to approve.", "Write 1, or [{group: approvers, count: 1}].")
    return _Needs(tuple(needs.values()), tuple(named)) if needs else None


def _group(spot: Spot) -> Named | None:
    found = name(spot)
    return None if found is None else (found, spot)


def _groups(spot: Spot) -> tuple[Named, ...] | None:
    """One group or a list of them; nobody is a fault."""
    found = several(spot, _group)
    if isinstance(spot.node, Listing) and not spot.node.items:
        spot.fault("No group is named here.", "Write on-call, approvers or a group of the Team.")
    return found or None


def _names(found: Iterable[Named]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(group for group, _ in found))


def _exempt(spot: Spot) -> list[tuple[Exemption, tuple[Named, ...]]]:
    """No exemption at all is a word too: not even a rollback passes."""
    found: dict[ChangeKind, tuple[Exemption, tuple[Named, ...]]] = {}
    for item in listing(spot):
        fields = record(item, "kind", "claimedBy")
        kind = fields.need("kind", choice(_KINDS), "kind: rollback") if fields else None
        if fields is None or kind is None:
            continue
        if kind in found:
            item.fault(f"The kind `{kind}` stands here twice.", "Keep one.")
        by = fields.read("claimedBy", _groups)
        groups = (APPROVERS,) if by is None else _names(by)
        named = tuple(one for one in by or () if one[0] != ANYONE)
        found[kind] = Exemption(kind, groups), named
    return list(found.values())


def _by_place(
    spec: Record, field: str, words: Mapping[str, T], put: Callable[[Policy, str, T], Policy]
) -> list[Said]:
    """Each environment is a field of its own."""
    spot = spec.get(field)
    found = table(spot) if spot is not None else None
    if found is None:
        return []
    said: list[Said] = []
    for environment in found.names:
        said += say(found, environment, choice(words), _at(environment, put), under=f"{field}.")
    return said


def _at(environment: str, put: Callable[[Policy, str, T], Policy]) -> Callable[[Policy, T], Policy]:
    return lambda policy, found: put(policy, environment, found)


def _blind(policy: Policy, environment: str, found: Blind) -> Policy:
    return replace(policy, blind=tuple((dict(policy.blind) | {environment: found}).items()))


def _silent(policy: Policy, environment: str, found: Silence) -> Policy:
    said = dict(policy.without_answer) | {environment: found}
    return replace(policy, without_answer=tuple(said.items()))


def _break_glass(found: Record) -> list[Said]:
    def glass(policy: Policy, **changed: Any) -> Policy:
        return replace(policy, break_glass=replace(policy.break_glass, **changed))

    def review(inner: Record) -> list[Said]:
        by = say(
            inner, "by", _group, lambda p, v: glass(p, reviewers=v[0]),
            under="breakGlass.review.", groups=lambda v: (v,),
        )  # fmt: skip
        due = say(
            inner, "within", _LIFE, lambda p, v: glass(p, review_within=v),
            under="breakGlass.review.",
        )  # fmt: skip
        return [*by, *due]

    under = "breakGlass."
    who = say(
        found, "groups", _groups, lambda p, v: glass(p, groups=_names(v)), under=under,
        groups=lambda v: v,
    )  # fmt: skip
    pages = say(
        found, "page", _groups, lambda p, v: glass(p, pages=_names(v)), under=under,
        groups=lambda v: v,
    )  # fmt: skip
    return [*who, *pages, *within(found, "review", ("by", "within"), review)]


def _causes(spot: Spot) -> tuple[str, ...]:
    found = several(spot, _cause)
    for number, cause in enumerate(found):
        if cause in found[:number]:
            spot.fault(f"`{cause}` stands here twice.", "Keep one.")
            break
    return found


def _cause(spot: Spot) -> str | None:
    found = text(spot)
    if found is not None and len(found) > 100:
        spot.fault("A cause is a few words: 100 characters at most.", "Write: cloud provider.")
        return None
    return found
