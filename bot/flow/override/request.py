"""Ask to let one release through the freezes that stop it now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.decision import Event
from bot.decide.freeze import Origin
from bot.decide.override import Grant, passes
from bot.decide.people import Actor
from bot.decide.policy import ANYONE, Policy
from bot.decide.quorum import Quorum, needs_words
from bot.decide.scope import Reach, Scope
from bot.errors import UserError
from bot.flow.advice import advice
from bot.flow.announce import announce_request
from bot.flow.ask.asking import check_channel, check_reason, groups_of_asker, now_waiting
from bot.flow.ask.request import Outcome
from bot.flow.ask.shortage import Prospect, prospect
from bot.flow.facts import Facts
from bot.flow.grounds import grounds
from bot.flow.once import once_only
from bot.flow.override.card import released, spoken
from bot.flow.override.grant import (
    covering_grant,
    freezes_in_the_way,
    grant,
    grant_evidence,
    lock_twins,
    note,
    open_twins,
    request_evidence,
    supersede_twins,
    weighed,
)
from bot.judge.dates import instant
from bot.judge.reason import span
from bot.ports import Books, Clock, Directory, Record

EXAMPLE = "/override ranker 38 bug-fix ML-12 version 37 loses clicks"
NOBODY = Quorum(())
"""Of an override that takes no approval."""


@dataclass(frozen=True)
class AskOverride:
    """The flow behind /override, its form, and `burnban override`."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str

    def run(self, change: Change, reason: str, actor: Actor, once: str = "") -> Outcome:
        """Let it through at once if its kind is exempt, or put a request before the deciders.
        Raises UserError; Repeated if this was acted upon already."""
        catalog = self.catalog()
        actor = catalog.known(actor)
        check_reason(reason, EXAMPLE)
        scope = Scope(Reach.SERVICE, change.service)
        policy = catalog.policy_for(scope)
        claims = self._claims(catalog, policy, change, actor)
        if claims:
            return self.record.write(
                once_only(
                    once,
                    self.clock,
                    lambda books: self._pass(books, catalog, change, reason, actor, claims),
                )
            )
        check_channel(catalog, scope, self.ops_channel)
        asked = policy.approvals
        may = prospect(
            self.directory, catalog, scope, actor.id, asked.override, asked.fallback
        )  # fmt: skip
        return self.record.write(
            once_only(
                once,
                self.clock,
                lambda books: self._ask(books, catalog, change, reason, actor, may),
            )
        )

    def _claims(
        self, catalog: Catalog, policy: Policy, change: Change, actor: Actor
    ) -> dict[str, str]:
        """The groups by which the actor may claim that the kind is exempt, with the evidence."""
        exemption = policy.exemption(change.kind)
        named = () if exemption is None else exemption.claimed_by
        groups = [group for group in named if group != ANYONE]
        scope = Scope(Reach.SERVICE, change.service)
        held = groups_of_asker(self.directory, catalog, scope, actor, groups)
        found = passes(policy, change, held)
        return {group: held.get(group, "whoever may ask") for group in found}

    def _pass(
        self,
        books: Books,
        catalog: Catalog,
        change: Change,
        reason: str,
        actor: Actor,
        claims: dict[str, str],
    ) -> Outcome:
        lock_twins(books, change, self.clock.now())
        books.history.hold()
        now = self.clock.now()
        wanted = draft(books, catalog, change, reason, actor, now)
        if (idle := needless(books, wanted, now)) is not None:
            return idle
        stored = books.requests.add(wanted)
        books.requests.close(stored.id, RequestState.APPROVED, now)
        request = replace(stored, closed=RequestState.APPROVED)
        made = grant(books, catalog, request, now)
        exempt = {"exempt": str(change.kind), "claimed_by": claims}
        evidence = grant_evidence(catalog, request, made) | exempt | weighed(request)
        note(books, catalog, Event.OVERRIDE_GRANTED, actor, request, evidence, now)
        announce_request(books, catalog, self.ops_channel, request, [], now)
        supersede_twins(books, catalog, self.ops_channel, change, now)
        sentence = (
            f"{spoken(change)} may go now, once, until {instant(made.use_by)}: the policy lets a"
            f" {change.kind} pass the freeze (override {request.id}). It is on record as exempt."
        )
        return Outcome(sentence, "start the release with exactly that.", request=request)

    def _ask(
        self,
        books: Books,
        catalog: Catalog,
        change: Change,
        reason: str,
        actor: Actor,
        may: Prospect,
    ) -> Outcome:
        # Whoever asks waits for all who decide: no twin comes up meanwhile, and no freeze.
        books.history.hold()
        now = self.clock.now()
        asked = catalog.policy_for(Scope(Reach.SERVICE, change.service)).approvals
        plain = draft(books, catalog, change, reason, actor, now)
        found = advice(books, catalog, change.service, change.version, now)
        wanted = replace(
            plain,
            evidence=plain.evidence if found is None else {**plain.evidence, "advice": found},
            quorum=asked.override,
            expires_at=now + timedelta(seconds=asked.expires),
            escalated_at=now if may.escalated else None,
            shortage=may.sentence if may.stuck else "",
        )
        if (idle := needless(books, wanted, now)) is not None:
            return idle
        _refuse_twin(books, wanted, now)
        stored = books.requests.add(wanted)
        needed = {"needed": needs_words(stored.quorum.needs)}
        evidence = request_evidence(catalog, stored) | needed | weighed(stored)
        note(books, catalog, Event.OVERRIDE_REQUESTED, actor, stored, evidence, now)
        announce_request(books, catalog, self.ops_channel, stored, [], now)
        return _asked(stored, asked.usable, may.sentence)


def draft(
    books: Books, catalog: Catalog, change: Change, reason: str, actor: Actor, now: datetime
) -> Request:
    """An override that takes no approval, of all that stands in the way now."""
    scope = Scope(Reach.SERVICE, change.service)
    return Request(
        0, Wish.OVERRIDE, scope, reason, actor, Origin.MANUAL, NOBODY, now, now,
        freezes=freezes_in_the_way(books, catalog, scope, now), change=change,
        evidence=figures(books, catalog, scope, now),
    )  # fmt: skip


def figures(books: Books, catalog: Catalog, scope: Scope, now: datetime) -> Facts:
    """The budget of the service that has the least left: what those who decide weigh."""
    return grounds(books, catalog, [one.id for one in catalog.objectives_in(scope)], now)


def needless(books: Books, wanted: Request, now: datetime) -> Outcome | None:
    """Nothing stops the release, or it is let through already."""
    change = released(wanted)
    if not wanted.freezes:
        return _nothing_stops(change)
    found = covering_grant(books, change, wanted.freezes, now)
    return None if found is None else _granted_already(found)


def _nothing_stops(change: Change) -> Outcome:
    sentence = f"Nothing stops {spoken(change)}: no freeze of {change.service} is in force."
    return Outcome(sentence, "release it; no override is needed.")


def _granted_already(found: Grant) -> Outcome:
    sentence = (
        f"{spoken(found.change)} may go already, once, until {instant(found.use_by)}"
        f" (override {found.request})."
    )
    return Outcome(sentence, "start the release with exactly that.")


def _refuse_twin(books: Books, wanted: Request, now: datetime) -> None:
    """One open request for one thing: a second one would split the votes."""
    for other in open_twins(books, released(wanted), now):
        if set(wanted.freezes) <= set(other.freezes):
            sentence = f"That is asked already (override {other.id}); it waits for its approval."
            raise UserError(sentence, f"/override cancel {other.id} to ask anew")


def _asked(request: Request, usable: int, note: str) -> Outcome:
    """What asking came to, with both clocks."""
    numbers = ", ".join(str(number) for number in request.freezes)
    freezes = "freeze" if len(request.freezes) == 1 else "freezes"
    approvals = "approval" if request.needed == 1 else "approvals"
    what, needed = spoken(released(request)), needs_words(request.quorum.needs)
    sentence = (
        f"Asked to let {what} through {freezes} {numbers} (override {request.id}): {needed}"
        f" {approvals} needed by {instant(request.expires_at)}, then usable once within"
        f" {span(usable)}. Until then it stays stopped."
    )
    back = now_waiting(note, f"/override cancel {request.id}")
    return Outcome(sentence, back, request=request)
