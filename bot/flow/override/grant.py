"""An override is granted: by votes, by an exemption, or in an emergency."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.decide.approval import Request, RequestState, Vote, Wish
from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.decision import Decision, Event
from bot.decide.override import Grant, OverrideState
from bot.decide.people import BURNBAN, Actor
from bot.decide.scope import Scope
from bot.flow.announce import refresh_request
from bot.flow.facts import Facts
from bot.flow.override.card import binding, released
from bot.ports import Books


def grant(
    books: Books, catalog: Catalog, request: Request, now: datetime, *, emergency: bool = False
) -> Grant:
    """Store it: usable from now on for as long as the policy says."""
    usable = timedelta(seconds=catalog.policy_for(request.scope).approvals.usable)
    wanted = Grant(0, request.id, released(request), request.freezes, now, now + usable, emergency)
    return books.grants.add(wanted)


def grant_by_votes(
    books: Books,
    catalog: Catalog,
    request: Request,
    votes: Sequence[Vote],
    evidence: Mapping[str, Any],
    now: datetime,
) -> None:
    """Enough people have approved."""
    stored = grant(books, catalog, request, now)
    whole = {**evidence, **grant_evidence(catalog, request, stored), **weighed(request)}
    note(books, catalog, Event.OVERRIDE_GRANTED, votes[-1].voter, request, whole, now)


def grant_evidence(catalog: Catalog, request: Request, stored: Grant) -> Facts:
    """What every row about a granted override says of it."""
    return {
        **request_evidence(catalog, request),
        "grant": stored.id,
        "granted_at": stored.granted_at.isoformat(),
        "use_by": stored.use_by.isoformat(),
        "emergency": stored.emergency,
    }


def request_evidence(catalog: Catalog, request: Request) -> Facts:
    """What every row about an override says of it: the release, and the freezes that it names."""
    change = released(request)
    service = catalog.services.get(change.service)
    return {
        "request": request.id,
        "override": request.id,
        "wish": str(request.wish),
        "requested_by": request.requester.id,
        "requested_at": request.created_at.isoformat(),
        "freezes": list(request.freezes),
        "service": change.service,
        "environment": service.environment if service else "",
        "team": service.team if service else "",
        "change": change.name,
        "version": change.version,
        "commit": change.commit,
        "digest": change.digest,
        "kind": str(change.kind),
        "ticket": change.ticket,
        "incident": request.incident,
        **_advised(request),
    }


def weighed(request: Request) -> Facts:
    """The figures of the budget that those who decide see; for the rows of asking and granting."""
    figures = {key: value for key, value in request.evidence.items() if key != "advice"}
    return {"weighed": figures} if figures else {}


def _advised(request: Request) -> Facts:
    """What a trade-off said of the release when it was asked for, if it said anything."""
    said = request.evidence.get("advice")
    return {} if said is None else {"advice": said["ruling"]}


def note(
    books: Books,
    catalog: Catalog,
    event: Event,
    actor: Actor,
    request: Request,
    evidence: Mapping[str, Any],
    now: datetime,
    reason: str = "",
) -> None:
    """One row of the history about an override. `reason`: that of the request, unless given."""
    version = catalog.policy_for(request.scope).version
    scope, why = str(request.scope), reason or request.reason
    books.history.append(Decision(event, now, actor, scope, why, evidence, version))


def covering_grant(
    books: Books, change: Change, freezes: Sequence[int], now: datetime
) -> Grant | None:
    """A grant, still to be used, that lets this release through all of these freezes."""
    for one in books.grants.of_service(change.service, _LOOKED_AT):
        unused = one.state(now) is OverrideState.APPROVED
        if unused and one.change.pins(change) and set(freezes) <= set(one.freezes):
            return one
    return None


_LOOKED_AT = 200
"""Grants of one service, the newest first, that are looked through for one that is unused."""


def open_twins(books: Books, change: Change, now: datetime) -> list[Request]:
    """The requests that wait for the same release."""
    pending = books.requests.pending(now)
    asked = [one for one in pending if one.wish is Wish.OVERRIDE]
    return [one for one in asked if _same(released(one), change)]


def _same(one: Change, other: Change) -> bool:
    """The same release, whatever it is called for."""
    return (one.service, one.version, one.commit, one.digest) == (
        other.service, other.version, other.commit, other.digest,
    )  # fmt: skip


def lock_twins(books: Books, change: Change, now: datetime) -> None:
    """Before the history is held: whoever votes on one of them holds it, and waits for the
    history."""
    for twin in open_twins(books, change, now):
        books.requests.get_locked(twin.id)


def supersede_twins(
    books: Books, catalog: Catalog, ops: str, change: Change, now: datetime
) -> None:
    """The release was let through by other means: nobody needs to decide about it any more."""
    for twin in open_twins(books, change, now):
        locked = books.requests.get_locked(twin.id)
        if locked is None or not books.requests.close(twin.id, RequestState.SUPERSEDED, now):
            continue
        evidence = request_evidence(catalog, twin)
        note(books, catalog, Event.REQUEST_SUPERSEDED, BURNBAN, twin, evidence, now)
        closed = replace(twin, closed=RequestState.SUPERSEDED)
        refresh_request(books, catalog, ops, closed, locked[1], now)


def freezes_in_the_way(
    books: Books, catalog: Catalog, scope: Scope, now: datetime
) -> tuple[int, ...]:
    """Their numbers: of every effect."""
    return tuple(freeze.id for freeze in binding(books, catalog, scope, now))
