"""A process that delivers or votes, and dies where it is told to. Forked by the nursery."""

import logging
import os
import time
from collections.abc import Mapping
from typing import Any

from bot.clock import SystemClock
from bot.decide.approval import Choice
from bot.flow.ask.vote import CastVote
from bot.flow.tell.deliver import Deliver
from bot.notify.client import build_client
from bot.notify.directory import SlackDirectory
from bot.notify.render import TemplateRenderer
from bot.notify.slack import SlackMessenger
from bot.record import Database
from tests.e2e.chaos import KEYS, TEMPLATES, Plan, catalog
from tests.e2e.mortal import Fate, MortalMessenger, MortalRecord
from tests.e2e.nursery import serve

RENDERER = TemplateRenderer([TEMPLATES])
assert RENDERER.faults() == []  # read before the children are forked: none has to do it again


def main(words: Mapping[str, Any]) -> None:
    """Do the task of the plan to its end, unless death comes first."""
    logging.basicConfig(level=logging.INFO)
    plan = Plan(**words)
    fate = Fate(plan.step, plan.turn)
    client = build_client(KEYS.bot, plan.api_url, plan.patience)
    with Database(plan.database_url, pool=2) as database:
        record: Any = MortalRecord(database, fate)
        messenger: Any = MortalMessenger(SlackMessenger(client), fate)
        clock = SystemClock()
        worker = f"child:{os.getpid()}"
        deliver = Deliver(
            record, clock, RENDERER, messenger, worker, "", time.monotonic, plan.lease
        )  # fmt: skip
        if plan.task == "vote":
            people = catalog(plan.channel)
            # A vote that Slack does not answer in time is refused, and these are to be counted.
            asking = build_client(KEYS.bot, plan.api_url, plan.deadline)
            vote = CastVote(record, clock, lambda: people, SlackDirectory(asking, clock.now), "")
            vote.run(plan.request, plan.user, Choice.APPROVE)
            fate.reach("before", "answer")
        while plan.task == "work":
            deliver.run()
            time.sleep(0.05)
        deliver.until_empty(plan.deadline)


if __name__ == "__main__":
    serve(main)
