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


FORECAST: Facts = {
    "unknown": "",
    "probability": 0.68,
    "by": "2026-03-09T12:00:00+00:00",
    "expected": -0.12,
    "low": -0.6,
    "high": 0.2,
    "gone": "2026-03-06T14:00:00+00:00",
    "earliest": "2026-03-05T09:00:00+00:00",
    "latest": None,
    "back": None,
    "as_of": "2026-03-02T12:00:00+00:00",
    "record": {"forecasts": 39, "hits": 31, "coverage": 0.795, "error": 0.04, "brier": 0.1},
    "text": "The budget will be gone about Fri 6 Mar 2026, 14:00 UTC (80 % range:"
    " Thu 5 Mar 2026, 09:00 UTC to never), with a chance of 68 % before Mon 9 Mar 2026, 12:00 UTC."
    " The pace is the mean of the last budget window, with every incident in it; nothing worse is"
    " assumed. The 80 % range held in 31 of 39 past forecasts, off by 4.0 points on average; Brier"
    " score of the chances: 0.10 (0 is best). What rolls off on"
    " Thu 5 Mar 2026 returns 12 % of the budget.",
}
NO_FORECAST: Facts = {
    "unknown": "only 2 h are on record: too little to look 7 d ahead",
    "text": "No forecast: only 2 h are on record: too little to look 7 d ahead.",
}
