"""Accounts and their running totals."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective
from bot.ports.ledger import Account
from bot.record import ledger_accounts, ledger_reads, ledger_thinning, ledger_writes
from bot.record.dialect import Dialect
from bot.record.statements import change
from bot.record.tables import EntryRow


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

    def restate(self, account: int, at: int, eligible: float, bad: float) -> None:
        """Late truth: add the differences to the totals from `at` on."""
        ledger_writes.lock(self._session, self._dialect, [account])
        later = col(EntryRow.account_id) == account, col(EntryRow.at) >= at
        moved = {
            "eligible": col(EntryRow.eligible) + eligible,
            "bad": col(EntryRow.bad) + bad,
        }
        change(self._session, update(EntryRow).where(*later).values(moved))

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
