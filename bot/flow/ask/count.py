"""Clicks are counted: those of many people who click at once in one transaction, each judged as if
it were alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import (
    Answer,
    Choice,
    Request,
    RequestState,
    Ruling,
    Vote,
    rule_on_vote,
)
from bot.decide.ballot import counts_for
from bot.decide.catalog import Catalog
from bot.decide.people import Actor
from bot.errors import RecordError, Repeated, UserError
from bot.flow.announce import refresh_request
from bot.flow.ask.clicks import Refusal, note_refused, note_vote
from bot.flow.ask.decided import conclude
from bot.flow.ask.deciders import Standing
from bot.flow.ask.desk import desk
from bot.flow.ask.pointless import pointless
from bot.ports import Books, Clock, Record


@dataclass(frozen=True, slots=True)
class Click:
    """A click of somebody who has been looked up."""

    request: int
    choice: Choice
    standing: Standing
    voter: Actor
    catalog: Catalog
    once: str = ""
    """What makes it that one click; empty: it bears nothing of the kind."""
    comment: str = ""


def count(
    record: Record, clock: Clock, ops: str, clicks: Sequence[Click]
) -> list[Ruling | Exception]:
    """What each came to, in their order, committed: a ruling; Repeated for a click that was counted
    already; the error of one that cannot be counted, which leaves nothing behind. Raises
    RecordError: then none of them is counted."""
    try:
        return record.write(lambda books: _Count(books, clock, ops, clicks).run())
    except RecordError:
        raise
    except Exception as error:  # noqa: BLE001 - whoever clicked is told; one spoils nobody else's
        if len(clicks) == 1:
            return [error]
        return [_alone(record, clock, ops, click) for click in clicks]


def _alone(record: Record, clock: Clock, ops: str, click: Click) -> Ruling | Exception:
    try:
        return count(record, clock, ops, [click])[0]
    except RecordError as error:
        return error


class _Count:
    """One transaction."""

    def __init__(self, books: Books, clock: Clock, ops: str, clicks: Sequence[Click]) -> None:
        """Everybody waits here for those who decide on the same. The time is read after that: a
        click that waited for the lock past the expiry comes too late."""
        self._clicks, self._ops = clicks, ops
        self._locked = books.requests.several_locked({click.request for click in clicks})
        self._now = clock.now()
        keys = {click.once for click in clicks if click.once}
        self._fresh = books.receipts.first_times(keys, self._now)
        self._books, self._write = desk(books, self._locked)
        self._refused: list[Refusal] = []
        self._shared: dict[int, Click] = {}
        """Messages of many requests, each with a click that changes it: told once, at the end."""

    def run(self) -> list[Ruling | Exception]:
        """A click that was counted already has stored nothing."""
        found: list[Ruling | Exception] = []
        for click in self._clicks:
            if click.once and click.once not in self._fresh:
                found.append(Repeated())
                continue
            self._fresh.discard(click.once)
            found.append(self._count(click))
        self._note_refused()
        for click in self._shared.values():
            refresh_request(
                self._books, click.catalog, self._ops, *self._locked[click.request], self._now
            )
        self._write()
        return found

    def _count(self, click: Click) -> Ruling:
        locked, catalog = self._locked.get(click.request), click.catalog
        if locked is None:
            raise UserError("I do not know this request any more.")
        request, votes = locked
        policy = catalog.policy_for(request.scope)
        groups = counts_for(request, click.standing.groups, policy.approvals.fallback)
        ruling = lost_object(self._books, catalog, request, self._now) or rule_on_vote(
            request, votes, click.standing.person, click.choice,
            groups=groups, now=self._now, same=catalog.same_person,
        )  # fmt: skip
        membership = click.standing.membership
        if not ruling.counts:
            self._refused.append(
                Refusal(request, click.voter, click.choice, ruling, policy.version, membership)
            )
            return ruling
        self._note_refused()
        held = membership or "not a member"
        vote = Vote(click.voter, click.choice, self._now, held, groups, click.comment)
        self._cast(click, request, [*votes, vote], ruling, policy.version)
        return ruling

    def _note_refused(self) -> None:
        """Together, but before what was clicked after them."""
        some, self._refused = self._refused, []
        if some:
            note_refused(self._books, some, self._now)

    def _cast(
        self, click: Click, request: Request, votes: list[Vote], ruling: Ruling, policy: str
    ) -> None:
        books, catalog, ops, now = self._books, click.catalog, self._ops, self._now
        if not books.requests.vote(request.id, votes[-1]):
            raise UserError("Your vote is counted already.")
        note_vote(books, request, votes[-1], ruling, policy)
        if ruling.state is not RequestState.PENDING:
            request = conclude(books, catalog, ops, request, votes, ruling.state, now)
        self._locked[request.id] = request, votes
        if request.docket is None:
            refresh_request(books, catalog, ops, request, votes, now)
        else:
            self._shared[request.docket] = click


def lost_object(books: Books, catalog: Catalog, request: Request, now: datetime) -> Ruling | None:
    """It has lost its object; nobody may have looked since."""
    sentence = "" if request.closed is not None else pointless(books, catalog, request, now)
    return Ruling(Answer.CLOSED, RequestState.SUPERSEDED, sentence) if sentence else None
