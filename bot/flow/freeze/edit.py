"""Edit a freeze: its end or its reason. What it was is kept."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.decide.approval import Request, Wish, takes_effect_at_once
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.edit import amounts_to
from bot.decide.freeze import Ending, Freeze, Origin
from bot.decide.people import Actor
from bot.decide.policy import Policy
from bot.decide.quorum import Quorum, needs_words
from bot.errors import UserError
from bot.flow.announce import announce_request
from bot.flow.ask.asking import now_waiting
from bot.flow.ask.request import MAX_REASON, AskFor, Outcome
from bot.flow.ask.shortage import prospect
from bot.flow.ask.twin import refuse_twin
from bot.flow.facts import asked_in, scope_words
from bot.flow.freeze.revise import revise
from bot.flow.once import once_only
from bot.ports import Books

EXAMPLE = "/freeze edit 12 for 4h the fix takes longer"


@dataclass(frozen=True, slots=True)
class Revision:
    """What somebody wants a freeze to be."""

    freeze: int
    why: str
    """For another end: why. For another reason: the reason itself."""
    until: Ending | None = None
    """An instant, or a length that counts from now, or from the start that is still to come; None:
    until somebody lifts it."""
    reason_only: bool = False


@dataclass(frozen=True)
class EditFreeze:
    """The flow behind /freeze edit. Whoever could set the freeze may extend it; what shortens it
    takes the approvals of lifting it."""

    ask: AskFor

    def run(self, revision: Revision, actor: Actor, once: str = "") -> Outcome:
        """Edit at once, or put a request before the deciders. Raises UserError; Repeated if this
        was acted upon already."""
        if len(revision.why) > MAX_REASON:
            raise UserError(f"The reason is too long; {MAX_REASON} characters at most.")
        catalog, now = self.ask.catalog(), self.ask.clock.now()
        actor = catalog.known(actor)
        freeze = self.ask.record.read(lambda books: _known(books, revision.freeze, now))
        # A length counts from here on, also if people decide later: what they read is an instant.
        end = _ending(revision, freeze, now)
        wish = Wish.EXTEND if revision.reason_only else _wish(freeze, end)
        policy = catalog.policy_for(freeze.scope)
        asked = policy.approvals
        quorum = asked.freeze if wish is Wish.EXTEND else asked.unfreeze
        standing = self.ask.standing(catalog, freeze.scope, actor, quorum)
        if standing is not None and standing.person.outsider is not None:
            raise UserError(f"You cannot edit this: {standing.person.outsider}.")
        groups = quorum.groups if standing is None else standing.groups
        if takes_effect_at_once(wish, quorum, groups) or _own_words(
            catalog, revision, freeze, actor
        ):
            return self.ask.record.write(
                once_only(
                    once,
                    self.ask.clock,
                    lambda books: self._edit(books, catalog, revision, end, wish, actor),
                )
            )
        if revision.reason_only:
            sentence = "Only whoever set a freeze, or an approver of its scope, changes its reason."
            raise UserError(sentence, f"ask {freeze.set_by.name}")
        return self._put(
            catalog, freeze, revision, end, wish, actor, policy, quorum, once, decides=bool(groups)
        )

    def _edit(
        self,
        books: Books,
        catalog: Catalog,
        revision: Revision,
        end: datetime | None,
        wish: Wish,
        actor: Actor,
    ) -> Outcome:
        books.history.hold()
        now = self.ask.clock.now()
        freeze = _known(books, revision.freeze, now)
        if not revision.reason_only and _wish(freeze, end) is not wish:
            raise UserError("The freeze has just been edited by somebody else.", "/freeze list")
        reason = revision.why if revision.reason_only else freeze.reason
        end = freeze.ends_at if revision.reason_only else end
        ops = self.ask.ops_channel
        new = replace(freeze, reason=reason, ends_at=end)
        changed = revise(books, catalog, ops, freeze, new, actor, revision.why, now)
        if changed is None:
            raise UserError("The freeze has just been edited by somebody else.", "/freeze list")
        # `until 17:00` may be tomorrow's: whoever meant the other one reads it here.
        later = "another end now: it holds longer than before"
        what = "another reason now" if revision.reason_only else later
        head = f"Freeze {freeze.id} of {scope_words(freeze.scope)} has {what}"
        sentence = f"{head}; the old one is kept."
        return Outcome(sentence, "/freeze list shows all that stands.", freeze=changed)

    def _put(
        self,
        catalog: Catalog,
        freeze: Freeze,
        revision: Revision,
        end: datetime | None,
        wish: Wish,
        actor: Actor,
        policy: Policy,
        quorum: Quorum,
        once: str,
        *,
        decides: bool,
    ) -> Outcome:
        scope = freeze.scope
        if not asked_in(catalog, scope, self.ask.ops_channel):
            reach = scope_words(scope)
            sentence = (
                f"Nobody could be asked: neither the operators nor a team of {reach} has a channel."
            )
            raise UserError(sentence, "set a channel for the team in the spec files")
        asked = policy.approvals
        may = prospect(self.ask.directory, catalog, scope, actor.id, quorum, asked.fallback)

        def work(books: Books) -> Outcome:
            books.history.hold()
            now = self.ask.clock.now()
            current = _known(books, freeze.id, now)
            if _wish(current, end) is not wish:
                raise UserError("The freeze has just been edited by somebody else.", "/freeze list")
            _refuse_twin(books, wish, freeze.id, actor, now, decides=decides)
            expires = now + timedelta(seconds=policy.approvals.expires)
            last = min(expires, *(at for at in (end, current.ends_at) if at is not None))
            request = Request(
                0, wish, scope, revision.why, actor, Origin.MANUAL, quorum, now, last,
                until=end, freezes=(freeze.id,), escalated_at=now if may.escalated else None,
                shortage=may.sentence if may.stuck else "",
            )  # fmt: skip
            stored = books.requests.add(request)
            facts = {
                "request": stored.id,
                "needed": needs_words(quorum.needs),
                "freezes": [freeze.id],
                "until": end.isoformat() if end else None,
            }
            version, why = policy.version, revision.why
            books.history.append(
                Decision(Event.EDIT_REQUESTED, now, actor, str(scope), why, facts, version)
            )
            ops = self.ask.ops_channel
            announce_request(books, catalog, ops, stored, [], now)
            return _asked(freeze, wish, stored, may.sentence)

        return self.ask.record.write(once_only(once, self.ask.clock, work))


def _known(books: Books, number: int, now: datetime) -> Freeze:
    freeze = books.freezes.get(number)
    if freeze is None:
        raise UserError(f"There is no freeze {number}.", "/freeze list")
    if freeze.over(now):
        raise UserError(f"Freeze {number} is {freeze.state(now)} already.", "/freeze list")
    return freeze


def _ending(revision: Revision, freeze: Freeze, now: datetime) -> datetime | None:
    end = revision.until
    if isinstance(end, timedelta):
        end = max(now, freeze.starts_at) + end
    if end is None or revision.reason_only:
        return end
    if end <= now:
        raise UserError("That end is in the past.", EXAMPLE)
    if end <= freeze.starts_at:
        sentence = f"Freeze {freeze.id} begins only after that."
        raise UserError(f"{sentence} It can be called off.", f"/unfreeze {freeze.id} <reason>")
    return end


def _wish(freeze: Freeze, end: datetime | None) -> Wish:
    found = amounts_to(freeze.ends_at, end)
    if found is None:
        raise UserError(f"Freeze {freeze.id} ends just then already.", "/freeze list")
    return found


def _own_words(catalog: Catalog, revision: Revision, freeze: Freeze, actor: Actor) -> bool:
    """Whoever set a freeze may say better why: that changes nothing for releases."""
    return revision.reason_only and catalog.same_person(actor.id, freeze.set_by.id)


def _refuse_twin(
    books: Books, wish: Wish, freeze: int, actor: Actor, now: datetime, *, decides: bool
) -> None:
    """One open request for one thing: a second one would split the votes."""
    for other in books.requests.pending(now):
        if (other.wish, other.freezes) == (wish, (freeze,)):
            raise refuse_twin(other, actor, decides=decides)


def _asked(freeze: Freeze, wish: Wish, request: Request, lacking: str) -> Outcome:
    needed = needs_words(request.quorum.needs)
    people = f"{needed} {'approval' if request.needed == 1 else 'approvals'}"
    sentence = f"Asked to {wish} freeze {freeze.id} (request {request.id}): {people} needed."
    sentence = f"{sentence} Until then it stays as it is."
    return Outcome(sentence, now_waiting(lacking), request=request)
