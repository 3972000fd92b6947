"""What happens on the replayed day, and in the four weeks before it. All of it is invented.

Minutes are counted from the start of the day (08:00 UTC); negative ones lie in the weeks before.
"""

from dataclasses import dataclass

HOUR = 60
DAY = 24 * HOUR
LENGTH = DAY
"""Minutes of the replayed day: at 60× it lasts 24 minutes."""
HISTORY = 29 * DAY
"""Minutes on record before it: the 28 days of a budget window, and one more to be sure."""
SPEED = 60


@dataclass(frozen=True, slots=True)
class Stream:
    """What one objective counts on a day like any other."""

    objective: str
    per_minute: float
    """Events in a minute of average traffic."""
    bad: float
    """Share of them that is bad (0 … 1) while nothing is wrong."""
    steady: bool = False
    """Counts minutes (each one is an event), not requests: no day and night."""
    apart: bool = False
    """Its versions have rows of their own, too."""


FLEET = (
    Stream("ranker/availability", 2_400, 0.0002, apart=True),
    Stream("ranker/latency", 2_400, 0.0025),
    Stream("ranker/quality", 12, 0.013),
    Stream("recs/availability", 900, 0.0001),
    Stream("recs/latency", 900, 0.0036),
    Stream("recs/freshness", 1, 0.002, steady=True),
    Stream("fraud/availability", 300, 0.00015, apart=True),
    Stream("fraud/latency", 300, 0.0028, apart=True),
)

BY_HOUR = (
    62, 50, 42, 38, 40, 52, 72, 94, 108, 114, 118, 122,
    124, 120, 118, 120, 126, 136, 144, 148, 142, 124, 100, 86,
)  # fmt: skip
"""Traffic at each full hour of the day (UTC), in percent of the average."""


@dataclass(frozen=True, slots=True)
class Release:
    """A new version goes out at `at` (minutes)."""

    at: int
    service: str
    version: str
    word: str = ""
    """What became of it: “<service> <version> <word>”; empty: the line above the page passes over
    it."""
    beside: int = 0
    """Minutes in which it serves only `share` of the traffic, beside the version before."""
    share: float = 1.0
    back: bool = False
    """After those it is taken back; else it takes over."""

    @property
    def over(self) -> int:
        """The minute at which it takes over, or is taken back."""
        return self.at + self.beside


V38 = Release(14, "ranker", "v38", "has just gone out")
ROLLBACK = Release(82, "ranker", "v37", "is back: v38 is rolled back")
RECS_SLOW = Release(160, "recs", "r112", "has just gone out")
V39 = Release(620, "ranker", "v39", "has gone out, and all is well with it")
CANARY = Release(
    640, "ranker", "v41", "serves a tenth of the traffic, beside v39", 115, 0.1, back=True
)
"""It fails more than the version beside it."""
TRADE = Release(360, "fraud", "f21", "serves half of the traffic, beside f20", 4 * HOUR, 0.5)
"""Its verdicts are more often right, and more of its requests fail."""
RECS_FIXED = Release(400, "recs", "r113", "has gone out, and its answers are fast again")
RETRAINED = Release(
    12 * HOUR, "fraud", "f22", "has gone out: trained on what payments look like since noon"
)
BEFORE = (
    Release(-HISTORY, "fraud", "f17"),
    Release(-HISTORY, "ranker", "v35"),
    Release(-HISTORY, "recs", "r110"),
    Release(-18 * DAY, "fraud", "f18"),
    Release(-11 * DAY, "fraud", "f19"),
    Release(-9 * DAY, "ranker", "v36"),
    Release(-5 * DAY, "recs", "r111"),
    Release(-4 * DAY, "fraud", "f20"),
    Release(-2 * DAY, "ranker", "v37"),
)
"""What served when the day began, and what was before it."""
RELEASES = (V38, ROLLBACK, RECS_SLOW, TRADE, RECS_FIXED, V39, CANARY, RETRAINED)

FAILS = {
    ("ranker/availability", CANARY.version): 0.004,
    ("fraud/availability", TRADE.version): 0.0008,
}
"""By objective and version, the share of its events that is bad beyond what is usual."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """From `since` to `until` (minutes) the share `bad` of an objective's events is bad; it grows
    to that within `ramp` minutes, as a rollout replaces one instance after the other."""

    objective: str
    since: int
    until: int
    bad: float
    ramp: int = 0

    def share(self, at: int) -> float:
        """The share of bad events in the slice that ends at minute `at`."""
        if not self.since < at <= self.until:
            return 0.0
        return self.bad * min(1.0, (at - self.since) / self.ramp) if self.ramp else self.bad


REFUND = 7 * HOUR
"""15:00: the outage of four weeks ago is older than the window, its share of the budget is back.
Until then there is time to decide about a freeze: a request that still waits is withdrawn."""
LAST_OUTAGE = Trouble("ranker/availability", REFUND - 28 * DAY - HOUR, REFUND - 28 * DAY, 0.25)
"""It took almost half of the budget."""

TROUBLES = (
    LAST_OUTAGE,
    Trouble("ranker/availability", V38.at, ROLLBACK.at, 0.35, ramp=4),
    Trouble("ranker/latency", V38.at, ROLLBACK.at, 0.02, ramp=4),
    Trouble("recs/latency", RECS_SLOW.at, RECS_FIXED.at, 0.11, ramp=10),
    Trouble("recs/freshness", 18 * HOUR, 18 * HOUR + 40, 1.0),
)

NOON = 4 * HOUR
"""From 12:00 on payments look less and less like those that fraud's model was trained on."""
DRIFTED = NOON + HOUR
"""By then as little as they will."""
AWAY = HOUR, 2 * HOUR
"""Half of the labels of the payments in between (minutes) come much later: a reviewer was away."""
CAUGHT_UP = 400
"""The minute at which they come."""
