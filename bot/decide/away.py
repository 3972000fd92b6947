"""What a pipeline does with the gate's answer, and without one. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bot.decide.change import ChangeKind
from bot.decide.gate_answer import Outcome, Why
from bot.decide.silence import Silence, Silences, in_silence
from bot.judge.dates import instant


class Exit(IntEnum):
    """Exit codes of `burnban gate`. 1 is left to what nobody foresaw."""

    GOES = 0
    USAGE = 2
    FROZEN = 10
    HELD = 11
    NO_DATA = 12
    NOT_AUTHORISED = 13
    UNREACHABLE = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """How a service stood when the gate was last asked."""

    outcome: Outcome
    codes: tuple[str, ...]
    reason: str
    environment: str
    valid_until: datetime
    then: Silence | None = None
    """What the policy said of its environment for the time after that; None: it said nothing."""

    @property
    def silences(self) -> Silences:
        """The same, as a policy says it."""
        if not self.environment or self.then is None:
            return ()
        return ((self.environment, self.then),)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What follows where the gate cannot be reached."""

    code: Exit
    sentence: str

    @property
    def passes(self) -> bool:
        """Whether the release goes without an answer: that is reported when the gate is back."""
        return self.code is Exit.GOES


def exit_of(outcome: Outcome, codes: Collection[str]) -> Exit:
    """The exit code of an answer; `codes`: of what stops it, as far as it is stopped."""
    if outcome.goes:
        return Exit.GOES
    if Why.UNKNOWN_SERVICE in codes:
        return Exit.USAGE
    if set(codes) == {Why.NO_FRESH_DATA}:
        return Exit.NO_DATA
    return Exit.FROZEN if outcome is Outcome.DENY else Exit.HELD


def unanswered(
    kind: ChangeKind,
    environment: str,
    kept: Kept | None,
    now: datetime,
    said: Silences = (),
) -> Unanswered:
    """The gate does not answer. A rollback passes. Else what was last known holds as long as it was
    promised for; after that it is as the policy says of the environment (`said`, or what was last
    known of it), else releases stop, but for environments where nobody is hurt; both by the
    environment that is said now and by the one that was known. Overrides are the gate's alone:
    none is used here."""
    if kind is ChangeKind.ROLLBACK:
        return Unanswered(Exit.GOES, "a rollback passes; it is reported when the gate is back")
    if kept is not None and now < kept.valid_until:
        code = exit_of(kept.outcome, kept.codes)
        until = f"as known until {instant(kept.valid_until)}"
        if code is Exit.GOES:
            return Unanswered(code, f"it was open when last asked, and goes {until}")
        return Unanswered(code, f"it was closed when last asked, {until}: {kept.reason}")
    places = [name for name in (environment, kept.environment if kept is not None else "") if name]
    words = (*said, *(kept.silences if kept is not None else ()))
    closed = [name for name in places if in_silence(name, words) is Silence.DENY]
    if places and not closed:
        return Unanswered(Exit.GOES, f"releases into {places[0]} go on without an answer")
    place = f"into {closed[0]}" if closed else "into an environment that is not named"
    sentence = f"without an answer no release goes {place}; a rollback would pass (--kind rollback)"
    return Unanswered(Exit.UNREACHABLE, sentence)
