"""An emergency that went while nobody here could be asked: it is looked at afterwards like any
other."""

from datetime import datetime, timedelta

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.decision import Event
from bot.decide.freeze import Origin
from bot.decide.override import Run
from bot.decide.people import Actor, Door
from bot.decide.scope import Reach, Scope
from bot.flow.announce import announce_request
from bot.flow.noting import answer_for
from bot.flow.override.break_glass import open_review
from bot.flow.override.grant import grant, grant_evidence, note
from bot.flow.override.request import NOBODY
from bot.ports import Books

LOOK_BACK = timedelta(days=90)
"""A release that asked within this time was no emergency without us."""
_LATE = "it went while nobody here could be asked, and was found afterwards"


def found_afterwards(
    books: Books,
    catalog: Catalog,
    ops: str,
    change: Change,
    text: str,
    source: str,
    now: datetime,
) -> Request | None:
    """Open its review, and tell the team; None if the release did ask. `text`: the incident and a
    reason; `source`: where it was found, as `kubernetes prod/Deployment/search/ranker`. What it
    gives is used already: it lets nothing else through. The history must be held."""
    if answer_for(books, change, now - LOOK_BACK) is not None:
        return None
    incident, _, why = text.partition(" ")
    system = source.partition(" ")[0]
    actor = Actor(f"{system}:unknown", f"somebody ({source})", Door.API)
    scope = Scope(Reach.SERVICE, change.service)
    reason = f"{why.strip() or 'no reason given'} ({_LATE})"
    stored = books.requests.add(
        Request(
            0, Wish.OVERRIDE, scope, reason, actor, Origin.MANUAL, NOBODY, now, now,
            change=change, incident=incident, closed=RequestState.APPROVED,
        )
    )  # fmt: skip
    books.requests.close(stored.id, RequestState.APPROVED, now)
    made = grant(books, catalog, stored, now, emergency=True)
    books.grants.use(made.id, Run(system, source), now, change)
    review = open_review(books, catalog, stored, made, now)
    evidence = grant_evidence(catalog, stored, made) | {
        "emergency_reason": why.strip(),
        "afterwards": True,
        "source": source,
        "membership": {"vouched": f"{source}: whoever did it stands in its audit log"},
        "paged": [],
        "review": review.id,
        "review_owner": review.owner,
        "review_due": review.due_at.isoformat(),
    }
    note(books, catalog, Event.GLASS_BROKEN, actor, stored, evidence, now)
    announce_request(books, catalog, ops, stored, [], now)
    return stored
