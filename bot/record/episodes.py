"""Episodes, open and closed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.ports.workflow import Episode
from bot.record.statements import change, fetch, first, numbered, stored
from bot.record.tables import EpisodeRow


class SqlEpisodes:
    """Satisfies bot.ports.workflow.Episodes. At most one episode of an objective is open."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, objective: str, level: int, now: datetime, channel: str = "") -> Episode:
        """A new one. Raises RecordError (from the transaction) if one is open."""
        row = EpisodeRow(objective=objective, opened_at=now, level=level, channel=channel)
        return _episode(stored(self._session, row))

    def gather(self, episodes: Sequence[int], summary: int) -> None:
        """They share one message from now on."""
        mine = update(EpisodeRow).where(col(EpisodeRow.id).in_(episodes))
        change(self._session, mine.values(summary=summary))

    def current(self, objective: str) -> Episode | None:
        """The open episode of an objective."""
        wanted = select(EpisodeRow).where(
            col(EpisodeRow.objective) == objective, col(EpisodeRow.closed_at).is_(None)
        )
        row = first(self._session, wanted)
        return _episode(row) if row else None

    def currents(self, objectives: Sequence[str]) -> dict[str, Episode]:
        """The open ones, by objective."""
        wanted = select(EpisodeRow).where(
            col(EpisodeRow.objective).in_(objectives), col(EpisodeRow.closed_at).is_(None)
        )
        return {row.objective: _episode(row) for row in fetch(self._session, wanted)}

    def lately(self, channel: str, since: datetime) -> list[Episode]:
        """Opened then or later, oldest first."""
        wanted = select(EpisodeRow).where(
            col(EpisodeRow.channel) == channel, col(EpisodeRow.opened_at) >= since
        )
        found = fetch(self._session, wanted.order_by(col(EpisodeRow.id)))
        return [_episode(row) for row in found]

    def together(self, summary: int) -> list[Episode]:
        """All that share one message, oldest first."""
        wanted = select(EpisodeRow).where(col(EpisodeRow.summary) == summary)
        found = fetch(self._session, wanted.order_by(col(EpisodeRow.id)))
        return [_episode(row) for row in found]

    def get(self, episode: int) -> Episode | None:
        """By id."""
        row = first(self._session, select(EpisodeRow).where(col(EpisodeRow.id) == episode))
        return _episode(row) if row else None

    def raise_to(self, episode: int, level: int) -> None:
        """A level never falls within an episode."""
        known = col(EpisodeRow.id) == episode, col(EpisodeRow.level) < level
        change(self._session, update(EpisodeRow).where(*known).values(level=level))

    def acknowledge(self, episode: int, by: str, now: datetime) -> bool:
        """False if somebody has already, or the episode is closed."""
        free = (
            col(EpisodeRow.id) == episode,
            col(EpisodeRow.acknowledged_at).is_(None),
            col(EpisodeRow.closed_at).is_(None),
        )
        seen = update(EpisodeRow).where(*free).values(acknowledged_by=by, acknowledged_at=now)
        return change(self._session, seen) == 1

    def close(self, episode: int, now: datetime) -> None:
        """Over; the first time counts."""
        still = col(EpisodeRow.id) == episode, col(EpisodeRow.closed_at).is_(None)
        change(self._session, update(EpisodeRow).where(*still).values(closed_at=now))


def _episode(row: EpisodeRow) -> Episode:
    return Episode(
        numbered(row.id),
        row.objective,
        row.opened_at,
        row.level,
        row.closed_at,
        row.acknowledged_by,
        row.acknowledged_at,
        row.channel,
        row.summary,
    )
