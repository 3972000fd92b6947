"""Is the decision history as it was written? Every hash is computed anew."""

from bot import record
from bot.notify.checkup import Check
from bot.ports import Books
from bot.wiring.anchor import newest


def check_chain(url: str) -> Check:
    """Read the whole history, changing nothing. Raises RecordError."""
    if problem := record.pending(url):
        return Check("history", False, problem)

    def look(books: Books) -> tuple[int, int | None, tuple[int, str]]:
        rows, broken = books.history.verify()
        return rows, broken, newest(books) if broken is None else (0, "")

    with record.Database(url) as database:
        rows, broken, (seq, mark) = database.read(look)
    if broken is not None:
        text = f"broken at decision {broken}: it, or one before or after it, is not what was stored"
        return Check("history", False, text)
    text = f"{rows} decisions, the chain is sound"
    return Check("history", True, f"{text}; {seq} is the newest, its hash is {mark}")
