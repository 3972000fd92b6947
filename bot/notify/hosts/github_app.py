"""Who we are at GitHub: an App, and its tokens for installations. Sources:
docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import jwt

from bot.decide.outside import CodeHost
from bot.errors import ConfigError, Refused
from bot.notify.hosts.wire import Wire

_LIVES = 540
"""Seconds that an App's own token lives; GitHub takes ten minutes at most."""
_BACKDATED = 60
"""Seconds for clocks that differ."""
_SPARE = 300
"""Seconds before its end at which an installation's token is no longer used."""
_MOST = 1_000
VERSION = {"X-GitHub-Api-Version": "2022-11-28", "Accept": "application/vnd.github+json"}


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str
    ends: float


class GitHubApp:
    """Gives the header for each call. `secrets` gives what stands behind the name of a variable."""

    def __init__(
        self,
        spec: CodeHost,
        secrets: Callable[[str], str],
        wire: Wire,
        now: Callable[[], datetime],
    ) -> None:
        self._spec, self._secrets = spec, secrets
        self._wire, self._now = wire, now
        self._tokens: dict[tuple[int, str], _Kept] = {}
        self._lock = Lock()

    def headers(self) -> dict[str, str]:
        """For what only the App itself may ask. Raises Refused if there is no key."""
        return {"Authorization": f"Bearer {self._word()}", **VERSION}

    def headers_at(self, place: str, installation: int) -> dict[str, str]:
        """For one repository of an installation. Raises DeliveryError."""
        with self._lock:
            kept = self._tokens.get((installation, place))
        if kept is None or kept.ends - _SPARE <= self._now().timestamp():
            kept = self._fetch(place, installation)
        return {"Authorization": f"Bearer {kept.token}", **VERSION}

    def forget(self, place: str, installation: int) -> None:
        """A token that was refused is not used again."""
        with self._lock:
            self._tokens.pop((installation, place), None)

    def _fetch(self, place: str, installation: int) -> _Kept:
        path = f"/app/installations/{installation}/access_tokens"
        wanted = {"deployments": "write", "actions": "read"}
        if self._spec.check:
            wanted |= {"checks": "write", "pull_requests": "read"}
        if self._spec.labels:
            wanted["pull_requests"] = "read"
        body = {"repositories": [place.rpartition("/")[2]], "permissions": wanted}
        said = self._wire.call("POST", path, self.headers(), body).table()
        fresh = _Kept(str(said.get("token", "")), _instant(said))
        with self._lock:
            if len(self._tokens) >= _MOST:
                self._tokens.clear()
            self._tokens[installation, place] = fresh
        return fresh

    def _word(self) -> str:
        """The App's own token, signed with its private key (RS256)."""
        now = int(self._now().timestamp())
        said = {"iat": now - _BACKDATED, "exp": now + _LIVES, "iss": self._spec.app}
        try:
            return jwt.encode(said, _pem(self._secrets(self._spec.key_env)), algorithm="RS256")
        except ConfigError as error:
            fault = error.faults[0]
            raise Refused("no_key", f"{fault.where} {fault.problem}") from None
        except (ValueError, TypeError, jwt.PyJWTError):
            # A library's words about a key may hold some of it.
            raise Refused("bad_key", f"{self._spec.key_env} holds no RSA private key") from None


def _pem(text: str) -> str:
    """The key, written with `\\n` for the ends of its lines, or in base64. Raises ValueError."""
    if text.startswith("-----BEGIN"):
        return text.replace("\\n", "\n")
    try:
        return base64.b64decode(text, validate=True).decode()
    except binascii.Error as error:
        raise ValueError("neither PEM nor base64") from error


def _instant(said: Mapping[str, object]) -> float:
    try:
        return datetime.fromisoformat(str(said.get("expires_at", ""))).timestamp()
    except ValueError:
        return 0.0  # used once, and asked for anew
