"""Seals: a place in the history and its hash, signed with a key that is not in the database.

Cutting the tail of a chain leaves a chain: only what was said of its head outside gives it away. A
seal says it in one line of text, so that it can stand in a channel or a file and be read back.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a seal is for; one made for one purpose is worth nothing for another."""

    ANCHOR = "anchor"
    """The head of the history at an instant."""
    CHECKPOINT = "checkpoint"
    """The last decision that was moved out."""
    EXPORT = "export"
    """The last decision of an export; the hash is that of the exported file."""


class Trust(StrEnum):
    """What a seal's signature is worth to whoever looks at it."""

    TRUSTED = "trusted"
    """Made with a key that is known here."""
    STRANGE = "strange"
    """Sound, but made with a key that is not known here."""
    UNSIGNED = "unsigned"
    FORGED = "forged"
    """The signature is not that of this text."""


@dataclass(frozen=True, slots=True)
class Seal:
    """`key` and `signature` (Ed25519, hexadecimal) are empty where there was no key."""

    purpose: Purpose
    seq: int
    hash: str
    at: datetime
    key: str = ""
    signature: str = ""

    @property
    def statement(self) -> str:
        """The text that is signed."""
        return f"burnban {self.purpose} v1\n{self.seq}\n{self.hash}\n{_instant(self.at)}"


def written(seal: Seal) -> str:
    """A seal as one line of JSON."""
    body = {
        "purpose": str(seal.purpose),
        "seq": seal.seq,
        "hash": seal.hash,
        "at": _instant(seal.at),
        "key": seal.key,
        "signature": seal.signature,
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def read(line: str) -> Seal:
    """What `written` wrote. Raises ValueError for any other line."""
    try:
        said = json.loads(line)
        at = datetime.fromisoformat(said["at"])
        seal = Seal(
            Purpose(said["purpose"]),
            int(said["seq"]),
            str(said["hash"]),
            at,
            str(said["key"]),
            str(said["signature"]),
        )
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError("no seal") from error
    if at.tzinfo is None:
        raise ValueError("a seal without a time zone")
    return seal


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
