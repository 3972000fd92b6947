"""What was released in a stretch of time and how that turned out: for the report of a month."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.release import Note, Release, journal
from bot.decide.stages import delivery_of
from bot.flow.attributing import REACHES, attributed
from bot.flow.facts import Facts
from bot.flow.show.releases import delivery_facts
from bot.judge.delivery import Outcome
from bot.ports import Books


@dataclass(frozen=True)
class Delivered:
    """Releases by service, and the outcome of each by its key, one for each objective."""

    releases: Mapping[str, Sequence[Release]]
    outcomes: Mapping[str, Sequence[Outcome]]

    def facts(self, mine: Callable[[str], bool], since: datetime, until: datetime) -> Facts | None:
        """The four key figures of some services; None if nothing was released."""
        some = [one for name, all_ in self.releases.items() if mine(name) for one in all_]
        found = delivery_facts(delivery_of(some, self.outcomes, since, until))
        return found if found["frequency"]["count"] else None


def delivered(books: Books, catalog: Catalog, since: datetime, until: datetime) -> Delivered:
    """What began from `since` on and before `until`, judged as the budgets stood then."""
    notes: defaultdict[str, list[Note]] = defaultdict(list)
    for note in books.journal.of(list(catalog.services), since - REACHES[0]):
        if note.at < until:
            notes[note.service].append(note)
    found = {name: journal(some) for name, some in notes.items()}
    released = {n: some for n, some in found.items() if any(one.began >= since for one in some)}
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for name, some in released.items():
        mine = [one for one in catalog.objectives if one.service == name]
        for budget in attributed(books, mine, some, until):
            for charge in budget.charges:
                outcomes[charge.release.key].append(charge.outcome)
    return Delivered(released, outcomes)
