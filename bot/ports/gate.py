"""What the gate has said, and who may ask it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.decide.caller import Token
from bot.decide.gate_answer import Asked


class Answers(Protocol):
    """Answers of the gate, by what made the question that question."""

    def find(self, keys: Sequence[str]) -> dict[str, Asked]:
        """Those that are there."""
        ...

    def put(self, answers: Sequence[Asked]) -> None:
        """Store these in place of what was given before under the same keys."""
        ...

    def forget(self, before: datetime, still: datetime) -> int:
        """Delete those last given before then, and counts not moved since `still`; how many went. A
        count that begins anew is taken for what was told: the messages' keys stay for good."""
        ...

    def stopped(self, topic: str, now: datetime) -> int:
        """Counts one more release that the same has stopped; how many by now, this one included."""
        ...

    def stops(self) -> list[str]:
        """The topics under which stopped releases are counted, in the order of their letters."""
        ...

    def passed(self, topics: Collection[str]) -> None:
        """What stopped these is over: they are counted no more."""
        ...


class Tokens(Protocol):
    """Tokens for asking over the network: what is stored of them."""

    def add(self, token: Token) -> Token:
        """Stores it; the answer bears its id (the given id is ignored)."""
        ...

    def get(self, token: int) -> Token | None: ...

    def of_digest(self, digest: str) -> Token | None: ...

    def all(self) -> list[Token]:
        """Oldest first, also those that are over."""
        ...

    def revoke(self, token: int, now: datetime) -> bool:
        """False if it was revoked already, or never there."""
        ...

    def used(self, token: int, now: datetime) -> None:
        """It was used then."""
        ...


class Issuers(Protocol):
    """CI systems that vouch for their own runs."""

    def claims(self, word: str) -> tuple[str, Mapping[str, Any]]:
        """The name of the issuer in the specs and what it says of the run, once signature, issuer,
        audience and times are found right. Raises Unidentified; Undecidable if the issuer's keys
        cannot be had."""
        ...
