"""What people name by its number instead of by its scope."""

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.freeze import Ending
from bot.errors import UserError
from bot.flow.ask.request import Plea
from bot.ports import Record


def number_in(word: str) -> int | None:
    """The number of a freeze, as `12` or `#12`; None if it is no number."""
    digits = word.removeprefix("#")
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= 18 else None


def plea_of(
    record: Record,
    catalog: Catalog,
    wish: Wish,
    word: str,
    reason: str,
    until: Ending | None = None,
) -> Plea:
    """What is asked for by a word for a scope, or by the number of a freeze to be lifted. A service
    that is called `12` comes first; `#12` is always a number. Raises UserError for neither."""
    number = number_in(word) if wish is Wish.UNFREEZE else None
    try:
        return Plea(wish, catalog.scope(word), reason, until)
    except UserError:
        if number is None:
            raise
    freeze = record.read(lambda books: books.freezes.get(number))
    if freeze is None:
        raise UserError(f"There is no freeze {number}.", "/freeze list")
    return Plea(wish, freeze.scope, reason, freeze=number)
