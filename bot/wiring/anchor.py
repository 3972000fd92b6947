"""The newest link of the decision history, told outside the database once a day: whoever cuts the
tail off later cannot take this back from the log."""

import logging
from datetime import date

from bot.wiring.core import Core

log = logging.getLogger(__name__)


class Anchor:
    """Logs place and hash of the newest decision, once a day (UTC) and at the start."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._day: date | None = None

    def look(self) -> None:
        """A tick. Raises RecordError; then the next one tries again."""
        today = self._core.clock.now().date()
        if today != self._day:
            seq, mark = self._core.record.read(lambda books: books.history.head())
            log.info("history: decision %d is the newest, its hash is %s", seq, mark)
            self._day = today
