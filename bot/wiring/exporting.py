"""`burnban history export` and `prune`: files, and what is said of them beside."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from bot.entrypoints.exports import SHEETS, digest
from bot.errors import UserError
from bot.flow.history.export import Begin, Export, Gone, Shelf, Take, filters_of, manifest
from bot.flow.show.browse import Question
from bot.ports import Clock, Seals

Sending = Callable[[Begin], Gone]
"""Hands rows over, one by one."""


def manifest_of(path: Path) -> Path:
    """The file beside an export that says what it holds."""
    return path.with_name(f"{path.name}.manifest.json")


def to_file(
    path: Path, form: str, sending: Sending, filters: Mapping[str, str], seals: Seals, clock: Clock
) -> tuple[Gone, Shelf]:
    """Write an export and its manifest. Raises UserError if they cannot be, or are there."""
    with _fresh(path) as out:
        gone = sending(partial(_begun, out, form))
    shelf = Shelf(path.name, form, digest(path))
    said = manifest(gone, filters, shelf, seals, clock.now())
    with _fresh(manifest_of(path)) as out:
        out.write(f"{json.dumps(said, indent=2)}\n")
    return gone, shelf


def to_stream(
    out: IO[bytes], form: str, export: Export, asked: Question, seals: Seals, clock: Clock
) -> Mapping[str, Any]:
    """The same to a stream; the manifest is handed back. All is read before the first byte goes: a
    slow reader does not hold up the database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"history.{form}"
        gone, shelf = to_file(path, form, _asking(export, asked), filters_of(asked), seals, clock)
        with path.open("rb") as file:
            shutil.copyfileobj(file, out)
        out.flush()
    return manifest(gone, filters_of(asked), Shelf("-", form, shelf.sha256), seals, clock.now())


def asked_to_file(
    path: Path, form: str, export: Export, asked: Question, seals: Seals, clock: Clock
) -> Gone:
    """What a question means, into a file."""
    return to_file(path, form, _asking(export, asked), filters_of(asked), seals, clock)[0]


def _begun(out: IO[str], form: str) -> Take:
    out.seek(0)
    out.truncate()
    return SHEETS[form](out).take


def _asking(export: Export, asked: Question) -> Sending:
    return partial(export.run, asked)


@contextmanager
def _fresh(path: Path) -> Iterator[IO[str]]:
    """A file that was not there; it appears when all of it is on the disk, or not at all."""
    if path.exists():
        raise UserError(f"{path} is there already: name another file.")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
