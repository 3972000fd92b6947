"""The gate's API, asked by a pipeline."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from bot.bounded import Deadlines, asker
from bot.errors import BurnbanError, UserError

DEADLINE = 10.0
"""Seconds for one answer."""
_LARGEST = 4 * 1024 * 1024
_SIGNATURE = "Burnban-Signature"
_HERE = ("127.0.0.1", "localhost", "::1")
_AWAY = (408, 425, 429)
"""Besides what is 500 or more: nothing that whoever asks did wrong."""
_CHECK = "check BURNBAN_TOKEN: `burnban token list`, at the server, names those that live"
_EXAMPLE = "BURNBAN_URL=https://burnban.example.com"

Facts = dict[str, Any]


class Away(BurnbanError):
    """There is no answer now: nobody is there, or who is there cannot decide."""


class TurnedAway(BurnbanError):
    """The question was refused: `status` 401 or 403 for who asks, others for what was asked."""

    def __init__(
        self,
        status: int,
        sentence: str,
        remedy: str = "",
        fields: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`fields`: what is wrong with which."""
        self.status = status
        self.remedy = remedy
        self.fields = tuple(fields)
        super().__init__(sentence)


@dataclass(frozen=True)
class Signed:
    """An answer as it came, with its signature."""

    body: bytes
    signature: str


class Remote:
    """One Burnban, by its address."""

    def __init__(
        self,
        url: str,
        token: str,
        deadline: float = DEADLINE,
        renew: Callable[[], str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`deadline`: seconds for the whole of an answer, its head included. `renew`: gives another
        token where one lives shorter than a pipeline waits; raises UserError if it cannot. Raises
        UserError for an address to which no token may be sent, and for a token that cannot be."""
        self._base = _address(url)
        self._renew, self._deadline, self._monotonic = renew, deadline, monotonic
        self._deadlines = Deadlines(monotonic)
        self._client = asker(self._base, self._deadlines, deadline)
        self._bear(token)

    def __enter__(self) -> "Remote":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def decide(self, question: Mapping[str, Any], once: str = "", /) -> Facts:
        """Ask. Raises Away, TurnedAway."""
        headers = {"Idempotency-Key": once} if once else {}
        answer = self._ask("POST", "/v1/gate/decisions", json=dict(question), headers=headers)
        return _facts(answer)

    def status(self, service: str) -> Signed:
        """How a service stands. Raises Away, TurnedAway."""
        answer = self._ask("GET", f"/v1/gate/status?service={quote(service, safe='')}")
        return Signed(answer.content, answer.headers.get(_SIGNATURE, ""))

    def report(self, passage: Mapping[str, Any]) -> None:
        """A release went without an answer. Raises Away, TurnedAway."""
        self._ask("POST", "/v1/gate/reports", json=dict(passage))

    def push(self, batch: Mapping[str, Any], once: str = "", /) -> Facts:
        """Say what a feed says. Raises Away, TurnedAway."""
        headers = {"Idempotency-Key": once} if once else {}
        answer = self._ask("POST", "/v1/slices", json=dict(batch), headers=headers)
        return _facts(answer, "taken")

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = self._sent(method, path, **more)
        if answer.status_code == 401 and self._renewed():
            answer = self._sent(method, path, **more)
        if answer.status_code >= 500 or answer.status_code in _AWAY:
            raise Away(f"{self._base} cannot decide now: {_sentence(answer)}")
        if answer.status_code != 200:
            said = _sentence(answer), _remedy(answer), _fields(answer)
            raise TurnedAway(answer.status_code, *said)
        return answer

    def _sent(self, method: str, path: str, **more: Any) -> httpx.Response:
        ends = self._monotonic() + self._deadline
        body = bytearray()
        try:
            with (
                self._deadlines.until(ends),
                self._client.stream(method, self._base + path, **more) as answer,
            ):
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > _LARGEST or self._monotonic() > ends:
                        raise Away(f"{self._base} gave no whole answer in time and bounds.")
        except httpx.TimeoutException as error:
            sentence = f"{self._base} gave no whole answer within {self._deadline:g} s."
            raise Away(sentence) from error
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
            raise Away(f"{self._base} cannot be reached: {said}") from error
        signature = answer.headers.get(_SIGNATURE, "")
        return httpx.Response(
            answer.status_code, headers={_SIGNATURE: signature}, content=bytes(body)
        )

    def _renewed(self) -> bool:
        """Whether there is another token now."""
        if self._renew is None:
            return False
        try:
            self._bear(self._renew())
        except UserError:
            return False
        return True

    def _bear(self, token: str) -> None:
        if not (token.isascii() and token.isprintable()):
            sentence = "The token is to be one line of printable ASCII text, and is none."
            raise UserError(sentence, "set BURNBAN_TOKEN anew")
        if token:
            self._client.headers["Authorization"] = f"Bearer {token}"


def _address(url: str) -> str:
    """Without anything secret in it: what goes wrong there is told with the address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise UserError("The address of Burnban is none.", _EXAMPLE)
    if not (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)):
        sentence = "The address of Burnban must begin with https://, for a token is sent to it."
        raise UserError(sentence, _EXAMPLE)
    if "@" in parts.netloc or parts.query or parts.fragment or not url.isprintable():
        raise UserError("The address of Burnban holds more than a host and a path.", _EXAMPLE)
    return url.rstrip("/")


def _facts(answer: httpx.Response, needed: str = "outcome") -> Facts:
    try:
        facts = json.loads(answer.content)
    except ValueError:
        facts = None
    if not isinstance(facts, dict) or needed not in facts:
        raise Away("What answers there is not Burnban.")
    return facts


def _error(answer: httpx.Response) -> Facts:
    try:
        said = json.loads(answer.content)["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}


def _sentence(answer: httpx.Response) -> str:
    return str(_error(answer).get("message") or f"HTTP {answer.status_code}")


def _remedy(answer: httpx.Response) -> str:
    said = str(_error(answer).get("remedy") or "")
    # What is said of headers, to programs, helps nobody at a terminal.
    return _CHECK if said.startswith("Authorization:") else said


def _fields(answer: httpx.Response) -> list[tuple[str, str]]:
    said = _error(answer).get("fields")
    rows = said if isinstance(said, list) else []
    return [(str(o.get("field")), str(o.get("problem"))) for o in rows if isinstance(o, dict)]
