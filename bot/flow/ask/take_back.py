"""What people take back before the decision: their vote, or their whole request."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.decide.approval import Request, RequestState, Vote
from bot.decide.ballot import may_not_cancel, may_not_withdraw, own_vote
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import Actor
from bot.errors import UserError
from bot.flow.announce import refresh_request
from bot.flow.facts import Facts
from bot.flow.once import once_only
from bot.ports import Books, Clock, Record


@dataclass(frozen=True)
class TakeBack:
    """The flow behind "Withdraw my vote" and "Cancel my request". Nobody needs to be asked who
    clicked: an id is enough to know what is theirs."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str

    def vote(self, request_id: int, actor: Actor, once: str = "") -> str:
        """Withdraw a vote; a sentence for the voter. `once`: what makes it that one click. Raises
        UserError; Repeated if it was acted upon already."""
        catalog = self.catalog()
        actor = catalog.known(actor)

        def work(books: Books) -> str:
            request, votes = _locked(books, request_id)
            now, same = self.clock.now(), catalog.same_person
            mine = own_vote(votes, actor.id, same)
            problem = may_not_withdraw(request, votes, actor.id, now, same)
            if problem or mine is None:
                raise UserError(problem)
            books.requests.withdraw(request.id, mine.voter.id)
            evidence = {"choice": str(mine.choice), "voted_at": mine.at.isoformat()}
            self._note(books, catalog, Event.VOTE_WITHDRAWN, actor, request, evidence)
            rest = [vote for vote in votes if vote is not mine]
            refresh_request(books, catalog, self.ops_channel, request, rest, now)
            return "Your vote is withdrawn. As long as nobody has decided you may vote anew."

        return self.record.write(once_only(once, self.clock, work))

    def request(self, request_id: int, actor: Actor, once: str = "") -> str:
        """Cancel a request; a sentence for whoever asked. As above."""
        catalog = self.catalog()
        actor = catalog.known(actor)

        def work(books: Books) -> str:
            request, votes = _locked(books, request_id)
            now = self.clock.now()
            problem = may_not_cancel(request, actor.id, now, catalog.same_person)
            if problem:
                raise UserError(problem)
            books.requests.close(request.id, RequestState.CANCELLED, now)
            self._note(books, catalog, Event.REQUEST_CANCELLED, actor, request, {})
            closed = replace(request, closed=RequestState.CANCELLED)
            refresh_request(books, catalog, self.ops_channel, closed, votes, now)
            return f"Request {request.id} is cancelled; nothing changed."

        return self.record.write(once_only(once, self.clock, work))

    def _note(
        self,
        books: Books,
        catalog: Catalog,
        event: Event,
        actor: Actor,
        request: Request,
        more: Facts,
    ) -> None:
        evidence = {"request": request.id, "wish": str(request.wish), **more}
        version = catalog.policy_for(request.scope).version
        scope, now = str(request.scope), self.clock.now()
        books.history.append(Decision(event, now, actor, scope, request.reason, evidence, version))


def _locked(books: Books, request_id: int) -> tuple[Request, list[Vote]]:
    found = books.requests.get_locked(request_id)
    if found is None:
        raise UserError(f"There is no request {request_id}.", "/budget history")
    return found
