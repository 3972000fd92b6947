"""What feeds have said, for the sources that count it."""

from collections.abc import Sequence

from bot.errors import SourceError
from bot.flow.poll.restate import reaching
from bot.judge.observation import Observation
from bot.ports import Record


class Feeds:
    """The sources are built from the specs before the database is opened: it comes later."""

    def __init__(self) -> None:
        self.record: Record | None = None
        self.faults: dict[str, str] = {}
        """By feed, why it could not be fetched."""

    def told(self, feed: str, since: int, until: int) -> Sequence[Observation]:
        """All that reach into a stretch of time. Raises SourceError, RecordError."""
        if self.record is None:
            raise SourceError(f"the database that holds what {feed} has said is not open yet")
        if feed in self.faults:
            raise SourceError(self.faults[feed])
        return self.record.read(lambda books: reaching(books, feed, since, until))
