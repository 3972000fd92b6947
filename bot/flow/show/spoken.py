"""What an entry of the history says to whoever reads it: it was written for somebody else."""

import re
from collections.abc import Mapping
from typing import Any

from bot.decide.decision import Decision, Event

_CLICKS = (Event.VOTE_CAST, Event.VOTE_REFUSED)


def text_of(decision: Decision) -> str:
    """Its reason. That of a click was an answer to whoever clicked, and names them here."""
    if decision.event not in _CLICKS:
        return decision.reason
    who = f"@{decision.actor.name}"
    ways = (
        (r"\bYour vote\b", "A vote"),
        (r"\bYour (approval|denial)\b", r"The \1"),
        (r"\b[Yy]ou are\b", f"{who} is"),
        (r"\b[Yy]ou have\b", f"{who} has"),
        (r"\bYou\b", who),
    )
    text = decision.reason
    for pattern, words in ways:
        text = re.sub(pattern, words.replace("\\", "\\\\") if who in words else words, text)
    return text


def asked_by(decision: Decision) -> str:
    """Who asked for what others then approved: the id; empty where nobody had to be asked. The last
    of those who approved is the actor."""
    evidence = decision.evidence
    voted = "votes" in evidence and decision.event is not Event.REQUEST_DENIED
    return str(evidence.get("requested_by", "")) if voted else ""


def grounds_of(evidence: Mapping[str, Any], text: str) -> str:
    """The figures of an objective at that time, in a line; empty where there are none. Counts that
    the text has already are not said again."""
    if evidence.get("eligible") is None or evidence.get("remaining") is None:
        return ""
    whole = evidence.get("projected") is None
    share = evidence["remaining"] if whole else evidence["projected"]
    figure = f"{'' if whole else '~'}{100 * abs(share):.1f} %"
    left = f"{figure} of the budget left" if share >= 0 else f"the budget overspent by {figure}"
    counts = f"{evidence['bad']:,.0f} of {evidence['eligible']:,.0f} events"
    seen = left if counts in text else f"{left}, {counts} bad"
    return seen if whole else f"{seen}; ~ projected to a whole window"
