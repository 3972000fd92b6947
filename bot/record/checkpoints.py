"""Where the stored history begins."""

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from bot.decide.seal import Purpose, Seal
from bot.record.statements import change, first, pick
from bot.record.tables import CheckpointRow, DecisionRow


class SqlCheckpoints:
    """Satisfies bot.ports.history.Checkpoints."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def newest(self) -> Seal | None:
        """The one that counts."""
        return newest(self._session)

    def set(self, seal: Seal) -> None:
        """The triggers take only one that is further on."""
        facts = {"seq": seal.seq, "hash": seal.hash, "at": seal.at}
        signed = {"key": seal.key, "signature": seal.signature}
        change(self._session, insert(CheckpointRow).values(facts | signed))

    def drop(self, most: int) -> int:
        """The oldest first."""
        seal = newest(self._session)
        if seal is None:
            return 0
        covered = pick(DecisionRow.seq).where(col(DecisionRow.seq) <= seal.seq)
        oldest = covered.order_by(col(DecisionRow.seq)).limit(most)
        return change(self._session, delete(DecisionRow).where(col(DecisionRow.seq).in_(oldest)))


def newest(session: Session) -> Seal | None:
    """The checkpoint that is furthest on."""
    row = first(session, select(CheckpointRow).order_by(col(CheckpointRow.seq).desc()))
    if row is None:
        return None
    return Seal(Purpose.CHECKPOINT, row.seq, row.hash, row.at, row.key, row.signature)
