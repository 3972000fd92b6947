"""What a replay is given, and what comes of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.decide.freeze import Effect
from bot.decide.policy import Policy
from bot.judge.ledger import Balances, Entry
from bot.judge.objective import Objective
from bot.judge.verdict import STALE_AFTER


@dataclass(frozen=True)
class Past:
    """One objective of a service, its policy, and its account as far back as it is looked at."""

    objective: Objective
    policy: Policy
    balances: Balances
    opened: int
    """`at` of the account's first row."""

    @cached_property
    def account(self) -> Balances:
        """With a row more where nothing was seen any longer: of such a time the ledger keeps only
        the end, but polls knew it as soon as a verdict calls it silence."""
        rows: list[Entry] = []
        lately = STALE_AFTER * self.objective.step
        for row in self.balances.rows:
            silent = rows and rows[-1].observed == row.observed
            if silent and row.at - rows[-1].at > lately:
                rows.append(rows[-1]._replace(at=rows[-1].at + lately))
            rows.append(row)
        return Balances(rows)


@dataclass(frozen=True, slots=True)
class Stood:
    """A caution, a hold or a freeze of one service."""

    service: str
    effect: Effect
    causes: tuple[str, ...]
    reason: str
    since: datetime
    until: datetime | None = None
    """None: it stands at the end of the replay."""
    approved: bool = False
    """People were asked for it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy would have done to one service."""

    stood: tuple[Stood, ...] = ()
    pages: int = 0
    """Warnings that wake somebody: opened at that level, or risen to it."""
    tickets: int = 0
    requests: int = 0
    """Times that people would have been asked for a freeze."""
