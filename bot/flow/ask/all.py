"""One click on many requests: each is voted on for itself, checked and recorded as a single click
would be."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from bot.decide.approval import Answer, Choice, Request, Ruling
from bot.errors import Repeated, UserError
from bot.flow.ask.remembering import Remembering
from bot.flow.ask.vote import CastVote
from bot.flow.docket import told_of
from bot.flow.gate.together import MOST
from bot.ports import Books

_SAID = {
    Answer.DECIDED: ("is decided by it", "are decided by it"),
    Answer.COUNTED: ("needs another vote", "need another vote"),
    Answer.ALREADY_VOTED: ("has your vote already", "have your vote already"),
    Answer.CLOSED: ("was decided already", "were decided already"),
    Answer.OWN_REQUEST: ("was asked by you", "were asked by you"),
    Answer.NOT_A_DECIDER: ("is for others to decide", "are for others to decide"),
    Answer.OUTSIDER: ("is not for outsiders to decide", "are not for outsiders to decide"),
}


@dataclass(frozen=True)
class VoteOnAll:
    """The flow behind "Approve all" and "Deny all"."""

    vote: CastVote

    def run(self, docket: int, upto: int, user: str, choice: Choice, once: str = "") -> str:
        """Vote on all requests of a docket that wait, up to number `upto`: nobody decides what the
        message did not say when they clicked. What came of it, in a sentence. Raises UserError if
        none waits, or nobody could say who clicked: then nothing, or nothing more, has changed;
        Repeated if this click was counted already."""
        now = self.vote.clock.now()
        members = self.vote.record.read(lambda books: books.requests.together(docket))
        waiting = told_of(members, upto, now)
        if not waiting:
            self.vote.record.write(lambda books: _over(books, members, once, now))
        vote = replace(self.vote, directory=Remembering(self.vote.directory))
        clicks = [vote.click(one, user, choice, once and f"{once}:{one.id}") for one in waiting]
        found: Counter[Answer] = Counter()
        for start in range(0, len(clicks), MOST):  # nobody else's vote waits for all of them
            _add(found, vote.count(clicks[start : start + MOST]))
        if not found:
            raise Repeated
        return _sentence(choice, found)


def _add(found: Counter[Answer], results: Sequence[Ruling | Exception]) -> None:
    found.update(one.answer for one in results if isinstance(one, Ruling))
    for error in results:
        if isinstance(error, UserError):
            raise _broken(error, found) from error
        if isinstance(error, Exception) and not isinstance(error, Repeated):
            raise error


def _over(books: Books, members: Sequence[Request], once: str, now: datetime) -> NoReturn:
    """None waits: it was this very click that decided them, or somebody else was first."""
    if once and any(not books.receipts.first_time(f"{once}:{one.id}", now) for one in members):
        raise Repeated
    raise UserError("None of them waits any more; nothing changed.", "/freeze list")


def _sentence(choice: Choice, found: Counter[Answer]) -> str:
    parts = [f"{count} {_SAID[answer][count != 1]}" for answer, count in found.most_common()]
    verb = "approve" if choice is Choice.APPROVE else "deny"
    total = sum(found.values())
    return f"You chose to {verb} {total} {'request' if total == 1 else 'requests'}: {_and(parts)}."


def _and(parts: Collection[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _broken(error: UserError, found: Counter[Answer]) -> UserError:
    """Some were voted on before it broke off."""
    done = sum(found.values())
    said = f"{done} of them were voted on before that. " if done else ""
    return UserError(f"{said}{error.sentence}", error.example)
