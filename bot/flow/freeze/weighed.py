"""What those see who are asked to set a freeze, or to lift one: the figures of now."""

from collections.abc import Sequence
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.episode import Level
from bot.decide.freeze import Freeze
from bot.decide.scope import Scope
from bot.flow.facts import Facts
from bot.flow.freeze.outlook import Outlook, outlook
from bot.flow.grounds import grounds
from bot.ports import Books

MOST = 40
"""Objectives that are judged for one request: the history is held meanwhile. Of a wider scope only
those of which a warning stands."""


def weigh(
    books: Books, catalog: Catalog, scope: Scope, freezes: Sequence[Freeze], now: datetime
) -> Facts:
    """The figures of the objective with the least left, of those that caused the freezes or else of
    those that the scope reaches; `expected`: when the freezes will about end by themselves, if the
    policy set them. Empty if there is no objective."""
    causes = [cause for freeze in freezes for cause in freeze.causes]
    found = causes or [one.id for one in catalog.objectives_in(scope)]
    if len(found) > MOST:
        standings = books.standings.get(found)
        open_ones = (n for n, one in standings.items() if one.level is not Level.QUIET)
        found = sorted(open_ones)[:MOST]
    facts = grounds(books, catalog, found, now)
    if not facts:
        return {}
    known = _together([outlook(books, catalog, freeze, now) for freeze in freezes])
    return facts | ({} if known is None else {"expected": known.facts})


def _together(each: Sequence[Outlook | None]) -> Outlook | None:
    """The last of them; one of which nobody knows speaks for all."""
    found = [one for one in each if one is not None]
    unknown = next((one for one in found if one.at is None), None)
    ends = [one.at for one in found if one.at is not None]
    return unknown or (Outlook(max(ends)) if ends else None)
