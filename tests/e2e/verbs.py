"""Verbs that end by themselves, run by the hundred: a process that has imported Burnban forks them.

Each is a process of its own, with the environment and the folder that it is given, that runs what
`python -m bot` runs and ends as Python ends; only the imports are done already. That it
says what one says that starts from nothing is proven in `test_verbs.py`.
"""

import atexit
import gc
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from threading import Lock

from tests.e2e.nursery import Nursery, forked
from tests.e2e.process import clean

_starting = Lock()


def forked_burnban(
    words: Sequence[str], env: Mapping[str, str], folder: Path, seconds: float = 60.0
) -> CompletedProcess[str]:
    """As `burnban` of tests/e2e/process.py, at a tenth of its price."""
    with _starting:
        nursery = _nursery()
    with TemporaryDirectory() as aside:
        out, err = Path(aside) / "out", Path(aside) / "err"
        plan = {"words": list(words), "env": clean(env), "folder": str(folder), "out": str(out)}
        code = nursery.child(plan, err).ended(seconds)
        return CompletedProcess(words, code, out.read_text(), err.read_text())


@cache
def _nursery() -> Nursery:
    made = Nursery("tests.e2e.verbs")
    atexit.register(made.__exit__, None, None, None)
    return made


def _main() -> None:
    """The server; in a child, the verb."""
    for module in ("wiring.commands", "wiring.complain", "wiring.doctor", "wiring.run"):
        import_module(f"bot.{module}")
    import_module("alembic.command")
    gc.freeze()
    plan = forked()
    if plan is None:
        return
    os.environ.clear()
    os.environ.update(plan["env"])
    os.chdir(plan["folder"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(plan["out"], os.O_WRONLY | os.O_CREAT), 1)
    sys.argv[1:] = plan["words"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
