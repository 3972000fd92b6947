"""Answers of the gate, and tokens."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.decide.caller import Rights, Token
from bot.decide.gate_answer import Asked, Outcome
from bot.record.dialect import Dialect
from bot.record.owed import Owed
from bot.record.statements import change, fetch, first, numbered, pick, stored
from bot.record.tables import AnswerRow, StopRow, TokenRow


class SqlAnswers(Owed[Asked]):
    """Satisfies bot.ports.gate.Answers."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        super().__init__(session, dialect, AnswerRow, _asked)

    def put(self, answers: Sequence[Asked]) -> None:
        """In place of what was given before."""
        self.owe(map(_columns, answers))

    def forget(self, before: datetime, still: datetime) -> int:
        """How many went."""
        self.write()
        gone = change(self._session, delete(AnswerRow).where(col(AnswerRow.at) < before))
        return gone + change(self._session, delete(StopRow).where(col(StopRow.at) < still))

    def stopped(self, topic: str, now: datetime) -> int:
        """One statement, whoever else counts meanwhile."""
        row = {"topic": topic, "count": 1, "at": now}
        return int(self._session.connection().execute(_count(self._dialect), row).scalar_one())

    def stops(self) -> list[str]:
        """See Answers."""
        wanted = pick(StopRow.topic).order_by(col(StopRow.topic))
        return list(self._session.connection().scalars(wanted))

    def passed(self, topics: Collection[str]) -> None:
        """Counted no more."""
        change(self._session, delete(StopRow).where(col(StopRow.topic).in_(topics)))


class SqlTokens:
    """Satisfies bot.ports.gate.Tokens."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, token: Token) -> Token:
        """Store it; the answer bears its id."""
        row = TokenRow(
            name=token.name,
            digest=token.digest,
            scopes=" ".join(token.rights.scopes),
            created_at=token.created_at,
            created_by=token.created_by,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
            used_at=token.used_at,
        )
        return _token(stored(self._session, row))

    def get(self, token: int) -> Token | None:
        """By id."""
        row = first(self._session, select(TokenRow).where(col(TokenRow.id) == token))
        return _token(row) if row else None

    def of_digest(self, digest: str) -> Token | None:
        """By its hash."""
        row = first(self._session, select(TokenRow).where(col(TokenRow.digest) == digest))
        return _token(row) if row else None

    def all(self) -> list[Token]:
        """Oldest first."""
        return [
            _token(row) for row in fetch(self._session, select(TokenRow).order_by(col(TokenRow.id)))
        ]

    def revoke(self, token: int, now: datetime) -> bool:
        """False if there is nothing left to take back."""
        still = col(TokenRow.id) == token, col(TokenRow.revoked_at).is_(None)
        return change(self._session, update(TokenRow).where(*still).values(revoked_at=now)) == 1

    def used(self, token: int, now: datetime) -> None:
        """It was used then."""
        change(self._session, update(TokenRow).where(col(TokenRow.id) == token).values(used_at=now))


@cache
def _count(dialect: Dialect) -> Any:
    """Made once for each kind of database."""
    row = dialect.insert(StopRow)
    more = {"count": col(StopRow.count) + 1, "at": row.excluded.at}
    counted = row.on_conflict_do_update(index_elements=["topic"], set_=more)
    return counted.returning(col(StopRow.count))


def _asked(row: Any) -> Asked:
    return Asked(
        row.key,
        row.question,
        row.mark,
        Outcome(row.outcome),
        row.seq,
        tuple(json.loads(row.freezes)),
        row.body,
        row.at,
        row.valid_until,
        row.count,
    )


def _columns(asked: Asked) -> dict[str, Any]:
    return {
        "key": asked.key,
        "question": asked.question,
        "mark": asked.mark,
        "outcome": str(asked.outcome),
        "seq": asked.seq,
        "freezes": json.dumps(list(asked.freezes)),
        "body": asked.body,
        "at": asked.at,
        "valid_until": asked.valid_until,
        "count": asked.count,
    }


def _token(row: TokenRow) -> Token:
    return Token(
        numbered(row.id),
        row.name,
        row.digest,
        Rights.of(row.scopes.split()),
        row.created_at,
        row.created_by,
        row.expires_at,
        row.revoked_at,
        row.used_at,
    )
