"""From errors to what the terminal says, and to exit codes."""

import errno
import shlex
from collections.abc import Sequence

from bot.entrypoints.mended import mended
from bot.entrypoints.plain import plain
from bot.entrypoints.typed import typed_here
from bot.errors import (
    BurnbanError,
    ConfigError,
    FaultyError,
    RecordError,
    SpecError,
    Unplaced,
    UserError,
)

MOST = 200
"""Faults that are listed; beyond that nobody reads on."""
_UNWRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def complaint(error: Exception) -> tuple[int | None, str]:
    """Exit code and text; code None for what nobody foresaw: that deserves its traceback.

    2: the input is at fault (specs, settings, words); 1: the world is (database, Slack, sources).
    """
    code, text = _sorted(error)
    return code, "\n".join(_fit(line) for line in text.split("\n"))


def helpful(error: Exception, words: Sequence[str]) -> Exception:
    """With the command as it was typed for an example, where a word of it means no scope."""
    typed = f"burnban {shlex.join(words)}"
    return mended(error, typed, ()) if isinstance(error, Unplaced) else error


def _fit(line: str) -> str:
    """Files and servers have a say in it: nothing of theirs steers the terminal."""
    rest = line.lstrip(" ")
    return " " * (len(line) - len(rest)) + plain(rest)


def _sorted(error: Exception) -> tuple[int | None, str]:
    if isinstance(error, SpecError | ConfigError):
        return 2, _listed(error)
    if isinstance(error, UserError):
        return 2, f"{typed_here(error.sentence)}{_hint(typed_here(error.example))}"
    if isinstance(error, RecordError):
        return 1, _of_database(str(error))
    if isinstance(error, OSError) and error.errno in _UNWRITTEN:
        what = f" {error.filename}" if error.filename else ""
        return 1, f"Writing{what} failed: {error.strerror}."
    if isinstance(error, BrokenPipeError):
        return 1, ""  # whoever read it has gone, and needs no words
    return (1, str(error)) if isinstance(error, BurnbanError) else (None, "")


def _hint(example: str) -> str:
    """A command is an example; a sentence says what to do."""
    lead = "For example" if example.startswith("burnban ") else "Next"
    return f"\n{lead}: {example}" if example else ""


def _of_database(said: str) -> str:
    if not said.startswith("the database "):
        return f"The database: {said}"
    check = ". Check DATABASE_URL." if "does not answer" in said else ""
    return f"T{said[1:]}{check}"


def _listed(error: FaultyError) -> str:
    count = len(error.faults)
    head = "1 fault:" if count == 1 else f"{count} faults:"
    more = [f"  … and {count - MOST} more."] if count > MOST else []
    return "\n".join([head, *(f"  {fault}" for fault in error.faults[:MOST]), *more])
