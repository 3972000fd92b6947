"""Notices that spec files changed."""

from pathlib import Path

from bot.spec.files import spec_files

_Look = tuple[tuple[str, int, int], ...]
"""Name, time of writing and size of each file."""


class Watched:
    """A folder of specs, looked at now and then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: _Look | None = None
        self.changed()

    def changed(self) -> bool:
        """Whether a file came, went, or was written since the last call (or the beginning).

        A folder that cannot be read just now (being replaced, say) has not changed.
        """
        try:
            now = self._look()
        except OSError:
            return False
        before, self._seen = self._seen, now
        return now != before

    def _look(self) -> _Look:
        return tuple(
            (path.as_posix(), facts.st_mtime_ns, facts.st_size)
            for path in spec_files(self._folder)
            for facts in (path.stat(),)
        )
