"""Releases that were seen, and whether an answer of the gate let them go. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

BEFORE = timedelta(days=1)
"""How long before it is seen a release may have asked."""
GRACE = timedelta(minutes=2)
"""How long after it an answer may still come to be recorded."""
_NAMES = ("version", "commit", "digest")


def let_go(seen: Mapping[str, str], asked: Mapping[str, Any]) -> bool:
    """Whether the evidence of an answer is about the release that was seen: whatever both name
    (version, commit, digest) is the same, and they name something in common."""
    pairs = [(seen.get(name, ""), str(asked.get(name) or "")) for name in _NAMES]
    both = [(one, other) for one, other in pairs if one and other]
    return bool(both) and all(one == other for one, other in both)
