"""The demo's folder: whose it is while a demo runs, how far its day has come, what was said."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from bot import record
from bot.errors import RecordError, UserError
from bot.playground.fleet import day
from bot.playground.memory import remembered
from bot.playground.workspace import Workspace

_MARK = "day.json"
_ADDRESS = "address"
_ELSEWHERE = "mkdir try && cd try && burnban demo --port 0"


def database(folder: Path) -> str:
    """The URL of the demo's database."""
    return f"sqlite:///{folder / 'burnban.db'}"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Be the only demo in the folder. Raises UserError if it cannot be used."""
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(record.hold(database(folder)))
        except OSError as error:
            problem = f"The demo keeps its day in {folder}, which cannot be used: {error.strerror}."
            raise UserError(problem, "mkdir try && cd try && burnban demo") from error
        except RecordError as error:
            raise UserError(_taken(folder, error), _ELSEWHERE) from error
        yield


def _taken(folder: Path, error: RecordError) -> str:
    try:
        url = (folder / _ADDRESS).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return f"Another demo runs in this folder, or it cannot be locked: {error}"
    return f"A demo runs in this folder already: {url}. Another one wants a folder of its own."


@contextmanager
def announced(folder: Path, url: str) -> Iterator[None]:
    """Note where the demo of this folder is found while the block runs."""
    place = folder / _ADDRESS
    place.write_text(url, encoding="utf-8")
    try:
        yield
    finally:
        place.unlink(missing_ok=True)


def where_we_were(folder: Path, real_now: datetime, *, reset: bool) -> tuple[datetime, datetime]:
    """When the replayed day began and how far it had come; a new day, in an empty folder, if none
    is remembered."""
    try:
        if not reset:
            kept = json.loads((folder / _MARK).read_text(encoding="utf-8"))
            return datetime.fromisoformat(kept["start"]), datetime.fromisoformat(kept["position"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    _empty(folder)
    start = day.day_start(real_now)
    return start, start


def remember(folder: Path, start: datetime, position: datetime) -> None:
    """For the next start. Whoever is killed meanwhile leaves the old note or the new one."""
    kept = {"start": start.isoformat(), "position": position.isoformat()}
    fresh = folder / f"{_MARK}.new"
    fresh.write_text(json.dumps(kept), encoding="utf-8")
    fresh.replace(folder / _MARK)


@contextmanager
def kept(space: Workspace, folder: Path) -> Iterator[None]:
    """Put back what was said in the channels on the day so far, and keep what is said while the
    block runs. Raises UserError if that cannot be done."""
    with ExitStack() as stack:
        try:
            stack.enter_context(remembered(space, folder / "workspace.db"))
        except (OSError, ValueError) as error:
            problem = f"What was said on this day so far cannot be read: {error}."
            raise UserError(problem, "burnban demo --reset") from error
        yield


def _empty(folder: Path) -> None:
    """All but the lock, which is ours."""
    for each in folder.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each.suffix != ".lock":
            each.unlink()
