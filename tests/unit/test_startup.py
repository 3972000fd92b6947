"""How a verb of the terminal starts: without the libraries that only servers need."""

import subprocess
import sys

import pytest

HEAVY = {"alembic", "fastapi", "slack_bolt", "starlette", "uvicorn"}


def test_reading_the_command_line_imports_no_library_that_only_servers_need() -> None:
    code = (
        "import sys, bot.wiring.commands as _; print(*{n.partition('.')[0] for n in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert {"bot", "typer"} <= imported
    assert imported & HEAVY == set()


PRESSED = """
import os, signal, sys

class Pressing:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Pressing())
from bot.__main__ import main
main()
"""
"""Ctrl-C while a module is being loaded."""


@pytest.mark.parametrize("module", ["bot.wiring.commands", "typer", "bot.wiring.complain"])
def test_ctrl_c_while_the_verbs_are_being_loaded_ends_it_without_a_traceback(module: str) -> None:
    words = [sys.executable, "-c", PRESSED.format(module=module), "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
