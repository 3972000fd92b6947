"""What is asked for, and how the vote on it stands, as facts."""

from collections.abc import Iterator, Sequence

from bot.decide.approval import Choice, Request, Vote, still_needed
from bot.decide.ballot import asked_of, fills
from bot.decide.catalog import Catalog
from bot.decide.quorum import DECIDERS, needs_words
from bot.flow.facts import Facts, epoch, scope_words
from bot.flow.mention import nobody_home, whom_of


def asked_facts(catalog: Catalog, request: Request, votes: Sequence[Vote]) -> Facts:
    """Who asks for what and why, and how the vote stands."""
    return ballot_facts(catalog, request, votes) | {
        "request": request.id,
        "wish": str(request.wish),
        "scope": scope_words(request.scope),
        "word": catalog.word(request.scope),
        "reason": request.reason,
        "requester": request.requester.id,
        "requester_name": request.requester.name,
        "origin": str(request.origin),
        "expires": epoch(request.expires_at),
    }


def ballot_facts(catalog: Catalog, request: Request, votes: Sequence[Vote]) -> Facts:
    """Who has approved, for which group, what is missing, who is asked (`ask`: ids), and what
    stands in the way of a decision (`escalation`: sentences)."""
    fallback = catalog.policy_for(request.scope).approvals.fallback
    stands_in = fallback if request.escalated_at is not None else ""
    cast = [(vote, "" if group == DECIDERS else group) for vote, group in fills(request, votes)]
    return {
        "needed": request.needed,
        "needs": needs_words(request.quorum.needs),
        "approvals": [vote_facts(vote, group) for vote, group in cast],
        "missing": needs_words(still_needed(request, votes)),
        "denials": [vote_facts(vote) for vote in votes if vote.choice is Choice.DENY],
        "deny": request.quorum.deny,
        "fallback": stands_in,
        "ask": whom_of(catalog, request, asked_of(request, fallback)),
        "escalation": " ".join(_trouble(catalog, request, votes)),
    }


def _trouble(catalog: Catalog, request: Request, votes: Sequence[Vote]) -> Iterator[str]:
    if request.shortage:
        # Who votes may have joined a group since.
        yield f"When this was asked: {request.shortage}" if votes else request.shortage
    if unheard := nobody_home(catalog, request.scope):
        yield unheard


def vote_facts(vote: Vote, group: str = "") -> Facts:
    """One vote; `group`: the one that it counts for, where that is worth saying."""
    who = {"user": vote.voter.id, "name": vote.voter.name, "at": epoch(vote.at)}
    return who | {"group": group, "comment": vote.comment}
