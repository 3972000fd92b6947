"""An emergency: a release goes through at once, and is looked at afterwards."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.decide.approval import Request, RequestState
from bot.decide.catalog import Catalog
from bot.decide.change import Change, typed
from bot.decide.decision import Decision, Event
from bot.decide.override import Grant, Review
from bot.decide.people import Actor
from bot.decide.policy import BreakGlass as Terms
from bot.decide.quorum import DECIDERS
from bot.decide.roster import together
from bot.decide.scope import Reach, Scope
from bot.errors import DeliveryError, UserError
from bot.flow.announce import announce_request
from bot.flow.ask.asking import check_reason, groups_of_asker
from bot.flow.ask.deciders import groups_of, rosters
from bot.flow.ask.request import Outcome
from bot.flow.facts import asked_in, scope_words
from bot.flow.once import once_only
from bot.flow.override.card import card, spoken
from bot.flow.override.grant import (
    grant,
    grant_evidence,
    lock_twins,
    note,
    supersede_twins,
    weighed,
)
from bot.flow.override.request import draft, needless
from bot.judge.dates import instant
from bot.ports import Act, Books, Clock, Directory, Outgoing, Record

log = logging.getLogger(__name__)

EXAMPLE = "/override break-glass ranker 38 INC-7 nobody gets results"
MOST = 10
"""People who are written to; the channel reaches the others."""


@dataclass(frozen=True)
class BreakGlass:
    """The flow behind /override break-glass."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str

    def run(
        self, change: Change, incident: str, reason: str, actor: Actor, once: str = ""
    ) -> Outcome:
        """Let it through at once, if the policy lets the actor do that. Raises UserError; Repeated
        if this was acted upon already."""
        catalog = self.catalog()
        actor = catalog.known(actor)
        check_reason(reason, EXAMPLE)
        if not incident.strip():
            raise UserError("Which incident? Its reference is needed.", EXAMPLE)
        scope = Scope(Reach.SERVICE, change.service)
        terms = catalog.policy_for(scope).break_glass
        held = groups_of_asker(self.directory, catalog, scope, actor, terms.groups)
        if not held:
            self.record.write(lambda books: self._refuse(books, catalog, change, actor, reason))
            sentence = f"Only {' or '.join(terms.groups)} of {change.service} may break the glass."
            word = typed(change) or "<version>"
            raise UserError(sentence, f"/override {change.service} {word} {reason}")
        paged = self._people(catalog, scope, terms, actor)
        return self.record.write(
            once_only(
                once,
                self.clock,
                lambda books: self._break(
                    books, catalog, change, incident, reason, actor, held, paged
                ),
            )
        )

    def vouched(
        self, change: Change, incident: str, reason: str, actor: Actor, voucher: str, once: str
    ) -> Outcome:
        """The same for somebody whom another system has let do that. `voucher`: which system, and
        by what right. Here it may also be missing data alone that stops the release. Raises
        UserError, Repeated."""
        catalog = self.catalog()
        actor = catalog.known(actor)
        check_reason(reason, EXAMPLE)
        scope = Scope(Reach.SERVICE, change.service)
        paged = self._people(catalog, scope, catalog.policy_for(scope).break_glass, actor)
        held = {"vouched": voucher}

        def work(books: Books) -> Outcome:
            return self._break(
                books, catalog, change, incident, reason, actor, held, paged, blind=True
            )

        return self.record.write(once_only(once, self.clock, work))

    def _people(self, catalog: Catalog, scope: Scope, terms: Terms, actor: Actor) -> list[str]:
        """Whom to write to, beside the mention in the channel. An emergency does not wait for what
        cannot be asked."""
        try:
            found = together(rosters(self.directory, catalog, scope, terms.pages).values())
        except DeliveryError as error:
            log.warning("whom to page for %s could not be looked up: %s", scope, error)
            return []
        others = (u for u in sorted(found.ids) if not catalog.same_person(u, actor.id))
        return list(others)[:MOST]

    def _break(
        self,
        books: Books,
        catalog: Catalog,
        change: Change,
        incident: str,
        reason: str,
        actor: Actor,
        held: Mapping[str, str],
        paged: Sequence[str],
        *,
        blind: bool = False,
    ) -> Outcome:
        lock_twins(books, change, self.clock.now())
        books.history.hold()
        now = self.clock.now()
        wanted = replace(draft(books, catalog, change, reason, actor, now), incident=incident)
        idle = needless(books, wanted, now)
        if idle is not None and (wanted.freezes or not blind):
            return idle
        stored = books.requests.add(wanted)
        books.requests.close(stored.id, RequestState.APPROVED, now)
        request = replace(stored, closed=RequestState.APPROVED)
        made = grant(books, catalog, request, now, emergency=True)
        review = open_review(books, catalog, request, made, now)
        evidence = (
            grant_evidence(catalog, request, made)
            | weighed(request)
            | {
                "emergency_reason": reason,
                "membership": dict(held),
                "paged": list(paged),
                "review": review.id,
                "review_owner": review.owner,
                "review_due": review.due_at.isoformat(),
            }
        )
        note(books, catalog, Event.GLASS_BROKEN, actor, request, evidence, now)
        announce_request(books, catalog, self.ops_channel, request, [], now)
        _write_to(books, catalog, request, paged, now)
        supersede_twins(books, catalog, self.ops_channel, change, now)
        sentence = (
            f"{spoken(change)} may go now, once, until {instant(made.use_by)}"
            f" (override {request.id}). {_heard(catalog, request, self.ops_channel)}"
            f" {review.owner} will review it by"
            f" {instant(review.due_at)}."
        )
        return Outcome(sentence, "start the release with exactly that.", request=request)

    def _refuse(
        self, books: Books, catalog: Catalog, change: Change, actor: Actor, reason: str
    ) -> None:
        """On record once a day: trying again and again does not fill the history."""
        now = self.clock.now()
        key = f"refused:glass:{change.service}:{actor.id}:{now:%F}"
        if not books.receipts.first_time(key, now):
            return
        scope = Scope(Reach.SERVICE, change.service)
        version = catalog.policy_for(scope).version
        evidence = {"service": change.service, "change": change.name, "membership": "not a member"}
        books.history.append(
            Decision(Event.GLASS_REFUSED, now, actor, str(scope), reason, evidence, version)
        )


def _heard(catalog: Catalog, request: Request, ops: str) -> str:
    if not asked_in(catalog, request.scope, ops):
        return "No channel is set, so tell your team yourself;"
    return "A message to the channel is on its way;"


def open_review(
    books: Books, catalog: Catalog, request: Request, made: Grant, now: datetime
) -> Review:
    """Somebody else has to look at it, in the time that the policy gives."""
    terms = catalog.policy_for(request.scope).break_glass
    due = now + timedelta(seconds=terms.review_within)
    # A team may have an on-call alone: what nobody could review would be overdue for ever.
    owner = terms.reviewers if groups_of(catalog, request.scope, terms.reviewers) else DECIDERS
    return books.reviews.add(Review(0, made.id, str(request.scope), now, due, owner))


def _write_to(
    books: Books, catalog: Catalog, request: Request, people: Sequence[str], now: datetime
) -> None:
    """Each of those who are paged, in private: a mention in a channel may go under."""
    facts = card(books, catalog, request, [], now) | {"scope": scope_words(request.scope)}
    for user in people:
        key = f"request:{request.id}:page:{user}"
        books.outbox.put(Outgoing(key, user, key, Act.POST, "glass_broken", facts), now)
