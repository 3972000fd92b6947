"""Clicks on record: those that count, and those that were refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import Choice, Request, Ruling, Vote
from bot.decide.decision import Decision, Event
from bot.decide.people import Actor
from bot.flow.facts import Facts
from bot.ports import Books


@dataclass(frozen=True, slots=True)
class Refusal:
    """A click that does not count."""

    request: Request
    voter: Actor
    choice: Choice
    ruling: Ruling
    policy: str
    """Its version."""
    membership: str | None = None

    @property
    def key(self) -> str:
        """One a person, request and reason: the history cannot be flooded by hammering on a
        button."""
        return f"refused:{self.request.id}:{self.voter.id}:{self.ruling.answer}"


def note_refused(books: Books, some: Sequence[Refusal], now: datetime) -> None:
    """Record those that are not on record yet, in their order."""
    fresh = books.receipts.first_times({one.key for one in some}, now)
    for one in some:
        if one.key in fresh:
            fresh.discard(one.key)
            held = one.membership or "not a member, or not asked"
            vote = Vote(one.voter, one.choice, now, held, ())
            note_vote(books, one.request, vote, one.ruling, one.policy)


def note_vote(books: Books, request: Request, vote: Vote, ruling: Ruling, policy: str) -> None:
    """Record a click: that it counts, or why not."""
    evidence: Facts = {
        "request": request.id,
        "wish": str(request.wish),
        "choice": str(vote.choice),
        "answer": str(ruling.answer),
        "membership": vote.membership,
    }
    if ruling.counts:
        evidence |= {"groups": list(vote.groups), "comment": vote.comment}
    event = Event.VOTE_CAST if ruling.counts else Event.VOTE_REFUSED
    books.history.append(
        Decision(event, vote.at, vote.voter, str(request.scope), ruling.sentence, evidence, policy)
    )
