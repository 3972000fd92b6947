"""The flows of overrides, votes and reviews, put together."""

from bot.entrypoints.override_words import OverrideFlows
from bot.entrypoints.scheduler import Tick
from bot.flow.ask.escalate import Escalate
from bot.flow.ask.take_back import TakeBack
from bot.flow.freeze.dispute import Dispute
from bot.flow.override.break_glass import BreakGlass
from bot.flow.override.listing import ListOverrides
from bot.flow.override.request import AskOverride
from bot.flow.override.review import FinishReview, RemindReviews
from bot.flow.override.revoke import RevokeOverride
from bot.flow.override.settle import SettleOverrides
from bot.flow.override.use import UseOverride
from bot.ports import Directory
from bot.wiring.core import Core


def override_flows(core: Core, directory: Directory) -> OverrideFlows:
    """What stands behind /override; `directory` is asked live."""
    record, clock, catalog, ops = core.record, core.clock, core.catalog, core.settings.ops_channel
    return OverrideFlows(
        record,
        catalog,
        AskOverride(record, clock, catalog, directory, ops),
        BreakGlass(record, clock, catalog, directory, ops),
        RevokeOverride(record, clock, catalog, directory, ops),
        FinishReview(record, clock, catalog, directory, ops),
        take_back(core),
        ListOverrides(record, clock, catalog),
        Dispute(core.ask(directory)),
    )


def take_back(core: Core) -> TakeBack:
    """Votes and requests that people take back."""
    return TakeBack(core.record, core.clock, core.catalog, core.settings.ops_channel)


def use_override(core: Core) -> UseOverride:
    """By which the gate lets a release through."""
    return UseOverride(core.record, core.clock, core.catalog, core.settings.ops_channel)


def decision_ticks(core: Core, shown: Directory) -> list[Tick]:
    """What time brings about with requests, grants and reviews. `shown`: who is who, at most five
    minutes ago."""
    record, clock, catalog, ops = core.record, core.clock, core.catalog, core.settings.ops_channel
    return [
        Tick("escalate", 15.0, Escalate(record, clock, catalog, shown, ops).run),
        Tick("overrides", 2.0, SettleOverrides(record, clock, catalog, ops).run),
        Tick("reviews", 60.0, RemindReviews(record, clock, catalog, ops).run),
    ]
