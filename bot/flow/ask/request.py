"""Ask for a freeze, or for one to be lifted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.approval import Request, Wish, takes_effect_at_once
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Ending, Freeze, Origin
from bot.decide.people import Actor, Door
from bot.decide.policy import Policy
from bot.decide.quorum import Quorum, needs_words
from bot.decide.scope import Reach, Scope
from bot.errors import DeliveryError, UserError
from bot.flow.announce import announce_freeze, announce_request
from bot.flow.ask.asking import now_waiting
from bot.flow.ask.deciders import Standing, look_up
from bot.flow.ask.shortage import Prospect, prospect
from bot.flow.ask.twin import refuse_twin
from bot.flow.facts import asked_in, freeze_evidence, scope_words, services_of
from bot.flow.freeze.weighed import weigh
from bot.flow.once import once_only
from bot.judge.dates import instant
from bot.ports import Books, Clock, Directory, Record


@dataclass(frozen=True, slots=True)
class Plea:
    """What somebody asks for, understood but not yet judged."""

    wish: Wish
    scope: Scope
    reason: str
    until: Ending | None = None
    """For a freeze: an instant, or a length that counts from when it takes effect."""
    freeze: int | None = None
    """For an unfreeze: only this freeze; None: all those of exactly this scope."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What asking came to, in a sentence, and what to do next."""

    sentence: str
    next: str
    freeze: Freeze | None = None
    request: Request | None = None


MAX_REASON = 500
"""Characters of a reason: it stands in messages and in the history."""


@dataclass(frozen=True)
class AskFor:
    """The flow behind /freeze, /unfreeze, their modals and the terminal's verbs."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str

    def run(self, plea: Plea, actor: Actor, once: str = "") -> Outcome:
        """Freeze at once, or put a request before the deciders. `once`: what makes this request
        that one request. Raises UserError; Repeated if that one was acted upon already."""
        catalog = self.catalog()
        actor = catalog.known(actor)
        _check_reason(plea)
        policy = catalog.policy_for(plea.scope)
        asked = policy.approvals
        quorum = asked.freeze if plea.wish is Wish.FREEZE else asked.unfreeze
        standing = self.standing(catalog, plea.scope, actor, quorum)
        if standing is not None and standing.person.outsider is not None:
            raise UserError(f"You cannot ask for this here: {standing.person.outsider}.")
        # Who has a shell on the machine holds every key there is.
        groups = quorum.groups if standing is None else standing.groups
        if takes_effect_at_once(plea.wish, quorum, groups):
            return self.record.write(
                once_only(
                    once,
                    self.clock,
                    lambda books: self._freeze(books, catalog, plea, actor, policy.version),
                )
            )
        if not asked_in(catalog, plea.scope, self.ops_channel):
            reach = scope_words(plea.scope)
            sentence = (
                f"Nobody could be asked: neither the operators nor a team of {reach} has a channel."
            )
            raise UserError(sentence, "set a channel for the team in the spec files")
        by = actor.id
        may = prospect(self.directory, catalog, plea.scope, by, quorum, asked.fallback)
        return self.record.write(
            once_only(
                once,
                self.clock,
                lambda books: self._ask(
                    books, catalog, plea, actor, policy, quorum, may, decides=bool(groups)
                ),
            )
        )

    def _ask(
        self,
        books: Books,
        catalog: Catalog,
        plea: Plea,
        actor: Actor,
        policy: Policy,
        quorum: Quorum,
        may: Prospect,
        *,
        decides: bool,
    ) -> Outcome:
        # One who asks waits for all who decide: no twin, and no freeze, comes up meanwhile. The
        # time is read after the wait.
        books.history.hold()
        now = self.clock.now()
        until, lasts = _ending(plea, now)
        freezes = _lifted_by(books, catalog, plea, now) if plea.wish is Wish.UNFREEZE else ()
        _refuse_twin(books, plea, freezes, actor, now, decides=decides)
        expires = now + timedelta(seconds=policy.approvals.expires)
        held = [f for n in freezes if (f := books.freezes.get(n)) is not None]
        request = Request(
            0, plea.wish, plea.scope, plea.reason, actor, Origin.MANUAL, quorum, now,
            min(expires, until or expires), until=until, lasts=lasts, freezes=freezes,
            escalated_at=now if may.escalated else None,
            shortage=may.sentence if may.stuck else "",
            evidence=weigh(books, catalog, plea.scope, held, now),
        )  # fmt: skip
        stored = books.requests.add(request)
        asked = plea.wish is Wish.FREEZE
        event = Event.FREEZE_REQUESTED if asked else Event.UNFREEZE_REQUESTED
        facts = {
            "request": stored.id,
            "needed": needs_words(quorum.needs),
            "freezes": list(freezes),
            **({"weighed": dict(stored.evidence)} if stored.evidence else {}),
        }
        books.history.append(
            Decision(event, now, actor, str(plea.scope), plea.reason, facts, policy.version)
        )
        announce_request(books, catalog, self.ops_channel, stored, [], now)
        return _asked(plea, stored, may.sentence)

    def standing(
        self, catalog: Catalog, scope: Scope, actor: Actor, quorum: Quorum
    ) -> Standing | None:
        """Who asks. If Slack does not say, nobody is taken for a decider."""
        if actor.door is not Door.SLACK:
            return None
        try:
            return look_up(self.directory, catalog, scope, actor.id, quorum.groups)
        except DeliveryError as error:
            sentence = f"I could not ask Slack who you are ({error}). Nothing has changed."
            raise UserError(sentence, "try again in a minute") from error

    def _freeze(
        self, books: Books, catalog: Catalog, plea: Plea, actor: Actor, policy: str
    ) -> Outcome:
        # The time is read after the wait: a release that went meanwhile went before the freeze.
        books.history.hold()
        now = self.clock.now()
        until, lasts = _ending(plea, now)
        end = until if lasts is None else now + timedelta(seconds=lasts)
        _refuse_repeated(books, plea, actor, end, now)
        freeze = Freeze(0, plea.scope, plea.reason, Origin.MANUAL, actor, now, ends_at=end)
        stored = books.freezes.add(freeze)
        evidence = freeze_evidence(stored)
        books.history.append(
            Decision(Event.FROZEN, now, actor, str(plea.scope), plea.reason, evidence, policy)
        )
        announce_freeze(books, catalog, self.ops_channel, stored, (), now)
        names = ", ".join(services_of(catalog, plea.scope))
        last = f"to {instant(end)}" if end is not None else "until somebody lifts it"
        stands = f"frozen from {instant(now)} {last} ({names})"
        sentence = f"Releases of {scope_words(plea.scope)} are {stands}."
        lift = f"To lift it: /unfreeze {catalog.word(plea.scope)} <reason>; somebody else approves."
        return Outcome(sentence, lift, freeze=stored)


def _refuse_repeated(
    books: Books, plea: Plea, actor: Actor, end: datetime | None, now: datetime
) -> None:
    """A person's own freeze that holds as long already, or has the same reason (a command typed
    twice: `for 2h` ends a little later the second time): a second one would have to be lifted
    apart. Somebody else's is another matter, with a reason of its own."""
    for other in books.freezes.standing(now):
        mine = other.stops(now) and other.scope == plea.scope and other.set_by.id == actor.id
        covers = other.ends_at is None or (end is not None and end <= other.ends_at)
        if mine and (covers or other.reason == plea.reason):
            sentence = f"You have frozen {scope_words(plea.scope)} already (freeze {other.id})."
            raise UserError(sentence, f"/freeze edit {other.id} for 4h the fix takes longer")


def _check_reason(plea: Plea) -> None:
    if not plea.reason.strip():
        raise UserError("A reason is needed: others will read it.", "/freeze ranker for 2h bad v38")
    if len(plea.reason) > MAX_REASON:
        raise UserError(f"The reason is too long; {MAX_REASON} characters at most.")


def _ending(plea: Plea, now: datetime) -> tuple[datetime | None, int | None]:
    """The instant at which the freeze is to end, or the seconds it is to last."""
    if isinstance(plea.until, timedelta):
        return None, int(plea.until.total_seconds())
    if plea.until is not None and plea.until <= now:
        raise UserError("That end is in the past.", "/freeze ranker until fri 17:00 bad v38")
    return plea.until, None


def _lifted_by(books: Books, catalog: Catalog, plea: Plea, now: datetime) -> tuple[int, ...]:
    """The freezes that an unfreeze names: those in force of exactly its scope (law 15), or the one
    of its number, which may also be one that is still to come."""
    standing = books.freezes.standing(now)
    same = [freeze for freeze in standing if freeze.scope == plea.scope]
    acting = [f for f in standing if f.in_force(now) and not f.monitored]
    meant = [f for f in same if f.id == plea.freeze or (plea.freeze is None and f in acting)]
    if meant:
        return tuple(freeze.id for freeze in meant)
    words = scope_words(plea.scope)
    if plea.scope.reach is Reach.SERVICE:
        wider = [f for f in acting if catalog.covers(f.scope, plea.scope.name)]
        if wider:
            held = wider[0].scope
            raise UserError(
                f"{words} has no freeze of its own; it is held by the freeze of"
                f" {scope_words(held)}. Lifting that one lifts it for everybody under it.",
                f"/unfreeze {catalog.word(held)} <reason>",
            )
    coming = [f for f in same if not f.in_force(now)]
    if coming and plea.freeze is None:
        first = min(coming, key=lambda freeze: freeze.starts_at)
        raise UserError(
            f"Nothing stops releases of {words} now; freeze {first.id} is still to come.",
            f"/unfreeze {first.id} <reason>",
        )
    raise UserError(f"Nothing to lift: there is no freeze of {words}.", "/freeze list")


def _refuse_twin(
    books: Books,
    plea: Plea,
    freezes: tuple[int, ...],
    actor: Actor,
    now: datetime,
    *,
    decides: bool,
) -> None:
    """One open request for one thing: a second one would split the votes. A dispute is another
    thing: whoever disputes a freeze must not keep others from asking for it to be lifted."""
    for other in books.requests.pending(now):
        same = (other.wish, other.scope, other.freezes) == (plea.wish, plea.scope, freezes)
        if same and not other.disputed:
            raise refuse_twin(other, actor, decides=decides)


def _asked(plea: Plea, request: Request, lacking: str) -> Outcome:
    verb = "freeze" if plea.wish is Wish.FREEZE else "lift the freeze of"
    people = "1 approval" if request.needed == 1 else f"{request.needed} approvals"
    sentence = f"Asked to {verb} {scope_words(plea.scope)} (request {request.id}): {people} needed."
    keep = (
        "Until then releases go on." if plea.wish is Wish.FREEZE else "Until then it stays frozen."
    )
    return Outcome(f"{sentence} {keep}", now_waiting(lacking), request=request)
