"""Who sent a webhook: signatures over the raw bytes, compared in constant time. Nothing of a body
is read before."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from bot.errors import Unidentified

SKEW = 300
"""Seconds that a signature's time may be off, before or behind."""
_LONGEST_ID = 200


def check_github(secret: str, body: bytes, headers: Mapping[str, str]) -> str:
    """`X-Hub-Signature-256: sha256=…`; the id of the delivery. Raises Unidentified. GitHub signs no
    time: whoever replays is told by the delivery's id. `headers` have names in lower case."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    _demand(expected, headers.get("x-hub-signature-256", ""))
    return _id(headers, "x-github-delivery")


def check_gitlab(secret: str, headers: Mapping[str, str]) -> str:
    """`X-Gitlab-Token`, which is the secret itself; the id of the event. Raises Unidentified."""
    _demand(secret, headers.get("x-gitlab-token", ""))
    # The same for every attempt at one event.
    name = "idempotency-key" if "idempotency-key" in headers else "x-gitlab-event-uuid"
    return _id(headers, name)


def check_mlflow(secret: str, body: bytes, headers: Mapping[str, str], now: float) -> str:
    """`X-MLflow-Signature: v1,…` over id, time and body, as Standard Webhooks are signed; the id of
    the delivery. `now`: seconds since 1970. Raises Unidentified."""
    delivery = _id(headers, "x-mlflow-delivery-id")
    stamp = headers.get("x-mlflow-timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Unidentified("The time of the signature is missing or no number.")
    signed = f"{delivery}.{stamp}.".encode() + body
    digest = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest())
    _demand(f"v1,{digest.decode()}", headers.get("x-mlflow-signature", ""))
    if abs(now - int(stamp)) > SKEW:
        raise Unidentified("The signature is too old, or the clocks differ by over 5 min.")
    return delivery


def _demand(expected: str, given: str) -> None:
    if not given:
        raise Unidentified("The signature is missing.")
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise Unidentified("The signature does not fit.")


def _id(headers: Mapping[str, str], name: str) -> str:
    found = headers.get(name, "")
    if not 0 < len(found) <= _LONGEST_ID or not (found.isascii() and found.isprintable()):
        raise Unidentified(f"The header {name} is missing or malformed.")
    return found
