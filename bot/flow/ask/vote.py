"""A click on Approve or Deny: judged against the live group, counted once, carried out at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import (
    Answer,
    Choice,
    Request,
    RequestState,
    Ruling,
    Vote,
    refused_unasked,
    rule_on_vote,
)
from bot.decide.ballot import asked_of, counts_for
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import Actor, Door
from bot.errors import DeliveryError, UserError
from bot.flow.announce import refresh_request
from bot.flow.ask.decided import conclude
from bot.flow.ask.deciders import look_up
from bot.flow.ask.pointless import pointless
from bot.flow.facts import Facts, scope_words
from bot.flow.mention import who_may_vote
from bot.flow.once import once_only
from bot.ports import Books, Clock, Directory, Record


@dataclass(frozen=True)
class CastVote:
    """The flow behind the two buttons."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str

    def run(
        self, request_id: int, user: str, choice: Choice, once: str = "", comment: str = ""
    ) -> Ruling:
        """Judge and count the click. `once`: what makes it that one click. Raises UserError if the
        request is unknown or Slack does not say who clicked: then nothing has changed; Repeated if
        this click was counted already."""
        now = self.clock.now()
        catalog = self.catalog()
        request, known = self.record.read(
            lambda books: _known(books, catalog, request_id, user, now)
        )
        if known is not None:
            return self._refused_unasked(request, user, choice, known, once)
        policy = catalog.policy_for(request.scope)
        fallback = policy.approvals.fallback
        by, groups = request.requester.id, asked_of(request, fallback)
        try:
            standing = look_up(self.directory, catalog, request.scope, user, groups, besides=by)
        except DeliveryError as error:
            sentence = f"I could not check now whether you may decide ({error}). Nothing changed."
            raise UserError(sentence, "click again in a minute") from error
        voter = catalog.known(Actor(standing.person.id, standing.person.name, Door.SLACK))

        def work(books: Books) -> Ruling:
            # The time is read inside the transaction: a click that waited for the lock past the
            # expiry comes too late.
            locked = books.requests.get_locked(request_id)
            now = self.clock.now()
            if locked is None:
                raise UserError("I do not know this request any more.")
            current, votes = locked
            groups = counts_for(current, standing.groups, fallback)
            ruling = _over(books, catalog, current, now) or rule_on_vote(
                current, votes, standing.person, choice,
                groups=groups, now=now, same=catalog.same_person,
            )  # fmt: skip
            if not ruling.counts:
                self._refuse(books, current, voter, choice, ruling, standing.membership)
                return ruling
            vote = Vote(
                voter, choice, now, standing.membership or "not a member", groups, comment
            )  # fmt: skip
            if not books.requests.vote(request_id, vote):
                raise UserError("Your vote is counted already.")
            note_vote(books, current, vote, ruling, policy.version)
            cast = [*votes, vote]
            if ruling.state is not RequestState.PENDING:
                ops = self.ops_channel
                current = conclude(books, catalog, ops, current, cast, ruling.state, now)
            refresh_request(books, catalog, self.ops_channel, current, cast, now)
            return ruling

        return self.record.write(once_only(once, self.clock, work))

    def turned_away(self, request_id: int, ruling: Ruling) -> Facts:
        """What `vote_refused` says to whom only somebody else's vote would help. Raises UserError
        if the request is unknown."""
        catalog = self.catalog()
        request = self.record.read(lambda books: books.requests.get(request_id))
        if request is None:
            raise UserError("I do not know this request any more.")
        asked = asked_of(request, catalog.policy_for(request.scope).approvals.fallback)
        return {
            "text": ruling.sentence,
            "scope": scope_words(request.scope),
            "may": who_may_vote(catalog, request, asked),
        }

    def _refused_unasked(
        self, request: Request, user: str, choice: Choice, ruling: Ruling, once: str
    ) -> Ruling:
        """Record it, unless this is a click that came about already and is sent once more."""
        voter = self.catalog().known(Actor(user, user, Door.SLACK))

        def work(books: Books) -> Ruling:
            self._refuse(books, request, voter, choice, ruling)
            return ruling

        return self.record.write(once_only(once, self.clock, work))

    def _refuse(
        self,
        books: Books,
        request: Request,
        voter: Actor,
        choice: Choice,
        ruling: Ruling,
        membership: str | None = None,
    ) -> None:
        """Record a refused click, once a person, request and reason: the history cannot be flooded
        by hammering on a button."""
        now = self.clock.now()
        key = f"refused:{request.id}:{voter.id}:{ruling.answer}"
        if books.receipts.first_time(key, now):
            vote = Vote(voter, choice, now, membership or "not a member, or not asked", ())
            version = self.catalog().policy_for(request.scope).version
            note_vote(books, request, vote, ruling, version)


def note_vote(books: Books, request: Request, vote: Vote, ruling: Ruling, policy: str) -> None:
    """Record a click: that it counts, or why not."""
    evidence: Facts = {
        "request": request.id,
        "wish": str(request.wish),
        "choice": str(vote.choice),
        "answer": str(ruling.answer),
        "membership": vote.membership,
    }
    if ruling.counts:
        evidence |= {"groups": list(vote.groups), "comment": vote.comment}
    event = Event.VOTE_CAST if ruling.counts else Event.VOTE_REFUSED
    books.history.append(
        Decision(event, vote.at, vote.voter, str(request.scope), ruling.sentence, evidence, policy)
    )


def _known(
    books: Books, catalog: Catalog, request_id: int, user: str, now: datetime
) -> tuple[Request, Ruling | None]:
    """The request, and the ruling that needs no look at who clicked."""
    request = books.requests.get(request_id)
    if request is None:
        raise UserError("I do not know this request; it may be from another installation.")
    votes = books.requests.votes(request_id)
    same = catalog.same_person
    over = _over(books, catalog, request, now)
    return request, over or refused_unasked(request, votes, user, now, same)


def _over(books: Books, catalog: Catalog, request: Request, now: datetime) -> Ruling | None:
    """It has lost its object; nobody may have looked since."""
    sentence = "" if request.closed is not None else pointless(books, catalog, request, now)
    return Ruling(Answer.CLOSED, RequestState.SUPERSEDED, sentence) if sentence else None
