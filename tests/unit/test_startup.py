"""How a verb of the terminal starts: without the libraries that only servers need."""

import subprocess
import sys

HEAVY = {"alembic", "fastapi", "slack_bolt", "starlette", "uvicorn"}


def test_reading_the_command_line_imports_no_library_that_only_servers_need() -> None:
    code = "import sys, bot.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert {"bot", "typer"} <= imported
    assert imported & HEAVY == set()
