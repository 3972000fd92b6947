"""What stands behind the doors for webhooks."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.flow.hosts.moves import TakeMoves
from bot.flow.hosts.notices import TakeNotices
from bot.flow.show.survey import Survey
from bot.ports import Clock


@dataclass(frozen=True)
class HookParts:
    """What stands behind them. `secrets` gives what is behind the name of a variable, and raises
    ConfigError where there is nothing."""

    catalog: Callable[[], Catalog]
    clock: Clock
    notices: TakeNotices
    moves: TakeMoves
    survey: Survey
    secrets: Callable[[str], str]
    calendar: str
    """The secret part of the calendar's address; empty: there is no calendar."""
    home: str
    """What sets this installation's freezes apart from those of others."""
