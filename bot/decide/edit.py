"""Edits of a freeze: what they amount to, and whether an edit that was asked for still serves."""

from datetime import datetime

from bot.decide.approval import Request, Wish
from bot.decide.freeze import Freeze, FreezeVersion
from bot.decide.people import Actor

EDITS = (Wish.EXTEND, Wish.SHORTEN)


def amounts_to(present: datetime | None, wanted: datetime | None) -> Wish | None:
    """What another end of a freeze is: more of it, or less; None if it is the same end. None as an
    end is later than any other."""
    if present == wanted:
        return None
    if wanted is None:
        return Wish.EXTEND
    return Wish.EXTEND if present is not None and present < wanted else Wish.SHORTEN


def still_serves(request: Request, freeze: Freeze | None, now: datetime) -> bool:
    """Whether what the request asks for would still do what its approvers are told: the freeze is
    not over, and its end has not been moved past the one asked for."""
    if freeze is None or freeze.over(now):
        return False
    return amounts_to(freeze.ends_at, request.until) is request.wish


def former(freeze: Freeze, by: Actor, why: str, now: datetime) -> FreezeVersion:
    """What is kept of a freeze when an edit replaces it."""
    return FreezeVersion(freeze.version, freeze.reason, freeze.ends_at, now, by, why)
