"""What was let through in an emergency is looked at afterwards, by somebody else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.decide.approval import Request
from bot.decide.catalog import Catalog
from bot.decide.decision import Event
from bot.decide.override import Grant, Review
from bot.decide.people import BURNBAN, Actor
from bot.errors import UserError
from bot.flow.announce import edit_request
from bot.flow.ask.asking import check_reason, groups_of_asker
from bot.flow.docket import places
from bot.flow.facts import Facts
from bot.flow.once import once_only
from bot.flow.override.card import card
from bot.flow.override.grant import grant_evidence, note
from bot.flow.override.revoke import override_of
from bot.ports import Act, Books, Clock, Directory, Outgoing, Record

_DAY = timedelta(days=1)
EXAMPLE = "/override review 7 it was right: the budget was spent by the network"


@dataclass(frozen=True)
class FinishReview:
    """The flow behind /override review."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str

    def run(self, number: int, finding: str, actor: Actor, once: str = "") -> str:
        """Review override `number` (that of its request); a sentence for the reviewer. Raises
        UserError; Repeated if this was acted upon already."""
        catalog = self.catalog()
        actor = catalog.known(actor)
        check_reason(finding, EXAMPLE)
        request, _, review = self.record.read(lambda books: _known(books, number))
        if catalog.same_person(actor.id, request.requester.id):
            raise UserError("Whoever broke the glass cannot review it: somebody else must.")
        held = groups_of_asker(self.directory, catalog, request.scope, actor, (review.owner,))
        if not held:
            sentence = f"Only {review.owner} of {request.scope.name} can review this."
            raise UserError(sentence, "/override reviews")

        def work(books: Books) -> str:
            books.history.hold()
            now = self.clock.now()
            request, grant, review = _known(books, number)
            if not books.reviews.finish(review.id, actor.id, finding, now):
                raise UserError(f"Override {number} was reviewed already.", "/override reviews")
            evidence = _evidence(catalog, request, grant, review) | {
                "reviewed_at": now.isoformat(),
                "late": review.overdue(now),
                "membership": held,
            }
            note(books, catalog, Event.REVIEW_DONE, actor, request, evidence, now, finding)
            edit_request(books, catalog, self.ops_channel, request, [], now)
            return f"Override {number} is reviewed; your finding stands in its message."

        return self.record.write(once_only(once, self.clock, work))


@dataclass(frozen=True)
class RemindReviews:
    """The flow of the ticker: an overdue review is told at once, and again every day until it is
    done. The key of each reminder is stored, so that of all replicas one tells it."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str
    _told: set[str] = field(default_factory=set)
    """Spares the database the same question; after a restart it is asked again, and told once."""

    def run(self) -> int:
        """How many reminders were told."""
        now = self.clock.now()
        open_ones = self.record.read(lambda books: books.reviews.open())
        due = [one for one in open_ones if one.overdue(now) and _key(one, now) not in self._told]
        return sum(self._remind(review, now) for review in due)

    def _remind(self, review: Review, now: datetime) -> bool:
        catalog = self.catalog()
        told = self.record.write(lambda books: self._tell(books, catalog, review, now))
        self._told.add(_key(review, now))
        return told

    def _tell(self, books: Books, catalog: Catalog, review: Review, now: datetime) -> bool:
        books.history.hold()
        grant = books.grants.get(review.grant)
        request = books.requests.get(grant.request) if grant else None
        if grant is None or request is None:
            raise AssertionError("a review has its grant, and that its request")
        facts: Facts = card(books, catalog, request, [], now)
        facts |= {"ask": facts["review"]["ask"], "days": (now - review.due_at).days}
        fresh = False
        for topic, channel in places(catalog, self.ops_channel, request)[:1]:
            key = _key(review, now)
            reply = Outgoing(key, channel, topic, Act.REPLY, "review_overdue", facts, True)
            fresh = books.outbox.put(reply, now)
        if fresh and now - review.due_at < _DAY:
            evidence = _evidence(catalog, request, grant, review)
            note(books, catalog, Event.REVIEW_OVERDUE, BURNBAN, request, evidence, now)
        return fresh


def _key(review: Review, now: datetime) -> str:
    return f"review:{review.id}:overdue:{(now - review.due_at).days}"


def _evidence(catalog: Catalog, request: Request, grant: Grant, review: Review) -> Facts:
    return grant_evidence(catalog, request, grant) | {
        "emergency_reason": request.reason,
        "review": review.id,
        "review_owner": review.owner,
        "review_due": review.due_at.isoformat(),
    }


def _known(books: Books, number: int) -> tuple[Request, Grant, Review]:
    request = override_of(books, number)
    grant = books.grants.of_request(number)
    review = books.reviews.of_grant(grant.id) if grant is not None else None
    if grant is None or review is None:
        sentence = f"Override {number} was no break-glass: there is nothing to review."
        raise UserError(sentence, "/override reviews")
    return request, grant, review
