"""One calm line above the playground: the simulated time, and what to look at or try next."""

from collections.abc import Iterator
from datetime import datetime

from bot.playground.fleet.happenings import (
    CANARY,
    LENGTH,
    REFUND,
    RELEASES,
    ROLLBACK,
    SPEED,
    TRADE,
    V38,
)

WARNED = V38.at + 5
"""Minute by which the burn warning stands in the channel."""
GONE = V38.at + 40
"""Minute by which the budget of ranker is spent."""
REFUSED = GONE + 16
"""Minute by which the freeze may well have been approved: then a release is refused."""
LIFT = ROLLBACK.at + 4
"""Minute by which the burn has ended for all to see."""
READ = LIFT + 20
PROPOSED = CANARY.at + 36
"""Minute by which the rollback of the canary is proposed: it is looked for every 30 s."""
WEIGHED = TRADE.at + 125
"""Minute by which enough is counted to weigh what fraud's new version costs and brings."""
AGED = 540
"""Minute by which the task to retrain is open."""

_READ = "Read who decided what: /budget history"
_ACTS = (
    (0, "All is calm. Type /budget status in #search-alerts to see every budget."),
    (V38.at, "ranker v38 has just gone out."),
    (WARNED, "A warning appeared in #search-alerts: open it, then type /budget status"),
    (
        GONE,
        "The budget is gone: Burnban asks for a freeze. "
        "Switch “Act as” to the on-call (Jonas) and approve.",
    ),
    (
        REFUSED,
        "Is ranker frozen? Then ask whether a fix may go: /budget gate ranker v40. "
        "The refusal has a button that asks for an override.",
    ),
    (
        LIFT,
        "v38 is rolled back. Ask for the freeze to be lifted (somebody else must approve): "
        "/unfreeze ranker v38 is rolled back",
    ),
    (READ, _READ),
    (
        REFUND,
        f"An outage of four weeks ago has left the window: part of the budget is back. {_READ}",
    ),
    (
        PROPOSED,
        "v41 fails more than v39 beside it: in #search-alerts Burnban proposes to roll it back. "
        "Its evidence: /budget canary ranker",
    ),
    (CANARY.over, "ranker v41 is taken back. What did each release cost? /budget releases ranker"),
    (
        WEIGHED,
        "fraud f21 is right more often, and fails more often. "
        "May it be afforded, is it worth it? /budget tradeoff fraud f21",
    ),
    (TRADE.over, "fraud f21 now serves all the traffic. What it did: /budget releases fraud"),
    (LENGTH, "The day is over. Ctrl-C ends the demo, burnban demo --reset starts the day over."),
)
_DRIFT = (
    "Payments have drifted since noon: a task to retrain stands in #payments-alerts. "
    "What is open? /budget tasks"
)


def banner(sim_now: datetime, start: datetime, speed: float = SPEED) -> str:
    """The line at `sim_now` of the day that began at `start`, replayed `speed` times as fast."""
    minute = (sim_now - start).total_seconds() / 60
    sentence = next(text for at, text in sorted(_lines(), reverse=True) if at <= max(0.0, minute))
    return f"{sim_now:%H:%M}, a replayed day at {speed:g}×. {sentence}"


def _lines() -> Iterator[tuple[int, str]]:
    yield from _ACTS
    yield AGED, _DRIFT
    for release in RELEASES:
        if release.at > REFUND:
            yield release.at, f"{release.service} {release.version} {release.word}. {_READ}"
