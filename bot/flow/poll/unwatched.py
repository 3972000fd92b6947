"""A freeze of a policy whose cause has left the specs: nothing can thaw it any more, and an edit of
a file must not. So people are asked to lift it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN
from bot.flow.announce import announce_request
from bot.flow.facts import scope_words, services_of
from bot.ports import Act, Books, HistoryFilter, Outgoing

LIVES = timedelta(days=1)
"""A request like this grows no older with time, and a reminder a day is enough: it lives at least
so long before it is made again."""
_LOOK_BACK = 20
"""Requests about one scope that are looked through for the newest one of ours."""


def lost_causes(catalog: Catalog, freeze: Freeze) -> list[str]:
    """The objectives that caused a freeze of a policy and are no longer in the specs."""
    if freeze.origin is not Origin.POLICY:
        return []
    known = {objective.id for objective in catalog.objectives}
    return [cause for cause in freeze.causes if cause not in known]


def unwatched(books: Books, catalog: Catalog, now: datetime) -> list[Freeze]:
    """Freezes in force that no poll can thaw and that nobody has been asked to lift."""
    return [
        freeze
        for freeze in _abandoned(books, catalog, now)
        if services_of(catalog, freeze.scope) and not _asked(books, freeze)
    ]


def strays(books: Books, catalog: Catalog, now: datetime) -> list[Freeze]:
    """Those of them of which the specs do not even have the service."""
    return [f for f in _abandoned(books, catalog, now) if not services_of(catalog, f.scope)]


def kept(books: Books, catalog: Catalog, now: datetime) -> list[Freeze]:
    """Freezes that have lost a cause and that people have decided to keep all the same."""
    return [
        freeze
        for freeze in _acting(books, now)
        if lost_causes(catalog, freeze)
        and services_of(catalog, freeze.scope)
        and _newest(books, freeze) is RequestState.DENIED
    ]


def why_stuck(catalog: Catalog, freeze: Freeze) -> str:
    """Why it cannot thaw by itself, in a clause; empty if it can, or was not set by a policy."""
    lost = lost_causes(catalog, freeze)
    return _lost_words(freeze, lost) if lost else ""


def ask_to_lift(books: Books, catalog: Catalog, ops: str, freeze: Freeze, now: datetime) -> bool:
    """Put it before the deciders, unless that was done; what they denied is not asked again."""
    books.history.hold()  # several replicas may come to the same conclusion
    if _asked(books, freeze):
        return False
    policy, lost = catalog.policy_for(freeze.scope), lost_causes(catalog, freeze)
    request = Request(
        id=0,
        wish=Wish.UNFREEZE,
        scope=freeze.scope,
        reason=_reason(freeze, lost),
        requester=BURNBAN,
        origin=Origin.POLICY,
        quorum=policy.approvals.unfreeze,
        created_at=now,
        expires_at=now + max(LIVES, timedelta(seconds=policy.approvals.expires)),
        freezes=(freeze.id,),
        cause=", ".join(lost),
    )
    stored = books.requests.add(request)
    books.freezes.reminded(freeze.id, now)
    evidence = {"request": stored.id, "freezes": [freeze.id], "lost": lost}
    books.history.append(
        Decision(
            Event.UNFREEZE_REQUESTED, now, BURNBAN, str(freeze.scope), stored.reason, evidence,
            policy.version,
        )
    )  # fmt: skip
    announce_request(books, catalog, ops, stored, [], now)
    return True


def tell_of_stray(books: Books, ops: str, freeze: Freeze, now: datetime) -> None:
    """Nobody could decide about a service that the specs do not have; the operators are told."""
    key = f"freeze:{freeze.id}:stray"
    facts = {
        "title": f"Freeze {freeze.id} is of {scope_words(freeze.scope)}, which has left the specs",
        "text": f"It was set because of {freeze.cause}: {freeze.reason}. It still stands, but holds"
        " nothing that the specs know; a service under a new name is not held by it. To lift it,"
        " put the service back into the specs and ask with /unfreeze.",
        "faults": [],
    }
    if ops:
        books.outbox.put(Outgoing(key, ops, key, Act.POST, "ops_notice", facts), now)


def _abandoned(books: Books, catalog: Catalog, now: datetime) -> list[Freeze]:
    """Freezes of a policy that act, with none of their causes left."""
    lost = ((f, lost_causes(catalog, f)) for f in _acting(books, now) if f.causes)
    return [freeze for freeze, causes in lost if len(causes) == len(freeze.causes)]


def _acting(books: Books, now: datetime) -> list[Freeze]:
    return [f for f in books.freezes.standing(now) if f.in_force(now) and not f.monitored]


def _asked(books: Books, freeze: Freeze) -> bool:
    """Whether the newest request of ours waits or was decided."""
    return _newest(books, freeze) not in (RequestState.EXPIRED, RequestState.SUPERSEDED)


def _newest(books: Books, freeze: Freeze) -> RequestState | None:
    """What became of the newest request of ours to lift it: None while it waits; superseded if
    there is none."""
    wanted = HistoryFilter(
        scopes=(str(freeze.scope),),
        events=(Event.UNFREEZE_REQUESTED,),
        since=freeze.starts_at,
        limit=_LOOK_BACK,
    )
    for made in (chained.decision for chained in books.history.find(wanted)):
        if made.actor == BURNBAN and freeze.id in made.evidence["freezes"]:
            request = books.requests.get(made.evidence["request"])
            return RequestState.SUPERSEDED if request is None else request.closed
    return RequestState.SUPERSEDED


def _reason(freeze: Freeze, lost: Sequence[str]) -> str:
    all_lost = len(lost) == len(freeze.causes)
    rest = ", so it cannot thaw by itself" if all_lost else "; the others have recovered"
    return f"{_lost_words(freeze, lost)}{rest}"


def _lost_words(freeze: Freeze, lost: Sequence[str]) -> str:
    one = len(lost) == 1
    if len(lost) == len(freeze.causes):
        which = "the objective that caused it is" if one else "the objectives that caused it are"
    else:
        which = "one of the objectives that caused it is" if one else "some of its objectives are"
    return f"{which} no longer in the specs"
