"""Answers of the gate and tokens in memory."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.decide.caller import Token
from bot.decide.gate_answer import Asked
from bot.errors import RecordError
from tests.fake_record_state import State, stored


class MemoryAnswers:
    """Satisfies Answers."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, keys: Sequence[str]) -> dict[str, Asked]:
        """Those that are there."""
        return {key: self._state.answers[key] for key in keys if key in self._state.answers}

    def put(self, answers: Sequence[Asked]) -> None:
        """In place of what was there."""
        if answers:
            self._state.write()
        for one in answers:
            self._state.answers[one.key] = stored(one)

    def forget(self, before: datetime, still: datetime) -> int:
        """How many went."""
        self._state.write()
        gone = [key for key, one in self._state.answers.items() if one.at < before]
        for key in gone:
            del self._state.answers[key]
        over = [topic for topic, (_, at) in self._state.stops.items() if at < still]
        for topic in over:
            del self._state.stops[topic]
        return len(gone) + len(over)

    def stopped(self, topic: str, now: datetime) -> int:
        """One more."""
        self._state.write()
        count = self._state.stops.get(topic, (0, now))[0] + 1
        self._state.stops[topic] = count, now
        return count

    def stops(self) -> list[str]:
        """By their letters."""
        return sorted(self._state.stops)

    def passed(self, topics: Collection[str]) -> None:
        """Counted no more."""
        self._state.write()
        for topic in topics:
            self._state.stops.pop(topic, None)


class MemoryTokens:
    """Satisfies Tokens."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, token: Token) -> Token:
        """The answer bears its id."""
        self._state.write()
        if self.of_digest(token.digest) is not None:
            raise RecordError("this token is there already")
        found = stored(replace(token, id=len(self._state.tokens) + 1))
        self._state.tokens[found.id] = found
        return found

    def get(self, token: int) -> Token | None:
        """By id."""
        return self._state.tokens.get(token)

    def of_digest(self, digest: str) -> Token | None:
        """By its hash."""
        return next((one for one in self._state.tokens.values() if one.digest == digest), None)

    def all(self) -> list[Token]:
        """Oldest first."""
        return list(self._state.tokens.values())

    def revoke(self, token: int, now: datetime) -> bool:
        """Once."""
        self._state.write()
        found = self.get(token)
        if found is None or found.revoked_at is not None:
            return False
        self._state.tokens[token] = stored(replace(found, revoked_at=now))
        return True

    def used(self, token: int, now: datetime) -> None:
        """Remembered."""
        self._state.write()
        found = self.get(token)
        if found is not None:
            self._state.tokens[token] = stored(replace(found, used_at=now))
