"""What is advised about models, put together: canaries and tasks to retrain."""

from bot.entrypoints.scheduler import Tick
from bot.entrypoints.slack_models import Models
from bot.entrypoints.slack_reply import Desk
from bot.flow.canary.outcome import FollowAdvice
from bot.flow.canary.propose import WatchCanaries
from bot.flow.canary.show import ShowCanary
from bot.flow.retrain.remind import RemindTasks
from bot.flow.retrain.take import TakeTask
from bot.flow.show.tasks import ListTasks
from bot.ports import Directory
from bot.wiring.core import Core


def show_canary(core: Core) -> ShowCanary:
    """What versions say against one another."""
    return ShowCanary(core.record, core.clock, core.catalog)


def list_tasks(core: Core) -> ListTasks:
    """Open tasks."""
    return ListTasks(core.record, core.clock, core.catalog)


def model_words(core: Core, directory: Directory, desk: Desk) -> Models:
    """What Slack asks and clicks; `directory` is asked live."""
    ops = core.settings.ops_channel
    taking = TakeTask(core.record, core.clock, core.catalog, directory, ops)
    return Models(desk, show_canary(core), list_tasks(core), taking)


def advice_ticks(core: Core, shown: Directory) -> list[Tick]:
    """What is looked at again and again. `shown`: who is who, at most five minutes ago."""
    record, clock, catalog, ops = core.record, core.clock, core.catalog, core.settings.ops_channel
    remind = RemindTasks(record, clock, catalog, shown, ops, core.settings.zone)
    return [
        Tick("canaries", 30.0, WatchCanaries(record, clock, catalog, ops).run),
        Tick("advice", 10.0, FollowAdvice(record, clock, catalog, ops).run),
        Tick("tasks", 300.0, remind.run),
    ]
