"""Accounts and their running totals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective


@dataclass(frozen=True, slots=True)
class Account:
    """An objective's account in the ledger."""

    id: int
    objective: str
    opened: int | None
    """`at` of its first row; None while it has none."""
    read_until: int | None
    """End of the newest slice asked for, observed or not."""
    seen_until: int | None
    """End of the newest observed slice."""
    token: int = 0
    """Fencing: a claim raises it, a write with an older one is refused."""


class Ledger(Protocol):
    """Accounts and their running totals."""

    def open(self, objectives: Sequence[Objective], now: datetime) -> None:
        """Make sure that each objective has an account. A changed indicator, method, slice target,
        source or step starts a new account: old counts are not comparable; they stay stored, and
        when the change is taken back, the old account goes on. The window and the target may
        change freely."""
        ...

    def claim(
        self,
        objectives: Sequence[str],
        now: datetime,
        lease: float,
        limit: int,
        counting: Sequence[str] = (),
    ) -> list[Account]:
        """Accounts of these objectives that are due (`due_at <= now`) and not leased to anybody,
        leased to the caller for `lease` seconds; SKIP LOCKED. `counting`: the fingerprints that
        the caller counts by; accounts of other ways of counting are not its business."""
        ...

    def renew(self, accounts: Sequence[Account], now: datetime, lease: float) -> None:
        """Lengthen the leases of claims that take long; lost ones are passed over."""
        ...

    def hurry(self, objectives: Sequence[str], now: datetime) -> None:
        """Make the present accounts of these objectives due at once."""
        ...

    def append_many(self, items: Sequence[tuple[Account, Sequence[Slice], int]]) -> list[Account]:
        """Add to each account the slices that it does not have yet, under its claim's token
        (account, slices, read_until). Accounts as they stand afterwards, in the order given; those
        that somebody else has claimed since are left out: nothing of theirs is written."""
        ...

    def release_many(self, accounts: Sequence[Account], due_at: datetime) -> None:
        """Give the claims back; next due then. A lost lease is no matter."""
        ...

    def accounts(self, objectives: Sequence[str]) -> dict[str, Account]:
        """The present accounts by objective id; those without are missing."""
        ...

    def balances(self, wanted: Mapping[int, Sequence[int]]) -> dict[int, Balances]:
        """Per account id: the opening row, and for each instant the last row at or before it.
        Accounts without rows are missing."""
        ...

    def rows(self, account: int, since: int, until: int) -> Balances | None:
        """All rows of the stretch since < at <= until, with the one at or before its start. None
        if the account has no row up to `until`."""
        ...

    def hold(self, objectives: Sequence[str], counting: Sequence[str] = ()) -> dict[str, Account]:
        """The same as `accounts`, and nobody else writes to them until the transaction ends.
        `counting`: as in `claim`."""
        ...

    def restate(self, account: int, corrections: Sequence[Slice], now: datetime) -> None:
        """Late truth: post the differences of some slices that were read already; every later total
        moves with each. See bot.judge.restating. Raises Contradicted where a total would fall: then
        nothing is written."""
        ...

    def thin(self, now: datetime, limit: int, kept: Collection[int] = ()) -> int:
        """Delete rows that the tiers no longer keep (never an account's first and newest row), at
        most `limit`; how many went. Fewer than `limit`: there are no more. `kept`: instants whose
        rows stay as long as any does."""
        ...

    def forget_versions(self, before: datetime, limit: int) -> int:
        """Delete accounts of versions (`service/objective@version`) that were neither read nor
        looked at since then, with all their rows, at most `limit`; how many went."""
        ...
