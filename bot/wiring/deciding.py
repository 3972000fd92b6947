"""The flows of overrides, votes and reviews, put together."""

from bot.entrypoints.override_words import OverrideFlows
from bot.entrypoints.scheduler import Tick
from bot.flow.break_glass import BreakGlass
from bot.flow.dispute import Dispute
from bot.flow.escalate import Escalate
from bot.flow.list_overrides import ListOverrides
from bot.flow.override import AskOverride
from bot.flow.review import FinishReview, RemindReviews
from bot.flow.revoke import RevokeOverride
from bot.flow.settle_overrides import SettleOverrides
from bot.flow.take_back import TakeBack
from bot.flow.use_override import UseOverride
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
