"""What Slack's answers, and its silences, mean for a call that was made."""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from math import isfinite
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import DeliveryError, RateLimited, Refused, Unclear, Unreachable

AGAIN_AFTER = 5.0
"""Seconds until another attempt when nobody was there."""
_PATIENCE = 30.0
"""Seconds to wait when Slack asks for patience without saying how much."""
_LONGEST = 3_600.0
_UNSURE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
    | {"team_added_to_org", "server_error", "unknown_error"}
)
"""Codes after which some of the work may have been done (Slack's own words on `fatal_error`)."""
_PATIENT = frozenset({"ratelimited", "rate_limited"})
_CODE = re.compile(r"[a-z][a-z0-9_]{1,80}")
_BEFORE_SENDING = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
"""Only the making of a connection fails so."""


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Around one call of slack_sdk: whatever it raises becomes a DeliveryError. `what` names the
    call in the text."""
    try:
        yield
    except SlackApiError as error:
        raise _judged(what, error) from error
    except URLError as error:
        raise _silent(what, error.reason) from error
    except (OSError, HTTPException, SlackClientError, ValueError, AttributeError) as error:
        # ValueError and AttributeError: bytes that are no text, JSON that is no object
        raise Unclear(f"{what}: {_word(error)}") from error


def _silent(what: str, reason: object) -> DeliveryError:
    if isinstance(reason, _BEFORE_SENDING):
        return Unreachable(f"{what}: {_word(reason)}", AGAIN_AFTER)
    return Unclear(f"{what}: {_word(reason)}")


def _judged(what: str, error: SlackApiError) -> DeliveryError:
    response = error.response
    data = response.data if isinstance(response.data, Mapping) else {}
    code = str(data.get("error", ""))
    if response.status_code == 429 or code in _PATIENT:
        return RateLimited(_retry_after(response.headers))
    if response.status_code >= 500 or code in _UNSURE or not _CODE.fullmatch(code):
        return Unclear(f"{what}: HTTP {response.status_code} {code[:200]}".strip())
    return Refused(code, _detail(data))


def _retry_after(headers: Mapping[str, Any]) -> float:
    named = {str(name).lower(): value for name, value in headers.items()}
    try:
        seconds = float(named.get("retry-after", _PATIENCE))
    except (TypeError, ValueError):
        return _PATIENCE
    return min(_LONGEST, max(1.0, seconds)) if isfinite(seconds) else _PATIENCE


def _detail(data: Mapping[str, Any]) -> str:
    """What Slack says beside the code: faults of blocks, the scope that is missing."""
    more = data.get("response_metadata")
    messages = more.get("messages") if isinstance(more, Mapping) else None
    found = [str(text).removeprefix("[ERROR] ") for text in messages or ()]
    if "needed" in data:
        found.append(f"needs the scope {data['needed']}")
    return "; ".join(found)[:1_000]


def _word(error: object) -> str:
    return str(error) or type(error).__name__
