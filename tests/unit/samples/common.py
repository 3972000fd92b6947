"""What the sample facts share: one instant, and the people of one bad day."""

from typing import Any

Facts = dict[str, Any]

NOON = 1_772_539_200
"""2026-03-03 12:00 UTC."""
MIRA, JONAS, AYLIN = "U0MIRA", "U0JONAS", "U0AYLIN"


def burn_sample(
    seconds: int,
    rate: float | None,
    bad: float,
    eligible: float,
    seen: float,
    limit: float | None = None,
) -> Facts:
    """One window of an objective: `seconds` long, `seen` is the observed share of it."""
    return {
        "seconds": seconds,
        "rate": rate,
        "bad": bad,
        "eligible": eligible,
        "coverage": seen,
        "threshold": limit,
    }
