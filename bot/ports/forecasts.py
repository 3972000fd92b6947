"""Forecasts as they were given, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.judge.expectation import Forecast
from bot.judge.reason import Reason
from bot.judge.score import Issued, Outcome


@dataclass(frozen=True, slots=True)
class Given:
    """What was said of an account in an hour."""

    account: int
    hour: int
    """Its start, seconds since 1970."""
    said: Forecast | Reason
    """A forecast (without its path), or why there was none."""
    counts: bool = False
    """Whether it is to be scored: of many that overlap only some are, or they would all tell of the
    same event."""


@dataclass(frozen=True, slots=True)
class Ripe:
    """A forecast whose time has come, and whose account has been read that far."""

    account: int
    hour: int
    issued: Issued


class Forecasts(Protocol):
    """One forecast an account and hour. Kept are the newest of each account, and those that count
    until they are forgotten."""

    def give(self, given: Sequence[Given]) -> None:
        """Store each; of two for one account and hour the first stays. What was said of the account
        before and does not count goes."""
        ...

    def newest(self, accounts: Sequence[int]) -> dict[int, Given]:
        """The last word on each account; those of which nothing was said are missing."""
        ...

    def ripe(self, accounts: Sequence[int], limit: int) -> list[Ripe]:
        """Those that count, are not scored yet, and whose accounts have been read up to their
        `until`; the oldest first."""
        ...

    def score(self, outcomes: Sequence[tuple[Ripe, Outcome | None]]) -> None:
        """Note what became of each; None: nobody can tell, it goes."""
        ...

    def outcomes(self, accounts: Sequence[int], since: int, until: int) -> dict[int, list[Outcome]]:
        """What became of those with since < issued.until <= until, oldest first; accounts without
        are missing."""
        ...

    def forget(self, before: int) -> int:
        """Delete those that count and were for an instant before; how many went."""
        ...
