"""Where documents of JSON are found: in a folder, or at an address."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from bot.errors import SourceError
from bot.measure.places.rest import Rest
from bot.measure.places.row import Unfit

FILES = 5_000
"""Files of one folder that may be new."""
LARGEST = 64 * 1024 * 1024
"""Bytes of one file."""
_EARLY = 86_400
"""Seconds by which a file may be older than what it tells of: clocks differ, zones are mistaken."""
Named = tuple[str, Callable[[], Any]]
"""The name of a document, and how its JSON is got (which raises Unfit)."""


class Documents(Protocol):
    """What results are read from."""

    def since(self, at: int, deadline: float) -> list[Named]:
        """All that may tell of the time after `at` (seconds since 1970), in a fixed order. Raises
        SourceError."""
        ...

    def close(self) -> None: ...


class Folder:
    """The JSON files in a folder and below, in the order of their names; but for those in which a
    workspace says what its projects are called."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def since(self, at: int, _deadline: float) -> list[Named]:
        """Those that were written since then."""
        if not self._path.is_dir():
            raise SourceError(f"has no folder {self._path}, or it may not be read by Burnban")
        files = [one for one in self._path.rglob("*.json") if _fresh(one, at) and not _about(one)]
        if len(files) > FILES:
            raise SourceError(f"has more than {FILES:,} new files: move the old ones elsewhere")
        return [(one.relative_to(self._path).as_posix(), _loader(one)) for one in sorted(files)]

    def close(self) -> None:
        """Nothing is open."""


class Address:
    """One document, or a list of them."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def since(self, _at: int, deadline: float) -> list[Named]:
        """All that there are."""
        said = self._rest.get("", {}, deadline)
        some = said if isinstance(said, list) else [said]
        return [(f"report {number}", _given(one)) for number, one in enumerate(some, 1)]

    def close(self) -> None:
        """Close every connection."""
        self._rest.close()


def _given(said: Any) -> Callable[[], Any]:
    return lambda: said


def _fresh(file: Path, since: int) -> bool:
    try:
        return file.is_file() and file.stat().st_mtime > since - _EARLY
    except OSError:
        return False  # it was moved meanwhile


def _about(file: Path) -> bool:
    """Evidently 0.7 keeps its snapshots in a folder beside the file about their project."""
    return file.name == "metadata.json" and (file.parent / "snapshots").is_dir()


def _loader(file: Path) -> Callable[[], Any]:
    def load() -> Any:
        try:
            with file.open("rb") as opened:
                text = opened.read(LARGEST + 1)
        except OSError as error:
            raise Unfit(f"{file.name} cannot be read: {error.strerror or error}") from None
        if len(text) > LARGEST:
            raise Unfit(f"{file.name} is larger than {LARGEST:,} bytes")
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise Unfit(f"{file.name} is no JSON, or not all of it is there yet") from None

    return load
