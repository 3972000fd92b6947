"""Is the decision history as it was written? Every hash is computed anew."""

from collections.abc import Sequence

from bot import record
from bot.config import Settings
from bot.decide.seal import Seal
from bot.entrypoints.terminal import counted
from bot.flow.history.prove import Examined, examine
from bot.notify.checkup import Check
from bot.wiring.anchor import seals


def check_chain(
    settings: Settings, anchors: Sequence[Seal] = (), keys: Sequence[str] = ()
) -> Check:
    """Read the whole history, changing nothing, and compare it with the anchors. `keys`: public
    ones that count beside those of the settings. Raises RecordError."""
    url = settings.database_url.get_secret_value()
    if problem := record.pending(url):
        return Check("history", False, problem)
    with record.Database(url) as database:
        found = examine(database, seals(settings, keys), anchors)
    return Check("history", not found.problem, _words(found))


def _words(found: Examined) -> str:
    proof = found.proof
    if proof.broken is not None:
        return f"broken at decision {proof.broken.seq}: {proof.broken.sentence}"
    if found.problem:
        return f"not to be relied on: {found.problem}"
    seq, mark = proof.newest
    sound = f"{counted(proof.rows, 'decision')}, the chain is sound"
    return "; ".join([sound, f"{seq} is the newest, its hash is {mark}", *found.notes])
