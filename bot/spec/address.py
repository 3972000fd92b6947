"""Addresses that secrets are sent to, or whose word is believed: never in clear over a network."""

from urllib.parse import urlsplit

from bot.spec.spot import Spot
from bot.spec.values import text

_HERE = ("127.0.0.1", "localhost", "::1")


def address(spot: Spot, problem: str, remedy: str, *, query: bool = False) -> str | None:
    """An https address without a user (http only on this machine), as written; `query`: whether it
    may have one. Else None, and `problem` with its `remedy` is told."""
    found = text(spot)
    if found is None:
        return None
    if not _sound(found, query=query) or not (found.isascii() and found.isprintable()):
        spot.fault(problem, remedy)
        return None
    return found


def _sound(found: str, *, query: bool) -> bool:
    try:
        parts = urlsplit(found)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        plain = not (parts.username or parts.password or parts.fragment)
        whole = bool(parts.hostname) and parts.port != 0 and " " not in found
    except ValueError:
        return False
    return safe and plain and whole and (query or not parts.query)
