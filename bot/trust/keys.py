"""The public keys of an issuer, kept for a while."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from bot.bounded import Deadlines, asker
from bot.errors import Undecidable

KEEP = 900.0
"""Seconds for which keys are good; so long keys outlive an issuer that cannot be reached, twice."""
PAUSE = 30.0
"""Seconds between two looks for a key that was not there: nobody makes us ask at will."""
AGAIN = 5.0
"""Seconds after which an issuer that gave none is asked again."""
WAITERS = 16
"""Who may wait for an issuer at once: one that hangs does not take every thread."""
_DEADLINE = 5.0
_LARGEST = 256 * 1024
_DISCOVERY = "/.well-known/openid-configuration"
_HERE = ("127.0.0.1", "localhost", "::1")


@dataclass
class IssuerKeys:
    """The keys of one issuer, found as OpenID Connect Discovery 1.0 says."""

    issuer: str
    monotonic: Callable[[], float]
    waiters: int = WAITERS
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _asked: float | None = None
    """When they were had."""
    _tried: float | None = None
    _problem: str = ""
    """Of the last look; empty: it went well."""
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _room: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._room = threading.Semaphore(self.waiters)

    def key(self, kid: str) -> jwt.PyJWK | None:
        """The key of that id; None if the issuer has none. Raises Undecidable."""
        if kid in self._keys and self._since(self._asked) < KEEP:
            return self._keys[kid]
        if self._due(kid):
            self._wait(kid)
        found = self._keys.get(kid) if self._since(self._asked) < 2 * KEEP else None
        if found is None and self._problem:
            raise Undecidable(f"The keys of {self.issuer} cannot be had: {self._problem}.", 30)
        return found

    def _wait(self, kid: str) -> None:
        if not self._room.acquire(blocking=False):
            raise Undecidable(f"Too many wait for the keys of {self.issuer}.", 5)
        try:
            with self._turn:
                if self._due(kid):
                    self._look()
        finally:
            self._room.release()

    def _due(self, kid: str) -> bool:
        """Whether it is time to ask: what failed is tried again soon, but not by all who come."""
        if self._problem:
            return self._since(self._tried) >= AGAIN
        return self._since(self._asked) >= (KEEP if kid in self._keys else PAUSE)

    def _since(self, at: float | None) -> float:
        return float("inf") if at is None else self.monotonic() - at

    def _look(self) -> None:
        try:
            found = fetch_keys(self.issuer)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            self._problem, self._tried = type(error).__name__, self.monotonic()
            return
        self._keys, self._asked, self._problem = found, self.monotonic(), ""


def fetch_keys(issuer: str, within: float = _DEADLINE) -> dict[str, jwt.PyJWK]:
    """By their ids; only those for signatures. `within`: seconds for both questions, all in all.
    Raises httpx.HTTPError, ValueError, KeyError, TypeError, jwt.PyJWTError."""
    deadlines = Deadlines(monotonic)
    with deadlines.until(monotonic() + within):
        place = str(_json(deadlines, issuer.rstrip("/") + _DISCOVERY, within)["jwks_uri"])
        listed = _json(deadlines, place, within)["keys"]
    return {
        str(one["kid"]): jwt.PyJWK(one)
        for one in listed
        if one.get("use", "sig") == "sig" and one.get("kty") in ("RSA", "EC") and "kid" in one
    }


def demand_tls(url: str) -> None:
    """Keys come over TLS, or from this machine. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise ValueError("keys must come over https")


def _json(deadlines: Deadlines, url: str, within: float) -> Any:
    demand_tls(url)
    with asker(url, deadlines, within) as client, client.stream("GET", url) as answer:
        answer.raise_for_status()
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > _LARGEST:
                raise ValueError("the answer is too large")
            parts.append(part)
    return json.loads(b"".join(parts))
