"""Long work shows how far it is in a terminal, and is silent in a pipe."""

import io
import os
import pty
import threading
import tty

from rich.console import Console

from bot.wiring.progress import Bar

END = b"\x04"


def in_a_terminal(*steps: tuple[int, int]) -> str:
    """All that a terminal of 80 columns is sent. It stays open until everything was read: what is
    still on its way when it closes may be lost."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    got = bytearray()

    def read() -> None:
        while not got.endswith(END):
            got.extend(os.read(ours, 4_096))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    with os.fdopen(theirs, "w") as terminal:
        console = Console(file=terminal, width=80)
        assert console.is_terminal
        with Bar(console=console) as bar:
            for step in steps:
                bar(*step)
        terminal.write(END.decode())
        terminal.flush()
        reader.join(30)
    assert got.endswith(END), "the terminal was not read to its end"
    os.close(ours)
    return got.decode()


def test_a_terminal_is_shown_how_many_stretches_are_read() -> None:
    shown = in_a_terminal((1, 40), (40, 40))
    assert "reading history" in shown
    assert "40/40" in shown


def test_a_terminal_without_a_back_fill_is_shown_nothing_of_one() -> None:
    assert "reading history" not in in_a_terminal()


def test_a_pipe_is_told_nothing() -> None:
    out = io.StringIO()
    with Bar(console=Console(file=out, width=80)) as bar:
        bar(1, 40)
    assert out.getvalue() == ""
