"""What a freeze or a request reaches: everything, a team's services, those of an environment, of a
model, with certain labels, or one service."""

from dataclasses import dataclass
from enum import StrEnum

from bot.decide.service import Service


class Reach(StrEnum):
    """How wide a scope is."""

    ALL = "all"
    TEAM = "team"
    ENVIRONMENT = "environment"
    MODEL = "model"
    """All environments of a model."""
    LABELS = "label"
    """Services that bear all of the labels."""
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Scope:
    """A reach and the name in it; the name of ALL is empty, that of LABELS is `key=value`, several
    of them joined by commas in the order of their keys."""

    reach: Reach
    name: str = ""

    @classmethod
    def parse(cls, key: str) -> "Scope":
        """Read back what `str` wrote."""
        reach, _, name = key.partition(":")
        return cls(Reach(reach), name)

    @classmethod
    def of_labels(cls, labels: frozenset[tuple[str, str]]) -> "Scope":
        """The services that bear all of these labels."""
        return cls(Reach.LABELS, ",".join(f"{key}={value}" for key, value in sorted(labels)))

    def __str__(self) -> str:
        return f"{self.reach}:{self.name}" if self.name else str(self.reach)

    @property
    def labels(self) -> frozenset[tuple[str, str]]:
        """Of a scope of labels: key and value of each."""
        pairs = (pair.partition("=") for pair in self.name.split(","))
        return frozenset((key, value) for key, _, value in pairs)

    def covers(self, service: Service) -> bool:
        """Whether a release of `service` falls under this scope."""
        if self.reach is Reach.LABELS:
            return self.labels <= service.labels
        named = {
            Reach.ALL: self.name,
            Reach.TEAM: service.team,
            Reach.ENVIRONMENT: service.environment,
            Reach.MODEL: service.model,
            Reach.SERVICE: service.name,
        }
        return named[self.reach] == self.name


EVERYTHING = Scope(Reach.ALL)
