"""Is the decision history as it was written? Every hash is computed anew."""

from bot import record
from bot.entrypoints.terminal import counted
from bot.notify.checkup import Check


def check_chain(url: str) -> Check:
    """Read the whole history, changing nothing. Raises RecordError."""
    if problem := record.pending(url):
        return Check("history", False, problem)

    with record.Database(url) as database:
        proof = database.read(lambda books: books.history.verify())
    if proof.broken is not None:
        text = f"broken at decision {proof.broken.seq}: {proof.broken.sentence}"
        return Check("history", False, text)
    seq, mark = proof.newest
    text = f"{counted(proof.rows, 'decision')}, the chain is sound"
    return Check("history", True, f"{text}; {seq} is the newest, its hash is {mark}")
