"""Rows of a feed that were fetched and not taken: a spell of them is told once. Pure."""

from dataclasses import dataclass, replace

DAY = 86_400
"""Seconds after which another refused row is news again: what is refused today is asked for, and
refused, at every poll until it has grown old."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """A spell of refused rows of one feed. Instants: seconds since 1970."""

    feed: str
    since: int
    """When the first was refused for this reason."""
    last: int
    rows: int
    """How many, the last time that any were."""
    field: str
    rule: str
    """What is wrong with the first of them."""

    def over(self, now: int) -> bool:
        """Whether a day has gone by without one."""
        return now - self.last > DAY

    @property
    def sentence(self) -> str:
        """For people: how many, and why."""
        count = "1 row is" if self.rows == 1 else f"{self.rows:,} rows are"
        return f"{count} refused and not counted; the first: {self.field} {self.rule}"


def spell_of(before: Refusals | None, found: Refusals) -> tuple[Refusals, bool]:
    """The spell that `found`, of the newest fetch, belongs to, and whether it is news: the first
    in a day, or another field than the one before."""
    if before is None or before.over(found.last) or before.field != found.field:
        return found, True
    return replace(found, since=before.since), False
