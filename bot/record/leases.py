"""When a row may be claimed. The same clause for every table that bears a lease."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_

SLACK = timedelta(seconds=60)
"""Clocks of hosts differ by less than this."""


def free(claim_until: Any, claimed_at: Any, now: datetime) -> ColumnElement[bool]:
    """Not in anybody's hands: never claimed, given back, or expired. A claim from the future was
    made before the clock jumped back; believing it would lengthen the lease by the jump. The slack
    keeps fresh leases of hosts whose clock is ahead."""
    return or_(claim_until.is_(None), claim_until <= now, claimed_at > now + SLACK)
