"""What a freeze or a request reaches: everything, a team's services, or one service."""

from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """How wide a scope is."""

    ALL = "all"
    TEAM = "team"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Scope:
    """A reach and the name in it; the name of ALL is empty."""

    reach: Reach
    name: str = ""

    @classmethod
    def parse(cls, key: str) -> "Scope":
        """Read back what `str` wrote."""
        reach, _, name = key.partition(":")
        return cls(Reach(reach), name)

    def __str__(self) -> str:
        return f"{self.reach}:{self.name}" if self.name else str(self.reach)

    def covers(self, service: str, team: str) -> bool:
        """Whether a release of `service`, owned by `team`, falls under this scope."""
        if self.reach is Reach.ALL:
            return True
        return self.name == (team if self.reach is Reach.TEAM else service)


EVERYTHING = Scope(Reach.ALL)
