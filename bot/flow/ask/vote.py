"""A click on Approve or Deny: judged against the live group, counted once, carried out at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.decide.approval import Choice, Request, Ruling, Vote, refused_unasked
from bot.decide.ballot import asked_of
from bot.decide.catalog import Catalog
from bot.decide.people import Actor, Door
from bot.errors import DeliveryError, Repeated, UserError
from bot.flow.ask.clicks import Refusal, note_refused
from bot.flow.ask.count import Click, count, lost_object
from bot.flow.ask.deciders import look_up
from bot.flow.ask.desk import desk
from bot.flow.facts import Facts, scope_words
from bot.flow.gate.together import Together
from bot.flow.mention import who_may_vote
from bot.ports import Books, Clock, Directory, Record

Look = tuple[Request, Ruling | None]
"""A request, and how a click on it is answered without a look at who clicked."""


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
        request, known = self._looks.do((request_id, user))
        if known is not None:
            catalog = self.catalog()
            voter = catalog.known(Actor(user, user, Door.SLACK))
            version = catalog.policy_for(request.scope).version
            return self._refusals.do((Refusal(request, voter, choice, known, version), once))
        return self._counts.do(replace(self.click(request, user, choice, once), comment=comment))

    def click(self, request: Request, user: str, choice: Choice, once: str = "") -> Click:
        """The click of somebody who is looked up now. Raises UserError if Slack does not say who it
        is."""
        catalog = self.catalog()
        fallback = catalog.policy_for(request.scope).approvals.fallback
        by, groups = request.requester.id, asked_of(request, fallback)
        try:
            standing = look_up(self.directory, catalog, request.scope, user, groups, besides=by)
        except DeliveryError as error:
            sentence = f"I could not check now whether you may decide ({error}). Nothing changed."
            raise UserError(sentence, "click again in a minute") from error
        voter = catalog.known(Actor(standing.person.id, standing.person.name, Door.SLACK))
        return Click(request.id, choice, standing, voter, catalog, once)

    def count(self, clicks: Sequence[Click]) -> list[Ruling | Exception]:
        """What each of these came to, counted in one transaction. Raises RecordError."""
        return count(self.record, self.clock, self.ops_channel, clicks)

    @cached_property
    def _looks(self) -> Together[tuple[int, str], Look]:
        """Of all who click while others look, in one transaction."""
        return Together(self._look)

    @cached_property
    def _counts(self) -> Together[Click, Ruling]:
        """The same of those whose clicks are counted."""
        return Together(self.count)

    def _look(self, asked: Sequence[tuple[int, str]]) -> list[Look | Exception]:
        catalog, now = self.catalog(), self.clock.now()

        def work(books: Books) -> list[Look | Exception]:
            known = books.requests.several({number for number, _ in asked})
            shared, _ = desk(books)
            return [
                _known(shared, catalog, *known[number], user, now)
                if number in known
                else UserError("I do not know this request; it may be from another installation.")
                for number, user in asked
            ]

        return self.record.read(work)

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

    @cached_property
    def _refusals(self) -> Together[tuple[Refusal, str], Ruling]:
        """The same of those that need no look at who clicked."""
        return Together(self._refuse)

    def _refuse(self, some: Sequence[tuple[Refusal, str]]) -> list[Ruling | Exception]:
        """Record them, but for a click that came about already and is sent once more."""

        def work(books: Books) -> list[Ruling | Exception]:
            now = self.clock.now()
            fresh = books.receipts.first_times({once for _, once in some if once}, now)
            found: list[Ruling | Exception] = []
            noted = []
            for refusal, once in some:
                again = bool(once) and once not in fresh
                fresh.discard(once)
                found.append(Repeated() if again else refusal.ruling)
                noted += [] if again else [refusal]
            note_refused(books, noted, now)
            return found

        return self.record.write(work)


def _known(
    books: Books,
    catalog: Catalog,
    request: Request,
    votes: Sequence[Vote],
    user: str,
    now: datetime,
) -> Look:
    """The request, and the ruling that needs no look at who clicked."""
    over = lost_object(books, catalog, request, now)
    return request, over or refused_unasked(request, votes, user, now, catalog.same_person)
