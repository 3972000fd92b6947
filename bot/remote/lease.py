"""What a pipeline keeps of the gate: how services stood, signed; and what it has to report."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.decide.away import Kept
from bot.decide.gate_answer import Outcome
from bot.remote.client import Signed

_MOST = 200
"""Passages that are kept."""


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
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def owe(self, passage: dict[str, Any]) -> bool:
        """Keep a release that went without an answer, to be reported; False if that fails."""
        found = [*self.owed(), passage][-_MOST:]
        return self._write(self._spool, "".join(json.dumps(one) + "\n" for one in found))

    def owed(self) -> list[dict[str, Any]]:
        """What is to be reported."""
        return list(self._lines())

    def paid(self) -> None:
        """All of it was."""
        self._spool.unlink(missing_ok=True)

    @property
    def _spool(self) -> Path:
        return self._folder / f"{_name(self._url)}.passages"

    def _file(self, service: str) -> Path:
        return self._folder / f"{_name(self._url, service)}.status"

    def _ours(self, status: Signed) -> bool:
        if not self._secret:
            return False
        right = f"v1={hmac.new(self._secret, status.body, 'sha256').hexdigest()}"
        return hmac.compare_digest(right.encode(), status.signature.encode())

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            text = self._spool.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return
        for line in text.splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue  # a line that was cut short
            if isinstance(found, dict):
                yield found

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


def _kept(facts: dict[str, Any]) -> Kept:
    stops = [one["code"] for one in facts["reasons"] if one["outcome"] in ("hold", "deny")]
    return Kept(
        Outcome(facts["outcome"]),
        tuple(stops),
        str(facts["reason"]),
        str(facts.get("environment", "")),
        datetime.fromisoformat(facts["validUntil"]),
    )


def _name(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
