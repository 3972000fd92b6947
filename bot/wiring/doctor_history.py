"""What can be wrong with the history: its chain, its anchors, and who could change it."""

from collections.abc import Iterator

from bot import record
from bot.config import Settings
from bot.errors import BurnbanError, UserError
from bot.flow.history.anchor import CHANNEL, chore
from bot.judge.dates import instant
from bot.notify.checkup import Check
from bot.wiring.anchor import channel, known_anchors, places, seals
from bot.wiring.chain import check_chain


def check_history(settings: Settings) -> Iterator[Check]:
    """Looks without touching, at a database of the present schema."""
    try:
        yield check_chain(settings, known_anchors(settings))
        yield _anchors(settings)
        yield from _rights(settings)
    except UserError as error:
        yield Check("anchors", False, error.sentence)
    except BurnbanError as error:
        yield Check("history", False, str(error))


def _anchors(settings: Settings) -> Check:
    """Where the head of the history goes, and whether it got there."""
    known = [*([CHANNEL] if channel(settings) else []), *places(settings)]
    if not known:
        text = "go nowhere: nobody would notice that the tail of the history was cut"
        remedy = "set BURNBAN_OPS_CHANNEL, or one of BURNBAN_ANCHOR_CHANNEL, _FILE, _WEBHOOK"
        return Check("anchors", False, f"{text}; {remedy}")
    text = ", ".join(_place(settings, name) for name in known)
    public = seals(settings).public
    if not public:
        remedy = "`burnban history key` makes one for BURNBAN_ANCHOR_KEY"
        text = f"every hour to {text}; not signed, for there is no key: {remedy}"
        return Check("anchors", True, text, better=True)
    return Check("anchors", True, f"every hour to {text}; signed, public key {public}")


def _place(settings: Settings, name: str) -> str:
    words = {"channel": channel(settings), "file": str(settings.anchor_file)}
    with record.Database(settings.database_url.get_secret_value()) as database:
        last = database.read(lambda books: books.chores.last(chore(name)))
    when = f"last {instant(last[1])}" if last else "none yet"
    return f"{words.get(name, f'the {name}')} ({when})"


def _rights(settings: Settings) -> Iterator[Check]:
    who, excess = record.overpowered(settings.database_url.get_secret_value())
    if excess:
        remedy = "let it connect as a role that only adds (BURNBAN_DATABASE_ROLE, docs/history.md)"
        yield Check("history role", True, f"Burnban is {who}, who {excess}: {remedy}", better=True)
    elif who:
        yield Check("history role", True, f"Burnban is {who}, who can only add to the history")
