"""The statement of SQL behind a feed: one, that reads, and is bounded in time."""

from typing import Any

import sqlparse
from sqlalchemy import text as bound
from sqlalchemy.exc import ArgumentError

from bot.spec.spot import Spot, nearest
from bot.spec.values import text

VALUES = ("since", "until", "since_epoch", "until_epoch")
"""What a statement may be given."""
_LONGEST = 20_000
"""Characters of a statement."""


def statement(spot: Spot) -> str | None:
    """One SELECT that takes both of its ends as bound values."""
    found = text(spot)
    if found is None:
        return None
    if len(found) > _LONGEST:
        spot.fault(f"The statement is longer than {_LONGEST:,} characters.", "Make it a view.")
        return None
    kinds = _kinds(found)
    if len(kinds) != 1:
        spot.fault(f"These are {len(kinds)} statements.", "Write one: SELECT … .")
        return None
    if kinds[0] != "SELECT":
        said = "This" if kinds[0] == "UNKNOWN" else kinds[0]
        spot.fault(f"{said} is no SELECT: Burnban only reads.", "Write SELECT … or WITH … SELECT …")
        return None
    return found.strip().rstrip(";") if _bounded(spot, found) else None


def _kinds(query: str) -> list[str]:
    """`SELECT`, `INSERT` …, one for each statement."""
    some: list[Any] = list(sqlparse.parse(query))  # its methods have no types
    return [one.get_type() for one in some if one.token_first(skip_cm=True) is not None]


def _bounded(spot: Spot, query: str) -> bool:
    try:
        names = set(bound(query).compile().params)
    except ArgumentError:
        names = set()
    other = sorted(names.difference(VALUES))
    if other:
        spot.fault(f"Nothing is known of the value `:{other[0]}`.", nearest(other[0], VALUES))
        return False
    for end in ("since", "until"):
        if not {end, f"{end}_epoch"} & names:
            spot.fault(
                f"The statement has no `:{end}`: it would read everything at every poll.",
                'Write WHERE "end" > :since AND "end" <= :until (or :since_epoch, :until_epoch).',
            )
            return False
    return True
