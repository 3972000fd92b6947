"""One calm line above the playground: the simulated time, and what to look at or try next."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import ceil

from bot.judge.dates import clock
from bot.playground.fleet.happenings import (
    CANARY,
    HOUR,
    LENGTH,
    RECS_SLOW,
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
OUT = RECS_SLOW.at + 15
"""Minute from which the slow release of recs has "just" gone out no more."""
SLOW = RECS_SLOW.at + 120
"""Minute by which it has its ticket."""
PROPOSED = CANARY.at + 36
"""Minute by which the rollback of the canary is proposed: it is looked for every 30 s."""
WEIGHED = TRADE.at + 125
"""Minute by which enough is counted to weigh what fraud's new version costs and brings."""
AGED = 540
"""Minute by which the task to retrain is open."""
NIGHT = 14 * HOUR + 2
"""Minute by which the scheduled freeze of the night has begun."""

ACTS = (
    (0, "All is calm. Type /budget status in #search-alerts to see every budget."),
    (V38.at, "ranker v38 has just gone out."),
    (WARNED, "A warning appeared in #search-alerts: open it, then type /budget status"),
    (
        GONE,
        "The budget of ranker is gone: Burnban asks for a freeze. Switch “Act as” to the on-call "
        "(Jonas) and approve. It is withdrawn at {back}, when part of it is back.",
    ),
    (
        REFUSED,
        "Is ranker frozen? Then ask whether a fix may go: /budget gate ranker v40. "
        "The refusal has a button that asks for an override.",
    ),
    (
        LIFT,
        "v38 is rolled back. If ranker is frozen, ask for it to be lifted (somebody else must "
        "approve, such as Aylin): /unfreeze ranker v38 is rolled back",
    ),
    (READ, "All of it is on record, with its evidence: /budget history"),
    (
        REFUND,
        "An outage of four weeks ago has left the window, so part of ranker's budget is back, and "
        "what still asks for a freeze is withdrawn: /budget show ranker",
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
    (
        AGED,
        "Payments have drifted since noon: a task to retrain stands in #payments-alerts. "
        "What is open? /budget tasks",
    ),
    (TRADE.over, "fraud f21 now serves all the traffic. What it did: /budget releases fraud"),
    (
        NIGHT,
        "The releases of Payments are frozen for the night, as a schedule says: /freeze list",
    ),
)
"""By the minute of the day, what has happened by then and what to try. README lists them too.
`{back}`: when part of ranker's budget is back."""

_OVER = (
    "The day is over and its clock stands still; all can still be read and clicked. "
    "Ctrl-C ends the demo, burnban demo --reset starts the day over."
)


def banner(sim_now: datetime, start: datetime, speed: float = SPEED) -> str:
    """The line at `sim_now` of the day that began at `start`, replayed `speed` times as fast; its
    times as those of Slack's messages, which every page shows by its reader's own clock."""
    left = LENGTH - (sim_now - start).total_seconds() / 60
    head = f"{_shown(sim_now)}, a replayed day at {speed:g}×"
    if left <= 0:
        return f"{head}. {_OVER}"
    said = sorted(_lines(), reverse=True)
    sentence = next(text for at, text in said if at <= max(0.0, LENGTH - left))
    back = _shown(start + timedelta(minutes=REFUND))
    return f"{head}, {ceil(left / speed)} min left. {sentence.replace('{back}', back)}"


def _shown(at: datetime) -> str:
    return f"<!date^{int(at.timestamp())}^{{time}}|{clock(at)}>"


def length(sim_now: datetime, start: datetime, speed: float) -> str:
    """How long the day goes on from `sim_now`, and what happens then."""
    left = LENGTH - (sim_now - start).total_seconds() / 60
    if left <= 0:
        return "The day is over and its clock stands still; all can still be read and clicked."
    return f"{ceil(left / speed)} min of the day are left; then its clock stands still; read on."


def _lines() -> Iterator[tuple[int, str]]:
    yield from ACTS
    yield OUT, "recs r112 serves, and nobody has been warned of it. What it does: /budget show recs"
    yield SLOW, "recs answers slowly since r112: a ticket wakes nobody. /budget releases recs"
    told = {at for at, _ in ACTS}
    for release in RELEASES:
        if release.at > READ and release.at not in told:
            yield release.at, f"{release.service} {release.version} {release.word}."
