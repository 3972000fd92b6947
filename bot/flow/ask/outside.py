"""What a decision of people sets going outside, by what was asked for."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.decide.approval import Request, Vote, Wish
from bot.decide.catalog import Catalog
from bot.flow.canary.propose import carry_out as roll_back
from bot.flow.facts import Facts
from bot.flow.hosts.restore import carry_out as restore
from bot.flow.retrain.take import carry_out as retrain
from bot.ports import Books

CarryOut = Callable[[Books, Catalog, Request, Sequence[Vote], Facts, datetime], None]

ACTIONS: Mapping[Wish, CarryOut] = {
    Wish.RESTORE: restore,
    Wish.ROLLBACK: roll_back,
    Wish.RETRAIN: retrain,
}
