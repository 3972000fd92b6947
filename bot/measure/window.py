"""A run of slices in milliseconds, as the questions to a source need it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.judge.thinning import Stretch


@dataclass(frozen=True, slots=True)
class Window:
    """Slices that end at `since + step`, `since + 2·step` … `until`; milliseconds since 1970."""

    since: int
    until: int
    step: int

    @classmethod
    def of(cls, stretch: Stretch, step: int) -> "Window":
        """A stretch in slices of `step` seconds."""
        return cls(stretch.since * 1000, stretch.until * 1000, step * 1000)

    @property
    def first(self) -> int:
        """End of the first slice."""
        return self.since + self.step

    @property
    def count(self) -> int:
        """How many slices."""
        return (self.until - self.since) // self.step

    def end(self, index: int) -> int:
        """End of a slice."""
        return self.since + (index + 1) * self.step

    def index(self, seconds: float) -> int:
        """Which slice ends at that instant."""
        return round((seconds * 1000 - self.since) / self.step) - 1

    def halves(self) -> tuple["Window", "Window"]:
        """The first and the second half of at least two slices."""
        middle = self.since + self.count // 2 * self.step
        return Window(self.since, middle, self.step), Window(middle, self.until, self.step)

    def pieces(self, most: int) -> Iterator["Window"]:
        """The same slices, at most so many at a time."""
        for since in range(self.since, self.until, most * self.step):
            yield Window(since, min(self.until, since + most * self.step), self.step)
