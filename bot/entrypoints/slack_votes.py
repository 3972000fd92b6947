"""The buttons of a request: votes, with a comment or without, and what is taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.decide.approval import Answer, Choice, Ruling
from bot.entrypoints.plain import plain, visible
from bot.entrypoints.slack_body import actor, field_of, number_of, url_of, value_of
from bot.entrypoints.slack_readers import Readers
from bot.entrypoints.slack_reply import Desk, request_key
from bot.errors import UserError
from bot.flow.ask.all import VoteOnAll
from bot.flow.ask.request import MAX_REASON
from bot.flow.ask.take_back import TakeBack
from bot.flow.ask.vote import CastVote
from bot.flow.show.waiting import ShowWaiting

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Votes:
    """What happens behind them."""

    desk: Desk
    vote: CastVote
    taking: TakeBack
    every: VoteOnAll
    listing: ShowWaiting
    readers: Readers

    def approve(self, body: Body) -> None:
        """A click on Approve."""
        self._cast(body, Choice.APPROVE)

    def deny(self, body: Body) -> None:
        """A click on Deny."""
        self._cast(body, Choice.DENY)

    def approve_all(self, body: Body) -> None:
        """A confirmed click on "Approve all"."""
        self._all(body, Choice.APPROVE)

    def deny_all(self, body: Body) -> None:
        """A confirmed click on "Deny all"."""
        self._all(body, Choice.DENY)

    def _all(self, body: Body, choice: Choice) -> None:
        docket, _, upto = value_of(body).partition("|")
        first, last = number_of(docket, "request"), number_of(upto, "request")
        user, key = str(body["user"]["id"]), request_key(body)
        self.desk.tell(url_of(body), self.every.run(first, last, user, choice, key))

    def waiting(self, body: Body) -> None:
        """A click on "One by one": all that waits, for this person alone; and on its pages."""
        self.readers.admit(str(body["user"]["id"]))
        docket, _, place = value_of(body).partition("|")
        side, _, number = place.partition("|")
        first, there = number_of(docket, "request"), number_of(number or "0", "request")
        if side == "before":
            read = partial(self.listing.page, first, before=there)
        else:
            read = partial(self.listing.page, first, after=there)
        self.desk.show(url_of(body), "requests_page", read, replace=bool(side))

    def more(self, body: Body) -> None:
        """A choice in the menu beside them; only hands over."""
        verb, _, number = value_of(body).partition("|")
        if verb in (Choice.APPROVE, Choice.DENY):
            self._open(body, Choice(verb), number)
        else:
            self.desk.later(url_of(body), lambda: self._take_back(body, verb, number))

    def commented(self, body: Body) -> Callable[[], None]:
        """A submitted form: the vote, to be cast after the acknowledgement."""
        said = str(body["view"].get("private_metadata") or "")
        choice, _, rest = said.partition("|")
        number, _, url = rest.partition("|")
        typed = plain(field_of(body["view"]["state"]["values"], "comment")).strip()[:MAX_REASON]
        comment = typed if visible(typed) else ""
        user, key = str(body["user"]["id"]), request_key(body)

        def cast() -> None:
            request = number_of(number, "request")
            self._tell(url, request, self.vote.run(request, user, Choice(choice), key, comment))

        return partial(self.desk.later, url, cast)

    def _cast(self, body: Body, choice: Choice) -> None:
        request = number_of(value_of(body), "request")
        ruling = self.vote.run(request, str(body["user"]["id"]), choice, request_key(body))
        self._tell(url_of(body), request, ruling)

    def _tell(self, url: str, request: int, ruling: Ruling) -> None:
        if ruling.answer in (Answer.NOT_A_DECIDER, Answer.OWN_REQUEST):
            read = partial(self.vote.turned_away, request, ruling)
            self.desk.show(url, "vote_refused", read)
        else:
            self.desk.tell(url, ruling.sentence, ok=ruling.counts)

    def _open(self, body: Body, choice: Choice, number: str) -> None:
        url = url_of(body)

        def fill() -> Mapping[str, Any]:
            facts = {"request": number_of(number, "request"), "choice": str(choice)}
            view = self.desk.renderer.view("vote_modal", facts)
            return {**view, "private_metadata": f"{choice}|{number}|{url}"}

        title = "Approve" if choice is Choice.APPROVE else "Deny"
        self.desk.modal(str(body.get("trigger_id", "")), url, title, fill)

    def _take_back(self, body: Body, verb: str, number: str) -> None:
        request, key = number_of(number, "request"), request_key(body)
        if verb == "withdraw":
            self.desk.tell(url_of(body), self.taking.vote(request, actor(body), key))
        elif verb == "cancel":
            self.desk.tell(url_of(body), self.taking.request(request, actor(body), key))
        else:
            raise UserError("I do not know this choice any more.", "/budget help")
