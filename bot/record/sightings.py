"""Releases that were seen."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.ports.hosts import Sighting
from bot.record.dialect import Dialect
from bot.record.statements import change, fetch, first, numbered
from bot.record.tables import SightingRow


class SqlSightings:
    """Satisfies bot.ports.hosts.Sightings."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def add(self, sighting: Sighting) -> Sighting | None:
        """None if its key is there already."""
        facts = {name: value for name, value in asdict(sighting).items() if name != "id"}
        row = self._dialect.insert(SightingRow).values(facts)
        if change(self._session, row.on_conflict_do_nothing()) != 1:
            return None
        found = first(self._session, select(SightingRow).where(SightingRow.key == sighting.key))
        return replace(sighting, id=numbered(found.id if found is not None else None))

    def since(self, since: datetime, *, ungated: bool = False) -> list[Sighting]:
        """Oldest first."""
        wanted = select(SightingRow).where(col(SightingRow.seen_at) >= since)
        if ungated:
            wanted = wanted.where(col(SightingRow.decision) == 0)
        rows = fetch(self._session, wanted.order_by(col(SightingRow.id)))
        return [Sighting(**row.model_dump()) for row in rows]

    def gated(self, sighting: int, decision: int) -> None:
        """The gate's answer was found."""
        it = update(SightingRow).where(col(SightingRow.id) == sighting)
        change(self._session, it.values(decision=decision))

    def mark_told(self, sightings: Sequence[int]) -> None:
        """Somebody was told of them."""
        them = update(SightingRow).where(col(SightingRow.id).in_(sightings))
        change(self._session, them.values(told=True))

    def forget(self, before: datetime) -> int:
        """How many went."""
        return change(self._session, delete(SightingRow).where(col(SightingRow.seen_at) < before))
