"""`/budget canary` and `/budget tasks` in Slack, and the buttons of a task."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.entrypoints.grammar_models import ReadCanary, ReadTasks
from bot.entrypoints.slack_body import actor, number_of, url_of, value_of
from bot.entrypoints.slack_reply import Desk, request_key
from bot.flow.canary.show import ShowCanary
from bot.flow.retrain.take import TakeTask
from bot.flow.show.tasks import ListTasks


@dataclass(frozen=True)
class Models:
    """What happens behind them."""

    desk: Desk
    showing: ShowCanary
    listing: ListTasks
    taking: TakeTask

    def look(self, question: ReadCanary | ReadTasks, url: str) -> None:
        """Answer a question."""
        match question:
            case ReadCanary():
                self.desk.show(url, "canary", partial(self.showing.facts, question.service))
            case ReadTasks():
                self.desk.show(url, "tasks", partial(self.listing.listing, question.word))

    def take(self, body: Mapping[str, Any]) -> None:
        """A click on "I take it"."""
        number = number_of(value_of(body), "task")
        self.desk.tell(url_of(body), self.taking.take(number, actor(body), request_key(body)))

    def start(self, body: Mapping[str, Any]) -> None:
        """A click on "Start the pipeline"."""
        number = number_of(value_of(body), "task")
        self.desk.tell(url_of(body), self.taking.start(number, actor(body), request_key(body)))
