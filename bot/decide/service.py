"""A service: what scopes reach and objectives belong to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """A deployed model in an environment."""

    name: str
    title: str
    team: str
    environment: str = ""
    model: str = ""
    labels: frozenset[tuple[str, str]] = frozenset()
    """Key and value; a key with several values stands once with each."""
    policy: str = ""
    """Name of the policy that its releases fall under; empty: that of its objectives."""
