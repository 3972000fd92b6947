"""What a replay is given, and what comes of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.decide.freeze import Effect
from bot.decide.policy import Policy
from bot.judge.ledger import Balances, Entry
from bot.judge.looks import Looks
from bot.judge.objective import Objective
from bot.judge.verdict import STALE_AFTER


@dataclass(frozen=True, slots=True)
class Past:
    """One objective of a service, its policy, and its account as far back as it is looked at."""

    policy: Policy
    looks: Looks

    @property
    def objective(self) -> Objective:
        """Whose account it is."""
        return self.looks.objective


def looks_of(objective: Objective, balances: Balances, opened: int, since: int = 0) -> Looks:
    """The account from `since` on, with a row more where nothing was seen any longer: of such a
    time the ledger keeps only the end, but polls knew it as soon as a verdict calls it silence.
    `opened`: `at` of the account's first row."""
    rows: list[Entry] = []
    lately = STALE_AFTER * objective.step
    for row in balances.rows:
        silent = rows and rows[-1].observed == row.observed
        if silent and row.at - rows[-1].at > lately:
            rows.append(rows[-1]._replace(at=rows[-1].at + lately))
        rows.append(row)
    return Looks(objective, Balances(rows), opened, since)


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
class Question:
    """A release about which the gate was asked."""

    at: datetime
    release: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy would have done to one service."""

    stood: tuple[Stood, ...] = ()
    pages: int = 0
    """Warnings that wake somebody: opened at that level, or risen to it."""
    tickets: int = 0
    requests: int = 0
    """Times that people would have been asked for a freeze."""
    stopped: int = 0
    """Releases that asked the gate while a hold or a freeze of it stood, each once."""
