"""Long work shows how far it is in a terminal, and is silent in a pipe."""

import io
import os
import pty
import threading

from rich.console import Console

from bot.wiring.progress import Bar


def in_a_terminal(*steps: tuple[int, int]) -> str:
    """All that a terminal of 80 columns is sent."""
    ours, theirs = pty.openpty()
    got: list[bytes] = []

    def read() -> None:
        while True:
            try:
                some = os.read(ours, 4_096)
            except OSError:  # the other end is closed, and everything was read
                return
            if not some:
                return
            got.append(some)

    reader = threading.Thread(target=read)
    reader.start()
    with os.fdopen(theirs, "w") as terminal:
        console = Console(file=terminal, width=80)
        assert console.is_terminal
        with Bar(console) as bar:
            for step in steps:
                bar(*step)
    reader.join(10)
    os.close(ours)
    return b"".join(got).decode()


def test_a_terminal_is_shown_how_many_stretches_are_read() -> None:
    shown = in_a_terminal((1, 40), (40, 40))
    assert "reading history" in shown
    assert "40/40" in shown


def test_a_terminal_without_a_back_fill_is_shown_nothing_of_one() -> None:
    assert "reading history" not in in_a_terminal()


def test_a_pipe_is_told_nothing() -> None:
    out = io.StringIO()
    with Bar(Console(file=out, width=80)) as bar:
        bar(1, 40)
    assert out.getvalue() == ""
