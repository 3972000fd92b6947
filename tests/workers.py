"""How many processes share the tests: those that take long wait rather than compute."""

import os
from collections.abc import Sequence
from pathlib import Path

_MOST = 6
_WORTH_ONE = 12
"""Files for which one more process pays: each has to read all tests first."""


def workers(asked: Sequence[str]) -> int:
    """For what is named on the command line: up to one more than the machine has processors. 0 for
    a few files, whose tests then run in this very process, where one can look at them."""
    files = sum(len(_files(Path(word.partition("::")[0]))) for word in asked)
    found = min(files // _WORTH_ONE, _MOST, (os.cpu_count() or 1) + 1)
    return found if found > 1 else 0


def _files(path: Path) -> list[Path]:
    return list(path.rglob("test_*.py")) if path.is_dir() else [path]
