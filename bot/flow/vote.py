"""A click on Approve or Deny: judged against the live group, counted once, carried out at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decide.approval import (
    Answer,
    Choice,
    Request,
    RequestState,
    Ruling,
    Vote,
    Wish,
    refused_unasked,
    rule_on_vote,
)
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.edit import EDITS
from bot.decide.freeze import Freeze, FreezeState
from bot.decide.people import Actor, Door
from bot.errors import DeliveryError, UserError
from bot.flow.announce import announce_freeze, refresh_request
from bot.flow.deciders import look_up
from bot.flow.once import once_only
from bot.flow.pointless import pointless
from bot.flow.revise import carry_out
from bot.flow.tell_freezes import tell_lift
from bot.ports import Books, Clock, Directory, Record


@dataclass(frozen=True)
class CastVote:
    """The flow behind the two buttons."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str

    def run(self, request_id: int, user: str, choice: Choice, once: str = "") -> Ruling:
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
        by, groups = request.requester.id, request.quorum.groups
        try:
            standing = look_up(self.directory, catalog, request.scope, user, groups, besides=by)
        except DeliveryError as error:
            sentence = f"I could not check now whether you may decide ({error}). Nothing changed."
            raise UserError(sentence, "click again in a minute") from error
        voter = catalog.known(Actor(standing.person.id, standing.person.name, Door.SLACK))

        def work(books: Books) -> Ruling:
            # The time is read inside the transaction: a click that waited for the lock past the
            # expiry comes too late.
            now = self.clock.now()
            locked = books.requests.get_locked(request_id)
            if locked is None:
                raise UserError("I do not know this request any more.")
            current, votes = locked
            ruling = _over(books, catalog, current, now) or rule_on_vote(
                current, votes, standing.person, choice,
                groups=standing.groups, now=now, same=catalog.same_person,
            )  # fmt: skip
            if not ruling.counts:
                self._refuse(books, current, voter, choice, ruling, standing.membership)
                return ruling
            vote = Vote(voter, choice, now, standing.membership or "not a member", standing.groups)
            if not books.requests.vote(request_id, vote):
                raise UserError("Your vote is counted already.")
            self._note(books, catalog, current, vote, ruling)
            self._carry_out(books, catalog, current, [*votes, vote], ruling, now)
            return ruling

        return self.record.write(once_only(once, self.clock, work))

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
            vote = Vote(voter, choice, now, membership or "not a member, or not asked")
            self._note(books, self.catalog(), request, vote, ruling)

    def _note(
        self, books: Books, catalog: Catalog, request: Request, vote: Vote, ruling: Ruling
    ) -> None:
        evidence = {
            "request": request.id,
            "choice": str(vote.choice),
            "answer": str(ruling.answer),
            "membership": vote.membership,
        }
        event = Event.VOTE_CAST if ruling.counts else Event.VOTE_REFUSED
        policy = catalog.policy_for(request.scope).version
        books.history.append(
            Decision(
                event, vote.at, vote.voter, str(request.scope), ruling.sentence, evidence, policy
            )
        )

    def _carry_out(
        self,
        books: Books,
        catalog: Catalog,
        request: Request,
        votes: list[Vote],
        ruling: Ruling,
        now: datetime,
    ) -> None:
        if ruling.state is not RequestState.PENDING:
            books.requests.close(request.id, ruling.state, now)
            request = replace(request, closed=ruling.state)
        if ruling.state is RequestState.APPROVED:
            if request.wish is Wish.FREEZE:
                self._freeze(books, catalog, request, votes, now)
            elif request.wish in EDITS:
                evidence = _evidence(request, votes)
                carry_out(books, catalog, self.ops_channel, request, votes, evidence, now)
            else:
                self._lift(books, catalog, request, votes, now)
        elif ruling.state is RequestState.DENIED:
            evidence = {"request": request.id}
            books.history.append(
                Decision(
                    Event.REQUEST_DENIED, now, votes[-1].voter, str(request.scope),
                    request.reason, evidence, catalog.policy_for(request.scope).version,
                )
            )  # fmt: skip
        refresh_request(books, catalog, self.ops_channel, request, votes, now)

    def _freeze(
        self, books: Books, catalog: Catalog, request: Request, votes: list[Vote], now: datetime
    ) -> None:
        freeze = Freeze(
            0, request.scope, request.reason, request.origin, request.requester, now,
            ends_at=request.ends(now), cause=request.cause,
        )  # fmt: skip
        stored = books.freezes.add(freeze)
        evidence = _evidence(request, votes) | {"freeze": stored.id}
        version = catalog.policy_for(request.scope).version
        books.history.append(
            Decision(
                Event.FROZEN, now, votes[-1].voter, str(request.scope), request.reason, evidence,
                version, request.cause,
            )
        )  # fmt: skip
        announce_freeze(books, catalog, self.ops_channel, stored, votes, now)

    def _lift(
        self, books: Books, catalog: Catalog, request: Request, votes: list[Vote], now: datetime
    ) -> None:
        version = catalog.policy_for(request.scope).version
        by = votes[-1].voter
        for number in request.freezes:
            freeze = books.freezes.get(number)
            if freeze is None or not books.freezes.lift(number, now):
                continue
            evidence = _evidence(request, votes) | {"freeze": number}
            unbegun = freeze.state(now) is FreezeState.SCHEDULED
            event = Event.FREEZE_CANCELLED if unbegun else Event.LIFTED
            books.history.append(
                Decision(event, now, by, str(request.scope), request.reason, evidence, version)
            )
            tell_lift(books, catalog, self.ops_channel, freeze, request, votes, now)


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


def _evidence(request: Request, votes: list[Vote]) -> dict[str, object]:
    return {
        "request": request.id,
        "requested_by": request.requester.id,
        "votes": [[v.voter.id, str(v.choice), v.at.isoformat(), v.membership] for v in votes],
        "needed": request.needed,
    }
