"""Groups of a Team: user groups, people, PagerDuty, one after the other; fallbacks by name."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from bot.decide.people import Group, Rota, RotaKind
from bot.decide.quorum import APPROVERS, BUILT_IN, ON_CALL
from bot.spec.nodes import Listing
from bot.spec.spot import Record, Spot, listing, nearest, record, shorten, table
from bot.spec.values import several, text

_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_USERGROUP = re.compile(r"S[A-Z0-9]{2,20}|@[a-z0-9][a-z0-9._-]{0,20}")
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PAGED = re.compile(r"[A-Z0-9]{4,20}")
_NAMED = {"onCall": ON_CALL, "approvers": APPROVERS}
"""Fields of a Team, and the words for these groups elsewhere."""
_PAGERDUTY = {"schedules": RotaKind.SCHEDULE, "escalationPolicies": RotaKind.ESCALATION}
EXAMPLE = "onCall: {users: [U0123456]} or {usergroup: S0123456}"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A group as written: its sources in their order, and the name of what stands in for them."""

    sources: tuple[Group, ...]
    fallback: str = ""
    spot: Spot | None = None


@dataclass(frozen=True)
class Groups:
    """All groups of one Team."""

    on_call: Group = field(default_factory=Group)
    approvers: Group = field(default_factory=Group)
    others: Mapping[str, Group] = field(default_factory=dict)


def read_groups(spec: Record, pagers: Collection[str]) -> Groups:
    """`onCall`, `approvers` and `groups` of a Team. `pagers`: the PagerDuty objects there are."""

    def draft(spot: Spot) -> _Draft | None:
        return _draft(spot, pagers)

    drafts: dict[str, _Draft] = {}
    for written, word in _NAMED.items():
        found = spec.read(written, draft)
        if found is not None:
            drafts[word] = found
    drafts |= spec.read("groups", lambda spot: _others(spot, draft)) or {}
    groups = {word: _chained(word, drafts, ()) for word in drafts}
    others = {word: group for word, group in groups.items() if word not in BUILT_IN}
    return Groups(groups.get(ON_CALL, Group()), groups.get(APPROVERS, Group()), others)


def _others(spot: Spot, draft: Callable[[Spot], _Draft | None]) -> dict[str, _Draft]:
    found: dict[str, _Draft] = {}
    fields = table(spot)
    for key, inner in fields.items() if fields else ():
        if key in BUILT_IN or key in _NAMED:
            inner.fault(f"Every team has `{key}`.", "Choose another name for this group.")
        elif not _GROUP.fullmatch(key):
            remedy = "Use letters, digits and . _ -, up to 64, as in data-science-leads."
            inner.fault(f"`{shorten(key)}` cannot name a group.", remedy)
        elif (one := draft(inner)) is not None:
            found[key] = one
    return found


def _draft(spot: Spot, pagers: Collection[str]) -> _Draft | None:
    """One source, or a list of them in the order in which they are asked."""
    items = listing(spot) if isinstance(spot.node, Listing) else [spot]
    sources: list[Group] = []
    fallback: tuple[str, Spot] | None = None
    for number, item in enumerate(items, 1):
        found = record(item, "usergroup", "users", "pagerduty", "fallback")
        source = _source(found, pagers) if found is not None else None
        if source is not None:
            sources.append(source)
        named = found.get("fallback") if found is not None else None
        if named is not None and number < len(items):
            named.fault("The next entry stands in already.", "Put `fallback` into the last one.")
        elif named is not None and (word := text(named)) is not None:
            fallback = word, named
    if not items:
        spot.fault("Nobody is named here.", f"Write {EXAMPLE}.")
    if not sources:
        return None
    return _Draft(tuple(sources), *(fallback or ()))


def _source(found: Record, pagers: Collection[str]) -> Group | None:
    """People who count together."""
    usergroups = found.read("usergroup", lambda spot: several(spot, _usergroup)) or ()
    users = found.read("users", lambda spot: several(spot, slack_user)) or ()
    on_call = found.read("pagerduty", lambda spot: _pagerduty(spot, pagers)) or ()
    if all(_empty(found.get(field)) for field in ("usergroup", "users", "pagerduty")):
        found.spot.fault("Nobody is named here.", f"Write {EXAMPLE}.")
    if found.get("pagerduty") and (found.get("usergroup") or found.get("users")):
        found.spot.fault(
            "Whom is to be asked first?",
            "Write a list, in the order of asking: [{pagerduty: {…}}, {usergroup: S0123456}].",
        )
    if not (usergroups or users or on_call):
        return None
    return Group(tuple(dict.fromkeys(usergroups)), tuple(dict.fromkeys(users)), on_call)


def _pagerduty(spot: Spot, pagers: Collection[str]) -> tuple[Rota, ...] | None:
    found = record(spot, "account", *_PAGERDUTY)
    if found is None:
        return None
    account = _account(found, pagers)
    rotas: list[Rota] = []
    for name, kind in (
        ("schedules", RotaKind.SCHEDULE),
        ("escalationPolicies", RotaKind.ESCALATION),
    ):
        ids = found.read(name, lambda inner: several(inner, _paged)) or ()
        rotas += [Rota(kind, one, account) for one in dict.fromkeys(ids)]
    if all(_empty(found.get(name)) for name in ("schedules", "escalationPolicies")):
        spot.fault("Nobody is named here.", "Write schedules: [P0123AB] or escalationPolicies: ….")
    return tuple(rotas)


def _account(found: Record, pagers: Collection[str]) -> str:
    """The PagerDuty object that is meant; the only one need not be named."""
    spot = found.get("account")
    if spot is None:
        if len(pagers) != 1:
            names = ", ".join(sorted(pagers))
            found.spot.fault(
                "There is no PagerDuty object." if not pagers else "Which PagerDuty is meant?",
                f"Write account: one of {names}." if pagers else "Add one: see docs/specs.md.",
            )
        return next(iter(pagers), "")
    word = text(spot) or ""
    if word and word not in pagers:
        remedy = nearest(word, pagers) or "Add one of that name."
        spot.fault(f"There is no PagerDuty `{shorten(word)}`.", remedy)
    return word


def _chained(word: str, drafts: Mapping[str, _Draft], behind: tuple[str, ...]) -> Group:
    """The group with everything that stands in for it. `behind`: the groups it stands in for."""
    draft = drafts[word]
    chain = _fallback(word, draft, drafts, behind)
    for source in reversed(draft.sources):
        chain = replace(source, fallback=chain, name=word if behind else "")
    return chain or Group()


def _fallback(
    word: str, draft: _Draft, drafts: Mapping[str, _Draft], behind: tuple[str, ...]
) -> Group | None:
    if draft.spot is None:
        return None
    if draft.fallback not in drafts:
        remedy = nearest(draft.fallback, drafts) or "Add it to the `groups` of this Team."
        draft.spot.fault(f"This Team has no group `{shorten(draft.fallback)}`.", remedy)
        return None
    if draft.fallback in (*behind, word):
        draft.spot.fault("In the end this group would stand in for itself.", "Leave it out here.")
        return None
    return _chained(draft.fallback, drafts, (*behind, word))


def _empty(spot: Spot | None) -> bool:
    return spot is None or (isinstance(spot.node, Listing) and not spot.node.items)


def _usergroup(spot: Spot) -> str | None:
    return matching(
        spot,
        _USERGROUP,
        "a Slack user group",
        'Write its id (S0123456), or its handle as "@ranker-oncall".',
    )


def _paged(spot: Spot) -> str | None:
    return matching(
        spot,
        _PAGED,
        "an id of PagerDuty",
        "Open the schedule or policy there: its address ends in the id (P0123AB).",
    )


def slack_user(spot: Spot) -> str | None:
    """The id of a Slack user."""
    remedy = "Write an id like U0123456 (profile, “Copy member ID”)."
    return matching(spot, _USER, "a Slack user id", remedy)


def matching(spot: Spot, shape: re.Pattern[str], what: str, remedy: str) -> str | None:
    """A text of that shape."""
    found = text(spot)
    if found is not None and not shape.fullmatch(found):
        spot.fault(f"`{shorten(found)}` is not {what}.", remedy)
        return None
    return found
