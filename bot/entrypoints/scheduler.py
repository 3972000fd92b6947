"""The ticker: it only asks, again and again, whether something is due. What is due stands in the
tables, and any replica may take it."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.crew import Crew
from bot.errors import BurnbanError

log = logging.getLogger(__name__)

PATIENCE = 4.0
"""Seconds that running looks have to finish when all is to end; what they were at is as after a
crash: nothing is lost, and whoever looks next goes on with it."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A name, a period in seconds, and what to look at."""

    name: str
    every: float
    look: Callable[[], object]


class _Pool(BasePoolExecutor):  # type: ignore[misc] # APScheduler does not type it
    """The threads that ticks run in."""

    def __init__(self, crew: Crew) -> None:
        super().__init__(crew)


class Ticker:
    """APScheduler with a memory store: a job that is still running is not started twice, a late
    one is run once."""

    def __init__(self, workers: int) -> None:
        self._scheduler = BackgroundScheduler(
            executors={"default": _Pool(Crew(workers, "ticks", PATIENCE))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self, ticks: Iterable[Tick]) -> None:
        """Begin ticking."""
        self.replace(ticks)
        self._scheduler.start()

    def replace(self, ticks: Iterable[Tick]) -> None:
        """Set exactly these ticks: after new specs other sources may be there."""
        wanted = {tick.name: tick for tick in ticks}
        for job in self._scheduler.get_jobs():
            if job.id not in wanted:
                job.remove()
        for tick in wanted.values():
            self._scheduler.add_job(
                _guarded(tick), "interval", seconds=tick.every, id=tick.name, replace_existing=True
            )

    def stop(self) -> None:
        """Let running looks finish, but not for ever; start no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def _guarded(tick: Tick) -> Callable[[], None]:
    def run() -> None:
        try:
            tick.look()
        except BurnbanError as error:
            log.warning("%s: %s; it is tried again at the next tick", tick.name, error)
        except Exception:
            log.exception("%s failed; it is tried again at the next tick", tick.name)

    return run
