"""Somebody has seen the warning and looks after it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import Actor
from bot.decide.scope import Reach, Scope
from bot.errors import DeliveryError, UserError
from bot.flow.answer import Answer
from bot.flow.case import Case, Told
from bot.flow.facts import Facts
from bot.flow.once import once_only
from bot.ports import Books, Clock, Directory, Record


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
        found = self.record.read(lambda books: books.episodes.get(episode_id))
        known = {o.id: o for o in catalog.objectives}
        if found is None or found.objective not in known:
            raise UserError("I do not know this warning any more.", "/budget status")
        objective = known[found.objective]
        judged = self.answer.judged(Scope(Reach.SERVICE, objective.service))
        verdict = next(j.verdict for j in judged if j.objective.id == objective.id)

        def work(books: Books) -> str:
            now = self.clock.now()
            if not books.episodes.acknowledge(episode_id, actor.id, now):
                return "Somebody has acknowledged this already, or it is over."
            scope = str(Scope(Reach.SERVICE, objective.service))
            evidence: Facts = {"episode": episode_id}
            books.history.append(
                Decision(
                    Event.WARNING_ACKNOWLEDGED, now, actor, scope, "seen, looking into it",
                    evidence, catalog.policy_of(objective).version, objective.id,
                )
            )  # fmt: skip
            told = Told(catalog, objective.source, self.ops_channel, now)
            Case(books, told, objective, verdict, catalog.policy_of(objective)).edit()
            return "Acknowledged. The channel sees that you look after it."

        return self.record.write(once_only(once, self.clock, work))
