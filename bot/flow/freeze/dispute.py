"""A freeze is disputed: the question goes to the decider whom the policy names."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import Actor
from bot.decide.policy import Policy
from bot.decide.quorum import Need, Quorum
from bot.decide.scope import Reach, Scope
from bot.errors import UserError
from bot.flow.announce import announce_request
from bot.flow.ask.asking import check_channel, check_reason, groups_of_asker, now_waiting
from bot.flow.ask.request import AskFor, Outcome
from bot.flow.ask.shortage import Prospect, prospect
from bot.flow.facts import Facts, scope_words
from bot.flow.freeze.weighed import weigh
from bot.flow.once import once_only
from bot.judge.dates import instant
from bot.ports import Books

EXAMPLE = "/freeze dispute 12 the budget was spent by a network outage"


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody disputes: one freeze, or those in force of exactly this scope."""

    scope: Scope
    reason: str
    freeze: int | None = None


@dataclass(frozen=True)
class Dispute:
    """The flow behind /freeze dispute."""

    ask: AskFor

    def run(self, objection: Objection, actor: Actor, once: str = "") -> Outcome:
        """Put it before the decider. Raises UserError; Repeated if this was acted upon already."""
        catalog = self.ask.catalog()
        actor = catalog.known(actor)
        check_reason(objection.reason, EXAMPLE)
        scope = objection.scope
        check_channel(catalog, scope, self.ask.ops_channel)
        groups_of_asker(self.ask.directory, catalog, scope, actor, ())
        policy = catalog.policy_for(scope)
        decider, lifting = policy.decider, policy.approvals.unfreeze
        quorum = Quorum((Need(decider, 1),)) if decider else lifting
        may = prospect(
            self.ask.directory, catalog, scope, actor.id, quorum, policy.approvals.fallback
        )

        def work(books: Books) -> Outcome:
            books.history.hold()
            now = self.ask.clock.now()
            freezes = _disputed(books, catalog, objection, now)
            request = Request(
                0, Wish.UNFREEZE, scope, objection.reason, actor, Origin.MANUAL, quorum, now,
                now + timedelta(seconds=policy.approvals.expires),
                freezes=tuple(freeze.id for freeze in freezes), disputed=True,
                evidence=weigh(books, catalog, scope, freezes, now),
                escalated_at=now if may.escalated else None,
                shortage=may.sentence if may.stuck else "",
            )  # fmt: skip
            return self._put(books, catalog, policy, request, may, now)

        return self.ask.record.write(once_only(once, self.ask.clock, work))

    def _put(
        self,
        books: Books,
        catalog: Catalog,
        policy: Policy,
        request: Request,
        may: Prospect,
        now: datetime,
    ) -> Outcome:
        _refuse_twin(books, request, now)
        stored = replace(request, id=books.requests.add(request).id)
        facts: Facts = {
            "request": stored.id,
            "wish": str(stored.wish),
            "freezes": list(stored.freezes),
            "decider": policy.decider,
            "weighed": dict(stored.evidence),
        }
        scope, why, version = str(stored.scope), stored.reason, policy.version
        books.history.append(
            Decision(Event.FREEZE_DISPUTED, now, stored.requester, scope, why, facts, version)
        )
        ops = self.ask.ops_channel
        announce_request(books, catalog, ops, stored, [], now)
        numbers = ", ".join(str(number) for number in stored.freezes)
        sentence = (
            f"Disputed: {_who(policy)} about freeze {numbers} by"
            f" {instant(stored.expires_at)} (request {stored.id}). Until then it stays frozen."
        )
        return Outcome(sentence, now_waiting(may.sentence), request=stored)


def _who(policy: Policy) -> str:
    if policy.decider:
        return f"the group {policy.decider} decides"
    return "the policy names no decider, so those who may lift it decide"


def _disputed(books: Books, catalog: Catalog, objection: Objection, now: datetime) -> list[Freeze]:
    standing = books.freezes.standing(now)
    if objection.freeze is not None:
        found = [one for one in standing if one.id == objection.freeze]
    else:
        found = [one for one in standing if one.scope == objection.scope and one.in_force(now)]
    if found:
        return found
    words = scope_words(objection.scope)
    service = objection.scope.reach is Reach.SERVICE
    for one in standing if service else ():
        if one.in_force(now) and catalog.covers(one.scope, objection.scope.name):
            sentence = f"{words} is held by freeze {one.id} of {scope_words(one.scope)}."
            raise UserError(sentence, f"/freeze dispute {one.id} <reason>")
    raise UserError(f"There is no freeze of {words} to dispute.", "/freeze list")


def _refuse_twin(books: Books, wanted: Request, now: datetime) -> None:
    for other in books.requests.pending(now):
        if other.disputed and set(wanted.freezes) <= set(other.freezes):
            sentence = f"That is disputed already (request {other.id}); it waits for its decider."
            raise UserError(sentence, "look at the open request")
