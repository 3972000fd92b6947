"""Places outside the database where anchors are left: a file, a webhook."""

import os
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit
from urllib.request import Request

from bot.decide.seal import Purpose, Seal, read
from bot.errors import DeliveryError, UserError
from bot.notify.exchange import exchange

TIMEOUT = 10.0
"""Seconds for a webhook, all in."""
LARGEST = 64_000_000
"""Bytes of a file of anchors: hundreds of years of hours."""


class FileOutside:
    """A file that grows by a line an hour. Satisfies bot.ports.history.Outside."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def leave(self, line: str) -> None:
        """Append it, and wait until the disk has it. Raises DeliveryError."""
        try:
            with self._path.open("ab+") as file:
                file.write(_rest_of_a_broken_line(file.tell(), self._path) + f"{line}\n".encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DeliveryError(f"{self._path} cannot be written: {error.strerror}") from error


def _rest_of_a_broken_line(size: int, path: Path) -> bytes:
    """Whoever was killed while writing left half a line: it must not spoil the next one."""
    if not size:
        return b""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return b"" if file.read(1) == b"\n" else b"\n"


class WebhookOutside:
    """An address that takes a line of JSON by POST. Its path and query may be secret: they are
    never told. Satisfies bot.ports.history.Outside."""

    def __init__(self, url: str, clock: Callable[[], float] = monotonic) -> None:
        self._url = url
        self._clock = clock
        self._shown = urlsplit(url).hostname or "the webhook"

    def leave(self, line: str) -> None:
        """Raises DeliveryError unless it answers 2xx."""
        headers = {"Content-Type": "application/json", "User-Agent": "burnban"}
        request = Request(self._url, line.encode(), headers, method="POST")  # noqa: S310 - config
        try:
            given = exchange(request, TIMEOUT, monotonic=self._clock)
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            kind = str(reason) if isinstance(reason, OSError) else type(error).__name__
            raise DeliveryError(f"{self._shown} cannot be reached: {kind}") from None
        if not 200 <= given.status < 300:
            raise DeliveryError(f"{self._shown} answered {given.status}")


def anchors_in(path: Path) -> tuple[Seal, ...]:
    """The anchors of a file, in its order; text around them (a channel that was copied) is passed
    over. Raises UserError for a file without any, or a line that was spoilt."""
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(f"{path} is no file of anchors: it is too large.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is no file of anchors: it is not text.") from error
    found = tuple(_anchors(path, text))
    if not found:
        raise UserError(f"{path} holds no anchor.", "burnban history verify --anchor anchors.jsonl")
    return found


def _anchors(path: Path, text: str) -> Iterator[Seal]:
    for number, line in enumerate(text.splitlines(), 1):
        start, end = line.find("{"), line.rfind("}")
        if start < 0 or end < start:  # text around, or half a line of somebody who was killed
            continue
        try:
            seal = read(line[start : end + 1])
        except ValueError:
            raise UserError(f"Line {number} of {path} is no anchor any more.") from None
        if seal.purpose is not Purpose.ANCHOR:
            raise UserError(f"Line {number} of {path} is a seal, but no anchor.")
        yield seal
