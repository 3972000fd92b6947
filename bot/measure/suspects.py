"""What took too long, or was refused, at the last asking: from then on it is asked apart."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from bot.measure.question import Subject

FIRST_REST = 60.0
LONGEST_REST = 3_600.0
"""Seconds that a subject rests which alone was too slow; twice as long each time."""


@dataclass(frozen=True, slots=True)
class _Suspicion:
    group: int
    """Those of one group are asked together; it is not known yet which of them it is."""
    slow: int = 0
    """How often it took too long all alone."""
    again: float = 0.0
    """When it is to be asked again; seconds of the clock."""


class Suspects:
    """The memory of a source between two reads."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._found: dict[Subject, _Suspicion] = {}
        self._groups = 0

    def __contains__(self, subject: Subject) -> bool:
        return subject in self._found

    def rests(self, subject: Subject) -> bool:
        """Whether it is not even to be asked now."""
        found = self._found.get(subject)
        return found is not None and found.again > self._monotonic()

    def groups(self, subjects: Iterable[Subject]) -> list[frozenset[Subject]]:
        """Those of the subjects that are suspects, in the groups to ask them in: who has waited
        longest is first."""
        found: dict[tuple[float, int], set[Subject]] = defaultdict(set)
        for subject in subjects:
            if suspicion := self._found.get(subject):
                found[suspicion.again, suspicion.group].add(subject)
        return [frozenset(found[key]) for key in sorted(found)]

    def slow(self, subject: Subject) -> None:
        """It took too long all alone."""
        old = self._found.get(subject) or self._new()
        rest = min(LONGEST_REST, FIRST_REST * 2**old.slow)
        self._found[subject] = replace(
            old, group=self._new().group, slow=old.slow + 1, again=self._monotonic() + rest
        )

    def refused(self, subject: Subject) -> None:
        """It was refused all alone."""
        self._found[subject] = replace(self._new(), again=self._monotonic())

    def unresolved(self, subjects: Collection[Subject]) -> None:
        """One of them took too long; there was no time to find out which."""
        suspicion = replace(self._new(), again=self._monotonic())
        self._found |= dict.fromkeys(subjects, suspicion)

    def clear(self, subjects: Iterable[Subject]) -> None:
        """They answered."""
        for subject in subjects:
            self._found.pop(subject, None)

    def _new(self) -> _Suspicion:
        self._groups += 1
        return _Suspicion(self._groups)
