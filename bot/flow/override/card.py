"""What the message of an override says, and who hears what became of it."""

from collections.abc import Sequence
from datetime import datetime

from bot.decide.approval import Request, Vote
from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.decision import Event
from bot.decide.freeze import Freeze
from bot.decide.override import Grant, binds, over_since, override_state
from bot.decide.policy import Policy
from bot.decide.scope import Scope
from bot.flow.ask.ballot import asked_facts
from bot.flow.facts import Facts, epoch
from bot.flow.freeze.row import freeze_rows
from bot.flow.mention import whom
from bot.ports import Books, HistoryFilter


def card(
    books: Books,
    catalog: Catalog,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> Facts:
    """The facts of `override`."""
    change, policy = released(request), catalog.policy_for(request.scope)
    grant = books.grants.of_request(request.id)
    standing = books.freezes.standing(now)
    freezes = named(books, request, standing)
    state = override_state(request, grant, now, over_since(freezes, now))
    return {
        **asked_facts(catalog, request, votes),
        **release_facts(change),
        "via": str(request.requester.door),
        "state": str(state),
        "usable": policy.approvals.usable,
        "freezes": freeze_rows(books, catalog, freezes),
        "others": [
            f.id for f in _binding(standing, catalog, request.scope, now) if f not in freezes
        ],
        "evidence": {k: v for k, v in request.evidence.items() if k != "advice"} or None,
        "advice": request.evidence.get("advice"),
        "incident": request.incident,
        **_granted(books, catalog, request, grant, policy),
    }


def _granted(
    books: Books,
    catalog: Catalog,
    request: Request,
    grant: Grant | None,
    policy: Policy,
) -> Facts:
    """What only a granted override has."""
    emergency = grant is not None and grant.emergency
    facts: Facts = {
        "emergency": emergency,
        "exempt": grant is not None and not emergency and not request.quorum.needs,
        "granted": epoch(grant.granted_at) if grant else None,
        "use_by": epoch(grant.use_by) if grant else None,
        "used_at": epoch(grant.used_at) if grant else None,
        "used_by": grant.used_by if grant else "",
        "revoked": _revoked(books, request, grant) if grant and grant.revoked_at else None,
        "review": _review(books, catalog, request.scope, grant) if grant and emergency else None,
    }
    if emergency:
        facts["ask"] = whom(catalog, request.scope, policy.break_glass.pages, request.requester.id)
    return facts


def _review(books: Books, catalog: Catalog, scope: Scope, grant: Grant) -> Facts | None:
    review = books.reviews.of_grant(grant.id)
    if review is None:
        return None
    return {
        "owner": review.owner,
        "ask": whom(catalog, scope, (review.owner,)),
        "due": epoch(review.due_at),
        "by": review.reviewed_by,
        "at": epoch(review.reviewed_at),
        "finding": review.finding,
    }


def _revoked(books: Books, request: Request, grant: Grant) -> Facts:
    """By whom and why: that stands in the history only."""
    wanted = HistoryFilter(
        scopes=(str(request.scope),), events=(Event.OVERRIDE_REVOKED,), since=grant.granted_at
    )
    for row in books.history.find(wanted):
        if row.decision.evidence["override"] == request.id:
            by = row.decision.actor
            return {"by": by.id, "by_name": by.name, "reason": row.decision.reason}
    return {"by": "", "by_name": "", "reason": ""}


def released(request: Request) -> Change:
    """The release that an override is for."""
    if request.change is None:
        raise AssertionError("an override is for a release")
    return request.change


def spoken(change: Change) -> str:
    """`version 38 of ranker`, `commit 3f2a9c1d0b12 of ranker`."""
    what = "version" if change.version else "commit" if change.commit else "digest"
    return f"{what} {change.name} of {change.service}"


def release_facts(change: Change) -> Facts:
    """A release as messages name it."""
    return {
        "service": change.service,
        "release": change.name,
        "version": change.version,
        "commit": change.commit,
        "digest": change.digest,
        "kind": str(change.kind),
        "ticket": change.ticket,
    }


def named(books: Books, request: Request, standing: Sequence[Freeze] = ()) -> list[Freeze]:
    """The freezes that a request names. `standing`: those that were read already."""
    known = {freeze.id: freeze for freeze in standing}
    found = (known.get(number) or books.freezes.get(number) for number in request.freezes)
    return [freeze for freeze in found if freeze is not None]


def binding(books: Books, catalog: Catalog, scope: Scope, now: datetime) -> list[Freeze]:
    """The freezes, of every effect, that stand in the way of releases of a service now."""
    return _binding(books.freezes.standing(now), catalog, scope, now)


def _binding(
    standing: Sequence[Freeze], catalog: Catalog, scope: Scope, now: datetime
) -> list[Freeze]:
    return [f for f in standing if binds(f, now) and catalog.covers(f.scope, scope.name)]
