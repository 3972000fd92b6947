"""The decision history: append-only, hash-chained from the first row on."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from bot.decide.decision import GENESIS, Chained, Decision, canonical, chain_hash
from bot.ports.history import HistoryFilter
from bot.record.decisions import columns_of, decision_of
from bot.record.statements import change, fetch, first
from bot.record.tables import DecisionRow, HeadRow

_HEAD = 1
_PORTION = 500


class SqlHistory:
    """Satisfies bot.ports.history.History."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._newest: tuple[int, str] | None = None
        """Of this transaction, once it holds the head."""

    def hold(self) -> None:
        """See History."""
        self._newest = self._newest or self._head(lock=True)

    def append(self, decision: Decision) -> Chained:
        """Chain it to the newest row. The head stays locked until the transaction ends: the
        history grows one transaction at a time."""
        last, previous = self._newest or self._head(lock=True)
        seq, body = last + 1, canonical(decision)
        digest = chain_hash(previous, seq, body)
        links: dict[str, Any] = {"seq": seq, "body": body, "previous": previous, "hash": digest}
        change(self._session, insert(DecisionRow).values(columns_of(decision) | links))
        moved = update(HeadRow).where(col(HeadRow.id) == _HEAD).values(seq=seq, hash=digest)
        change(self._session, moved)
        self._newest = seq, digest
        return Chained(seq, decision, previous, digest)

    def find(self, wanted: HistoryFilter) -> list[Chained]:
        """Newest first."""
        rows = select(DecisionRow)
        if wanted.scopes:
            rows = rows.where(col(DecisionRow.scope).in_(wanted.scopes))
        if wanted.events:
            rows = rows.where(col(DecisionRow.event).in_([str(e) for e in wanted.events]))
        if wanted.objective:
            rows = rows.where(col(DecisionRow.objective) == wanted.objective)
        if wanted.since is not None:
            rows = rows.where(col(DecisionRow.at) >= wanted.since)
        if wanted.before is not None:
            rows = rows.where(col(DecisionRow.seq) < wanted.before)
        rows = rows.order_by(col(DecisionRow.seq).desc()).limit(max(0, wanted.limit))
        return [
            Chained(row.seq, decision_of(row.body), row.previous, row.hash)
            for row in fetch(self._session, rows)
        ]

    def verify(self) -> tuple[int, int | None]:
        """How many rows were read, and the first bad one: changed, missing, out of place, or cut
        from the end. Only an anchor outside notices a cut after which the head was changed too."""
        head_seq, head_hash = self._head(lock=False)
        previous, read = GENESIS, 0
        for row in self._stream():
            read += 1
            if not _sound(row, read, previous):
                return read, min(row.seq, read)
            previous = row.hash
        if head_seq != read:
            return read, min(read, head_seq) + 1
        return read, None if head_hash == previous else max(1, read)

    def _head(self, *, lock: bool) -> tuple[int, str]:
        """Place and hash of the newest row."""
        wanted = select(HeadRow).where(col(HeadRow.id) == _HEAD)
        found = first(self._session, wanted.with_for_update() if lock else wanted)
        return (found.seq, found.hash) if found else (0, GENESIS)

    def _stream(self) -> Iterator[DecisionRow]:
        last = -1
        while True:
            wanted = select(DecisionRow).where(col(DecisionRow.seq) > last)
            rows = fetch(self._session, wanted.order_by(col(DecisionRow.seq)).limit(_PORTION))
            yield from rows
            if len(rows) < _PORTION:
                return
            last = rows[-1].seq
            self._session.expunge_all()


def _sound(row: DecisionRow, seq: int, previous: str) -> bool:
    """In its place, chained to the row before, unchanged, and found under what it says."""
    if (row.seq, row.previous, row.hash) != (seq, previous, chain_hash(previous, seq, row.body)):
        return False
    found = columns_of(decision_of(row.body))
    return all(getattr(row, name) == value for name, value in found.items())
