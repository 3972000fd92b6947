"""Which end of a freeze was understood."""

from bot.entrypoints.grammar_freeze import EditWords
from bot.entrypoints.moments import ending
from bot.flow.ask.request import Outcome


def new_end(words: EditWords, outcome: Outcome) -> str:
    """A sentence that says which end was understood; empty if there is none."""
    if words.reason_only:
        return ""
    if outcome.request is not None:
        return ending(outcome.request.until, "The end asked for is")
    return ending(outcome.freeze.ends_at if outcome.freeze else None)
