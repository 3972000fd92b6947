"""What objects of clusters run, followed from review to review: a release that went while nobody
was asked is seen with the next one of its object."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.change import Change
from bot.decide.followed import Step, Workload, follow, key_of, marks, strangers
from bot.decide.release_name import named
from bot.decide.workload import Runs
from bot.flow.hosts.sightings import Seen, see
from bot.flow.noting import answer_for
from bot.ports import Books

LOOK_BACK = timedelta(days=90)
"""A release that asked within this time, by whatever door, did ask."""


@dataclass
class Following:
    """The objects that one transaction hears of."""

    books: Books
    known: dict[str, Workload]
    now: datetime

    @classmethod
    def open(
        cls, books: Books, steps: Sequence[tuple[str, Step | None]], now: datetime
    ) -> "Following":
        """One look at all that are known. `steps`: with the service that each is a release of."""
        keys = [key_of(step.place, service) for service, step in steps if step is not None]
        return cls(books, books.workloads.find(keys), now)

    def heard(self, service: str, step: Step, *, goes: bool) -> None:
        """A change of an object was judged. Nothing is said of an object that is seen for the first
        time: it is only remembered."""
        key = key_of(step.place, service)
        known = self.known.get(key)
        found = strangers(known, step)
        if found and not step.told:
            self._see(service, key, step, found)
        fresh = follow(known, key, step, goes=goes, now=self.now)
        if fresh.runs or known is not None:
            self.known[key] = fresh
            self.books.workloads.put(fresh)

    def _see(self, service: str, key: str, step: Step, found: tuple[Runs, ...]) -> None:
        seen = named(Change(service), found)
        if answer_for(self.books, seen, self.now - LOOK_BACK) is not None:
            return
        mark = "".join(sorted(marks(found)))[:32]
        it = Seen(
            f"workload:{key}:{mark}", service, f"kubernetes {step.place}",
            version=seen.version, commit=seen.commit, digest=seen.digest,
        )  # fmt: skip
        see(self.books, it, self.now)
