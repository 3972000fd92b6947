"""Verdicts for whoever asks often: judged anew when the ledger has moved, or after a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from bot.flow.grounds import judge_now
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict, patience_of
from bot.ports import Account, Books

KEEP = timedelta(seconds=15)
"""What changes without a new slice (late truth, time that people take out) shows after that, or
twice as long."""

Judged = tuple[Objective, Verdict]


@dataclass(frozen=True, slots=True)
class _Known:
    basis: tuple[object, ...]
    until: datetime
    judged: Judged


def _spread(name: str) -> timedelta:
    """Not all at the same moment."""
    return KEEP * (1 + crc32(name.encode()) % 64 / 64)


class Verdicts:
    """Remembers what each objective was judged to be, and on what."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def of(self, books: Books, objectives: Sequence[Objective], now: datetime) -> list[Judged]:
        """Each objective with its present verdict, in their order."""
        ids = [objective.id for objective in objectives]
        accounts, faults = books.ledger.accounts(ids), books.standings.faults()
        found: dict[str, Judged] = {}
        bases: dict[str, tuple[object, ...]] = {}
        anew: list[Objective] = []
        for name, one in zip(ids, objectives, strict=True):
            basis = _basis(one, accounts.get(name), faults.get(name, ""), now.timestamp())
            known = self._known.get(name)
            if known is not None and known.basis == basis and now < known.until:
                found[name] = known.judged
            else:
                bases[name] = basis
                anew.append(one)
        for judged in judge_now(books, anew, now) if anew else ():
            name = judged[0].id
            found[name] = judged
            self._known[name] = _Known(bases[name], now + _spread(name), judged)
        return [found[name] for name in ids]


def _basis(
    objective: Objective, account: Account | None, fault: str, now: float
) -> tuple[object, ...]:
    """All that a verdict depends on, as far as it is known without reading the rows."""
    if account is None or account.read_until is None:
        return objective, None, fault
    late = now - account.read_until > patience_of(objective)
    return objective, account.id, account.read_until, account.seen_until, fault, late
