"""The decision history: append-only, hash-chained from the first row on."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col

from bot.decide.decision import Chained, Decision, canonical, chain_hash
from bot.decide.people import Actor
from bot.decide.proof import ORIGIN, Link, Place, Proof, prove
from bot.decide.seal import Seal
from bot.ports.history import HistoryFilter
from bot.record import history_reads
from bot.record.checkpoints import newest
from bot.record.decisions import columns_of
from bot.record.statements import pick
from bot.record.tables import DecisionRow, HeadRow

# Made once: to put them together anew took longer than to run them.
_HEAD = pick(HeadRow.seq, HeadRow.hash).where(col(HeadRow.id) == 1)
_LOCKED = _HEAD.with_for_update()
_ADD = insert(DecisionRow)
_MOVE = (
    update(HeadRow)
    .where(col(HeadRow.id) == 1)
    .values(seq=bindparam("last"), hash=bindparam("digest"))
)


class SqlHistory:
    """Satisfies bot.ports.history.History."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._newest: Place | None = None
        """Of this transaction, once it holds the head."""
        self._owed: list[dict[str, Any]] = []
        """Rows that the transaction has added and not written yet."""

    def hold(self) -> None:
        """See History."""
        self._newest = self._newest or self._head(lock=True)

    def append(self, decision: Decision) -> Chained:
        """Chain it to the newest row. The head stays locked until the transaction ends: the
        history grows one transaction at a time."""
        return self.append_all([decision])[0]

    def append_all(self, decisions: Sequence[Decision]) -> list[Chained]:
        """Chain each to the one before it. They are written before anybody reads the history, or
        with the last statements of the transaction."""
        place = self._newest or self._head(lock=True)
        found: list[Chained] = []
        for decision in decisions:
            (last, previous), body = place, canonical(decision)
            place = last + 1, chain_hash(previous, last + 1, body)
            links = {"seq": place[0], "body": body, "previous": previous, "hash": place[1]}
            self._owed.append(columns_of(decision) | links)
            found.append(Chained(place[0], decision, previous, place[1]))
        if found:
            self._newest = place
        return found

    @property
    def owes(self) -> bool:
        """Whether anything is."""
        return bool(self._owed)

    def write(self) -> None:
        """Write what is owed, all at once; the head is moved once."""
        if not self._owed:
            return
        rows, last = self._owed, self._owed[-1]
        self._owed = []
        connection = self._session.connection()
        connection.execute(_ADD, rows)
        connection.execute(_MOVE, {"last": last["seq"], "digest": last["hash"]})

    def find(self, wanted: HistoryFilter) -> list[Chained]:
        """Newest first."""
        self.write()
        return history_reads.find(self._session, wanted)

    def walk(self, wanted: HistoryFilter) -> Iterator[Link]:
        """Oldest first, a portion at a time."""
        self.write()
        return history_reads.walk(self._session, wanted)

    def head(self) -> Place:
        """As the history's own note has it."""
        return self._newest or self._head(lock=False)

    def scopes(self) -> list[str]:
        """Each once."""
        self.write()
        return history_reads.scopes(self._session)

    def people(self) -> list[Actor]:
        """Each id once, as they were called last."""
        self.write()
        return history_reads.people(self._session)

    def verify(self, anchors: Sequence[Seal] = ()) -> Proof:
        """Every hash anew, from the newest checkpoint on."""
        self.write()
        seal = newest(self._session)
        base = ORIGIN if seal is None else (seal.seq, seal.hash)
        links = history_reads.links(self._session, base[0])
        return prove(links, self._head(lock=False), base, anchors)

    def _head(self, *, lock: bool) -> Place:
        found = self._session.connection().execute(_LOCKED if lock else _HEAD).first()
        return (found.seq, found.hash) if found else ORIGIN
