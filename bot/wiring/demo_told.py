"""What pipelines and jobs tell of the replayed day, through the flows that real ones use."""

import threading
from datetime import datetime

from bot.decide.caller import Caller, Rights
from bot.decide.people import Actor, Door
from bot.flow.poll.receive import Batch
from bot.judge.observation import Observation
from bot.playground.fleet import feed, serving
from bot.wiring.core import Core

_PIPELINE = Actor("token:demo-pipeline", "demo-pipeline", Door.API)
_JOB = Caller(
    Actor("token:demo-labels-job", "demo-labels-job", Door.API), Rights.of(["slices:push:*"])
)


class Telling:
    """Releases for the journal and rows of feeds, each once the day has come to it. A release that
    was told before a restart is told again: that changes nothing."""

    def __init__(self, core: Core, start: datetime, since: int | None = None) -> None:
        """`since`: the minute of the day until which feeds have said all already; None: nothing
        yet. To say it again would undo what somebody else has corrected in it since."""
        self._core = core
        self._start = start
        self._words = serving.words(start)
        self._until = since
        self._lock = threading.Lock()

    def run(self) -> None:
        """Tell what is due by now."""
        with self._lock:
            now = self._core.clock.now()
            while self._words and (self._words[0].at or now) <= now:
                self._core.gate.api.note.run(self._words[0], _PIPELINE)
                del self._words[0]
            self._push(int((now - self._start).total_seconds() // 60))

    def _push(self, until: int) -> None:
        if until == self._until:
            return
        for name, said in ((feed.LABELS, feed.labels), (feed.DRIFT, feed.drift)):
            rows: list[Observation] = list(said(self._start, self._until, until))
            if rows:
                self._core.gate.api.receive.run(Batch(name, list(enumerate(rows))), _JOB)
        self._until = until
