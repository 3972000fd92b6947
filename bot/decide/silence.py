"""What follows for a release into an environment once nobody has answered for longer than the last
answer was promised for. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class Silence(StrEnum):
    """What a gate that does not answer means for a release."""

    ALLOW = "allow"
    DENY = "deny"


Silences = tuple[tuple[str, Silence], ...]
"""Per environment, as a policy says."""

OPEN_WITHOUT = ("dev", "development", "test", "testing", "staging", "sandbox", "preview")
"""Environments in which releases go on if no policy says otherwise; everywhere else they do not."""


def built_in(environment: str) -> Silence:
    """Where no policy speaks of the environment. One that is not named is none of those."""
    return Silence.ALLOW if environment.lower() in OPEN_WITHOUT else Silence.DENY


def in_silence(environment: str, said: Iterable[tuple[str, Silence]]) -> Silence:
    """What a policy says of the environment, in whatever letters; else what is built in."""
    found = {name.lower(): word for name, word in said}
    return found.get(environment.lower(), built_in(environment))
