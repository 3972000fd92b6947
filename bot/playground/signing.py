"""Slack's request signature, version 0."""

from __future__ import annotations

import hashlib
import hmac


def signed_headers(key: str, body: bytes, now: float) -> dict[str, str]:
    stamp = str(int(now))
    base = b":".join((b"v0", stamp.encode(), body))
    digest = hmac.new(key.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
