"""Somebody has seen the warning, or the many that share a message, and looks after it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import Actor
from bot.decide.scope import Reach, Scope
from bot.errors import DeliveryError, UserError
from bot.flow.facts import Facts
from bot.flow.once import once_only
from bot.flow.poll.bundle import Bundle, tell
from bot.flow.poll.case import Case, Told
from bot.flow.show.answer import Answer
from bot.ports import Books, Clock, Directory, Episode, Record

_SEEN = "seen, looking into it"
_TOO_LATE = "Somebody has acknowledged this already, or it is over."


@dataclass(frozen=True)
class Acknowledge:
    """The flow behind the Acknowledge button: anybody of the workspace may."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    answer: Answer
    ops_channel: str

    def run(self, episode_id: int, actor: Actor, once: str = "") -> str:
        """A sentence for whoever clicked. `once`: what makes it that one click. Raises UserError;
        Repeated if this click was acted upon already."""
        try:
            person = self.directory.person(actor.id)
        except DeliveryError as error:
            raise UserError(f"I could not ask Slack who you are ({error}).") from error
        if person.outsider is not None:
            raise UserError(f"You cannot acknowledge this: {person.outsider}.")
        catalog = self.catalog()
        actor = catalog.known(actor)
        found = self.record.read(lambda books: books.episodes.get(episode_id))
        known = {o.id: o for o in catalog.objectives}
        if found is None or found.objective not in known:
            raise UserError("I do not know this warning any more.", "/budget status")
        if found.summary is not None:
            summary = found.summary
            together = once_only(
                once, self.clock, lambda books: self._together(books, catalog, summary, actor)
            )
            return self.record.write(together)
        objective = known[found.objective]
        judged = self.answer.judged(Scope(Reach.SERVICE, objective.service))
        verdict = next(j.verdict for j in judged if j.objective.id == objective.id)

        def work(books: Books) -> str:
            books.history.hold()
            now = self.clock.now()
            if not books.episodes.acknowledge(episode_id, actor.id, now):
                return _TOO_LATE
            scope = str(Scope(Reach.SERVICE, objective.service))
            evidence: Facts = {"episode": episode_id}
            books.history.append(
                Decision(
                    Event.WARNING_ACKNOWLEDGED, now, actor, scope, _SEEN,
                    evidence, catalog.policy_of(objective).version, objective.id,
                )
            )  # fmt: skip
            told = Told(catalog, objective.source, self.ops_channel, now)
            Case(books, told, objective, verdict, catalog.policy_of(objective)).edit()
            return "Acknowledged. The channel sees that you look after it."

        return self.record.write(once_only(once, self.clock, work))

    def _together(self, books: Books, catalog: Catalog, summary: int, actor: Actor) -> str:
        """All that are open and that nobody has acknowledged."""
        books.history.hold()
        now = self.clock.now()
        mine = [
            one
            for one in books.episodes.together(summary)
            if books.episodes.acknowledge(one.id, actor.id, now)
        ]
        if not mine:
            return _TOO_LATE
        for service, some in _by_service(catalog, mine).items():
            scope = Scope(Reach.SERVICE, service)
            evidence: Facts = {"summary": summary, "episodes": [one.id for one in some]}
            books.history.append(
                Decision(
                    Event.WARNING_ACKNOWLEDGED, now, actor, str(scope), _SEEN, evidence,
                    catalog.policy_for(scope).version,
                )
            )  # fmt: skip
        told = Told(catalog, "", self.ops_channel, now)
        tell(books, told, replace(Bundle.of(books, summary), patient=False))
        which = "this warning" if len(mine) == 1 else f"these {len(mine)} warnings"
        return f"Acknowledged. The channel sees that you look after {which}."


def _by_service(catalog: Catalog, episodes: Sequence[Episode]) -> Mapping[str, list[Episode]]:
    services = {one.id: one.service for one in catalog.objectives}
    found: defaultdict[str, list[Episode]] = defaultdict(list)
    for one in episodes:
        if one.objective in services:
            found[services[one.objective]].append(one)
    return found
