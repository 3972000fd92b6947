"""What somebody wants to release: which version of which service, and what kind of change it is."""

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """What a change is for. It is a claim: a policy says who may make it."""

    BUG_FIX = "bug-fix"
    SECURITY_FIX = "security-fix"
    ROLLBACK = "rollback"
    RETRAIN = "retrain"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One release of one service; at least one of version, commit and digest names it."""

    service: str
    version: str = ""
    commit: str = ""
    digest: str = ""
    kind: ChangeKind = ChangeKind.OTHER
    ticket: str = ""

    @property
    def name(self) -> str:
        """What identifies it best, for people."""
        return self.version or self.commit[:12] or self.digest

    def pins(self, asked: "Change") -> bool:
        """Whether a grant for this change holds for the one asked about: the same service, and
        everything that this one names is named the same there. A new commit needs a new grant
        (law 14); what a grant leaves open is not held against anybody."""
        named = [(self.version, asked.version), (self.commit, asked.commit)]
        named.append((self.digest, asked.digest))
        given = [(mine, theirs) for mine, theirs in named if mine]
        return (
            self.service == asked.service
            and bool(given)
            and all(mine == theirs for mine, theirs in given)
        )
