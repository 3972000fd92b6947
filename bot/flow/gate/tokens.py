"""Tokens for the gate: made, listed, taken back. What is stored cannot be turned back into one."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.decide.caller import Rights, Token, refuse_third
from bot.decide.decision import Decision, Event
from bot.decide.people import Actor
from bot.decide.scope import EVERYTHING
from bot.errors import UserError
from bot.flow.gate.answers import iso
from bot.ports import Books, Clock, Record

PREFIX = "burnban_"
"""By which people and scanners of repositories recognise one."""
LONGEST = timedelta(days=366)
_BYTES = 32


def digest_of(word: str) -> str:
    """What is stored of a token: SHA-256. With 256 random bits in it, it needs no salt."""
    return hashlib.sha256(word.encode()).hexdigest()


@dataclass(frozen=True)
class KeepTokens:
    """The flow behind `burnban token`."""

    record: Record
    clock: Clock

    def create(
        self, name: str, scopes: Sequence[str], expires: timedelta, actor: Actor
    ) -> tuple[str, Token]:
        """A new token, as its owner sees it once, and as it is stored. Raises UserError."""
        rights = Rights.of(scopes)
        if not scopes:
            raise UserError("A token needs a scope.", "--scope gate:decide:ranker")
        if not timedelta(0) < expires <= LONGEST:
            raise UserError("A token lives for a year at most.", "--expires 90d")
        word = PREFIX + secrets.token_urlsafe(_BYTES)

        def work(books: Books) -> Token:
            books.history.hold()
            now = self.clock.now()
            refuse_third(name, books.tokens.all(), now)
            fresh = Token(0, name, digest_of(word), rights, now, actor.id, now + expires)
            kept = books.tokens.add(fresh)
            self._note(books, Event.TOKEN_CREATED, kept, actor, f"token {kept.id} for {name}")
            return kept

        return word, self.record.write(work)

    def all(self) -> list[Token]:
        """Oldest first."""
        return self.record.read(lambda books: books.tokens.all())

    def revoke(self, token: int, actor: Actor) -> Token:
        """It opens nothing any more. Raises UserError."""

        def work(books: Books) -> Token:
            books.history.hold()
            found = books.tokens.get(token)
            if found is None or not books.tokens.revoke(token, self.clock.now()):
                gone = "is revoked already" if found else "does not exist"
                raise UserError(f"Token {token} {gone}.", "burnban token list")
            self._note(books, Event.TOKEN_REVOKED, found, actor, f"token {token} of {found.name}")
            return found

        return self.record.write(work)

    def _note(self, books: Books, event: Event, token: Token, actor: Actor, reason: str) -> None:
        evidence = {
            "token": token.id,
            "name": token.name,
            "scopes": list(token.rights.scopes),
            "expires_at": iso(token.expires_at),
        }
        decision = Decision(event, self.clock.now(), actor, str(EVERYTHING), reason, evidence)
        books.history.append(decision)
