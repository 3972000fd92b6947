"""What a pipeline keeps of the gate: how services stood, signed; and what it has to report."""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.decide.away import Kept
from bot.decide.gate_answer import Outcome
from bot.decide.silence import Silence
from bot.remote.client import Signed

_MOST = 200
"""Passages that are kept."""
_PASSAGE, _DIGITS = ".passage", 8


@dataclass(frozen=True, slots=True)
class Owed:
    """A passage that is to be reported, and where it is kept."""

    file: Path
    passage: dict[str, Any]


class Lease:
    """Files in one folder. What they say is believed only if it bears the signature that the owner
    of the token and the gate alone can make: a cache is open to whoever else runs there."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        self._folder = folder
        self._url = url
        self._secret = hashlib.sha256(token.encode()).hexdigest().encode() if token else b""

    def keep(self, service: str, status: Signed) -> bool:
        """Keep how a service stands; False if it does not bear our signature."""
        if not self._ours(status):
            return False
        said = {"body": status.body.decode(), "signature": status.signature}
        return self._write(self._file(service), json.dumps(said))

    def kept(self, service: str) -> Kept | None:
        """How it stood; None if that is not known, or not to be believed."""
        try:
            said = json.loads(self._file(service).read_text(encoding="utf-8"))
            status = Signed(said["body"].encode(), str(said["signature"]))
            facts = json.loads(status.body)
            if not self._ours(status) or facts["service"] != service:
                return None
            return _kept(facts)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def owe(self, passage: dict[str, Any]) -> bool:
        """Keep a release that went without an answer, to be reported; False if that fails. Each has
        a file of its own: runs beside each other lose none."""
        text, there = json.dumps(passage), self._spool()
        for oldest in there[: 1 - _MOST]:
            oldest.unlink(missing_ok=True)
        number = max((_number(one) for one in there), default=0) + 1
        file = f"{_name(self._url)}.{number:0{_DIGITS}d}.{_name(text)}{_PASSAGE}"
        return self._write(self._folder / file, text)

    def owed(self) -> list[Owed]:
        """What is to be reported, the oldest first; what nobody could send is thrown away."""
        found = []
        for file in self._spool():
            passage = _passage(file)
            if passage is None:
                file.unlink(missing_ok=True)
            else:
                found.append(Owed(file, passage))
        return found

    def paid(self, owed: Owed) -> None:
        """That one was reported, or never will be."""
        owed.file.unlink(missing_ok=True)

    def _spool(self) -> list[Path]:
        return sorted(self._folder.glob(f"{_name(self._url)}.*{_PASSAGE}"))

    def _file(self, service: str) -> Path:
        return self._folder / f"{_name(self._url, service)}.status"

    def _ours(self, status: Signed) -> bool:
        if not self._secret:
            return False
        right = f"v1={hmac.new(self._secret, status.body, 'sha256').hexdigest()}"
        return hmac.compare_digest(right.encode(), status.signature.encode())

    def _write(self, file: Path, text: str) -> bool:
        """Whole or not at all, for nobody else to read."""
        fresh = file.with_suffix(f".{os.getpid()}.new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh.touch(mode=0o600)
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(file)
        except OSError:
            return False
        return True


def _number(file: Path) -> int:
    said = file.name.split(".")[1]
    return int(said) if said.isascii() and said.isdecimal() and len(said) == _DIGITS else 0


def _passage(file: Path) -> dict[str, Any] | None:
    """None for one that was cut short, or edited into what is no JSON."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _kept(facts: dict[str, Any]) -> Kept:
    stops = [one["code"] for one in facts["reasons"] if one["outcome"] in ("hold", "deny")]
    return Kept(
        Outcome(facts["outcome"]),
        tuple(stops),
        str(facts["reason"]),
        str(facts.get("environment", "")),
        datetime.fromisoformat(facts["validUntil"]),
        _then(facts.get("withoutAnswer")),
    )


def _then(word: object) -> Silence | None:
    """A word that a newer gate may know and this pipeline does not is none."""
    return Silence(word) if isinstance(word, str) and word in list(Silence) else None


def _name(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
