"""Accounts and their running totals."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective
from bot.ports.ledger import Account
from bot.record import (
    ledger_accounts,
    ledger_reads,
    ledger_restating,
    ledger_thinning,
    ledger_versions,
    ledger_writes,
)
from bot.record.dialect import Dialect


class SqlLedger:
    """Satisfies bot.ports.ledger.Ledger."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def open(self, objectives: Sequence[Objective], now: datetime) -> None:
        """Make sure that each objective has an account, due at once if it is new."""
        ledger_accounts.open_accounts(self._session, self._dialect, objectives, now)

    def claim(
        self,
        objectives: Sequence[str],
        now: datetime,
        lease: float,
        limit: int,
        counting: Sequence[str] = (),
    ) -> list[Account]:
        """Due accounts that are in nobody's hands, longest overdue first."""
        return ledger_accounts.claim(
            self._session, self._dialect, objectives, now, lease, limit, counting
        )

    def renew(self, accounts: Sequence[Account], now: datetime, lease: float) -> None:
        """Lengthen the leases; lost ones are passed over."""
        ledger_accounts.renew(self._session, self._dialect, accounts, now, lease)

    def hurry(self, objectives: Sequence[str], now: datetime) -> None:
        """Make the present accounts of these objectives due at once."""
        ledger_accounts.hurry(self._session, self._dialect, objectives, now)

    def accounts(self, objectives: Sequence[str]) -> dict[str, Account]:
        """The present accounts by objective id."""
        return ledger_accounts.present(self._session, self._dialect, objectives)

    def release_many(self, accounts: Sequence[Account], due_at: datetime) -> None:
        """Give the claims back; lost ones are passed over."""
        ledger_accounts.release(self._session, self._dialect, accounts, due_at)

    def append_many(self, items: Sequence[tuple[Account, Sequence[Slice], int]]) -> list[Account]:
        """Add the slices that the accounts do not have yet; those whose lease is lost are left out
        of the answer."""
        return ledger_writes.append(self._session, self._dialect, items)

    def hold(self, objectives: Sequence[str], counting: Sequence[str] = ()) -> dict[str, Account]:
        """The present accounts, locked until the transaction ends."""
        return ledger_restating.hold(self._session, self._dialect, objectives, counting)

    def restate(self, account: int, corrections: Sequence[Slice], now: datetime) -> None:
        """Late truth: every total from the first correction on is written anew."""
        at = int(now.timestamp())
        ledger_restating.restate(self._session, self._dialect, account, corrections, at)

    def balances(self, wanted: Mapping[int, Sequence[int]]) -> dict[int, Balances]:
        """Per account the opening row and the last row at or before each instant, in one
        statement."""
        return ledger_reads.balances(self._session, self._dialect, wanted)

    def rows(self, account: int, since: int, until: int) -> Balances | None:
        """All rows of a stretch, with the one at or before its start."""
        return ledger_reads.rows(self._session, account, since, until)

    def thin(self, now: datetime, limit: int, kept: Collection[int] = ()) -> int:
        """Delete what the tiers no longer keep; how many rows went."""
        at = int(now.timestamp())
        return ledger_thinning.thin(self._session, self._dialect, at, limit, kept)

    def forget_versions(self, before: datetime, limit: int) -> int:
        """Delete accounts of versions that nobody asks for any more; how many went."""
        return ledger_versions.forget(self._session, self._dialect, before, limit)
