"""The public keys of an issuer, kept for a while."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from bot.errors import Undecidable

KEEP = 900.0
"""Seconds for which keys are good; so long keys outlive an issuer that cannot be reached, twice."""
PAUSE = 30.0
"""Seconds between two looks for a key that was not there: nobody makes us ask at will."""
_DEADLINE = 5.0
_LARGEST = 256 * 1024
_DISCOVERY = "/.well-known/openid-configuration"
_HERE = ("127.0.0.1", "localhost", "::1")


@dataclass
class IssuerKeys:
    """The keys of one issuer, found as OpenID Connect Discovery 1.0 says."""

    issuer: str
    monotonic: Callable[[], float]
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _asked: float | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def key(self, kid: str) -> jwt.PyJWK | None:
        """The key of that id; None if the issuer has none. Raises Undecidable."""
        if kid in self._keys and self._age() < KEEP:
            return self._keys[kid]
        with self._turn:
            if self._age() >= (KEEP if kid in self._keys else PAUSE):
                self._look()
        return self._keys.get(kid)

    def _age(self) -> float:
        return float("inf") if self._asked is None else self.monotonic() - self._asked

    def _look(self) -> None:
        try:
            found = fetch_keys(self.issuer)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            if self._keys and self._age() < 2 * KEEP:
                return
            what = f"The keys of {self.issuer} cannot be had: {type(error).__name__}."
            raise Undecidable(what, 30) from error
        self._keys, self._asked = found, self.monotonic()


def fetch_keys(issuer: str) -> dict[str, jwt.PyJWK]:
    """By their ids; only those for signatures."""
    with httpx.Client(timeout=_DEADLINE, follow_redirects=False) as client:
        place = str(_json(client, issuer.rstrip("/") + _DISCOVERY)["jwks_uri"])
        demand_tls(place)
        listed = _json(client, place)["keys"]
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


def _json(client: httpx.Client, url: str) -> Any:
    demand_tls(url)
    with client.stream("GET", url) as answer:
        answer.raise_for_status()
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > _LARGEST:
                raise ValueError("the answer is too large")
            parts.append(part)
    return json.loads(b"".join(parts))
