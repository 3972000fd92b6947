"""How far something long is: a bar in a terminal, silence in a pipe."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Bar:
    """A context manager; call it with how many pieces of the work are done, and of how many."""

    def __init__(self, what: str = "reading history", console: Console | None = None) -> None:
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
        shown = console or Console(stderr=True)
        self._bar = Progress(
            *columns, TimeElapsedColumn(), console=shown, disable=not shown.is_terminal
        )
        self._task = self._bar.add_task("", total=None, visible=False)

    def __enter__(self) -> "Bar":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total, visible=True)
