"""The ledger in memory: the arithmetic is that of bot.judge, here without a database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import Contradicted
from bot.judge.ledger import Balances, Slice, accumulate
from bot.judge.objective import Objective
from bot.judge.restating import restated
from bot.judge.thinning import LONGEST, keeps
from bot.ports import Account
from tests.fake_record_state import State

SLACK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Held:
    """An account with what only the store knows of it."""

    account: Account
    counting: str
    step: int
    due_at: datetime
    current: bool = True
    claimed_at: datetime | None = None
    claim_until: datetime | None = None

    def free(self, now: datetime) -> bool:
        """In nobody's hands."""
        if self.claim_until is None or self.claim_until <= now:
            return True
        return self.claimed_at is not None and self.claimed_at > now + SLACK


class MemoryLedger:
    """Satisfies Ledger."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._held: dict[int, Held] = state.accounts

    def open(self, objectives: Sequence[Objective], now: datetime) -> None:
        """One present account an objective; former ones are kept and may come back."""
        self._state.write()
        for objective in objectives:
            counting = objective.fingerprint
            mine = [h for h in self._held.values() if h.account.objective == objective.id]
            known = next((h for h in mine if h.counting == counting), None)
            if known is not None and known.current:
                continue
            for other in mine:
                self._held[other.account.id] = replace(other, current=False)
            if known is None:
                number = max(self._held, default=0) + 1
                account = Account(number, objective.id, None, None, None)
                known = Held(account, counting, objective.step, now)
            self._held[known.account.id] = replace(known, current=True, due_at=now)

    def claim(
        self,
        objectives: Sequence[str],
        now: datetime,
        lease: float,
        limit: int,
        counting: Sequence[str] = (),
    ) -> list[Account]:
        """Due and free, longest overdue first."""
        self._state.write()
        due = [h for h in self._present(objectives) if h.due_at <= now and h.free(now)]
        due = [h for h in due if not counting or h.counting in counting]
        due.sort(key=lambda held: (held.due_at, held.account.id))
        until = now + timedelta(seconds=lease)
        for held in due[:limit]:
            raised = replace(held.account, token=held.account.token + 1)
            taken = replace(held, account=raised, claimed_at=now, claim_until=until)
            self._held[raised.id] = taken
        return [self._held[held.account.id].account for held in due[:limit]]

    def renew(self, accounts: Sequence[Account], now: datetime, lease: float) -> None:
        """Only what is still held under the same token."""
        self._state.write()
        until = now + timedelta(seconds=lease)
        for account in accounts:
            held = self._held[account.id]
            if held.account.token == account.token:
                self._held[account.id] = replace(held, claimed_at=now, claim_until=until)

    def hurry(self, objectives: Sequence[str], now: datetime) -> None:
        """Due at once."""
        self._state.write()
        for held in self._present(objectives):
            self._held[held.account.id] = replace(held, due_at=min(now, held.due_at))

    def append_many(self, items: Sequence[tuple[Account, Sequence[Slice], int]]) -> list[Account]:
        """Those still held."""
        self._state.write()
        done: dict[int, Account] = {}
        for given, slices, read_until in items:
            held = self._held.get(given.id)
            if held is not None and held.account.token == given.token:
                done[given.id] = self._append(held, slices, read_until)
        return list(done.values())

    def _append(self, held: Held, slices: Sequence[Slice], read_until: int) -> Account:
        account = held.account
        old = self._state.entries.get(account.id, ())
        last = old[-1] if old else None
        rows = accumulate(last, slices)
        seen = [s.at for s in slices if s.observed and (last is None or s.at > last.at)]
        opened = rows[0].at if rows and not old else account.opened
        account = replace(
            account,
            opened=opened,
            read_until=max(read_until, account.read_until or read_until),
            seen_until=max(seen, default=account.seen_until),
        )
        self._state.entries[account.id] = (*old, *rows)
        self._held[account.id] = replace(held, account=account)
        return account

    def release_many(self, accounts: Sequence[Account], due_at: datetime) -> None:
        """Given back, as far as held."""
        self._state.write()
        for account in accounts:
            held = self._held.get(account.id)
            if held is not None and held.account.token == account.token:
                free = replace(held, due_at=due_at, claimed_at=None, claim_until=None)
                self._held[account.id] = free

    def accounts(self, objectives: Sequence[str]) -> dict[str, Account]:
        """The present ones."""
        return {held.account.objective: held.account for held in self._present(objectives)}

    def balances(self, wanted: Mapping[int, Sequence[int]]) -> dict[int, Balances]:
        """The whole account: more than enough."""
        return {a: Balances(rows) for a in wanted if (rows := self._state.entries.get(a, ()))}

    def rows(self, account: int, since: int, until: int) -> Balances | None:
        """A stretch, with the row at or before its start."""
        own = self._state.entries.get(account, ())
        start = max((row.at for row in own if row.at <= since), default=since)
        found = [row for row in own if start <= row.at <= until]
        return Balances(found) if found else None

    def hold(self, objectives: Sequence[str], counting: Sequence[str] = ()) -> dict[str, Account]:
        """Nobody else is here."""
        self._state.write()
        return {
            held.account.objective: held.account
            for held in self._present(objectives)
            if not counting or held.counting in counting
        }

    def restate(self, account: int, corrections: Sequence[Slice], now: datetime) -> None:
        """Late truth."""
        self._state.write()
        held, own = self._held[account], self._state.entries.get(account, ())
        at, known = int(now.timestamp()), held.account
        try:
            rows = restated(own, corrections, held.step, at, known.read_until or 0)
        except ValueError as error:
            raise Contradicted(str(error)) from error
        if not rows:
            return
        self._state.entries[account] = tuple(rows)
        seen = [one.at for one in corrections if one.observed > 0]
        seen += [known.seen_until] if known.seen_until is not None else []
        fresh = replace(known, opened=rows[0].at, seen_until=max(seen, default=None))
        self._held[account] = replace(held, account=fresh)

    def thin(self, now: datetime, limit: int, kept: Collection[int] = ()) -> int:
        """By the law itself."""
        self._state.write()
        gone = 0
        at = int(now.timestamp())
        for account, own in list(self._state.entries.items()):
            step = self._held[account].step
            stays = {one for one in kept if at - one <= LONGEST}
            inner = (row.at for row in own[1:-1] if row.at not in stays)
            doomed = [one for one in inner if not keeps(one, at, step)]
            doomed = doomed[: limit - gone]
            gone += len(doomed)
            left = set(doomed)
            self._state.entries[account] = tuple(row for row in own if row.at not in left)
        return gone

    def forget_versions(self, before: datetime, limit: int) -> int:
        """With all their rows."""
        self._state.write()
        gone = [
            number
            for number, held in sorted(self._held.items())
            if "@" in held.account.objective
            and held.due_at < before
            and (held.account.read_until or 0) < int(before.timestamp())
        ][:limit]
        for number in gone:
            del self._held[number]
            self._state.entries.pop(number, None)
        return len(gone)

    def _present(self, objectives: Sequence[str]) -> list[Held]:
        wanted = set(objectives)
        return [h for h in self._held.values() if h.current and h.account.objective in wanted]
