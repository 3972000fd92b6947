"""Overrides outlive a restart, and several processes on one PostgreSQL decide as one."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from bot.decide.approval import Answer
from bot.flow.tell.deliver import Deliver
from bot.notify.render import TemplateRenderer
from bot.record import Database
from tests import deciding_worker
from tests.deciding import LIVES, OPS, USABLE, V38, Stage
from tests.fakes import FakeMessenger

pytest_plugins = ["tests.record_stores"]

TEMPLATES = Path(__file__).parents[2] / "templates"


def deliver(stage: Stage, messenger: FakeMessenger) -> None:
    """Everything, at Slack's pace."""
    flow = Deliver(
        stage.record, stage.clock, TemplateRenderer([TEMPLATES]), messenger, "w", OPS, lambda: 0.0
    )
    for _ in range(60):
        flow.run()
        stage.clock.advance(1)


def test_a_restart_between_the_vote_and_the_edit_loses_nothing(database_url: str) -> None:
    messenger = FakeMessenger()
    with Database(database_url) as database:
        stage = Stage(database)
        stage.freeze()
        request = stage.asked()
        deliver(stage, messenger)
        for name in ("ada", "lead"):
            stage.vote(request.id, name)
        now = stage.clock.now()
    with Database(database_url) as database:
        again = Stage(database)
        again.clock.time = now
        deliver(again, messenger)
        (card,) = [p for p in messenger.posted if p.key == f"request:{request.id}"]
        assert "Approved by <@UADA>" in str(card.message.blocks)
        assert "Approved by <@UADA>" not in str(card.said[0].blocks)
        assert [p.message.text for p in messenger.posted if p.thread] == [
            "<@UEVE>, override 1 for version 38 of ranker is approved."
        ]
        used = again.use()
    with Database(database_url) as database:
        last = Stage(database)
        assert last.use() == used is not None
        assert last.use(run="2") is None
        assert last.vote(request.id, "ben").answer is Answer.CLOSED


@pytest.fixture
def replicas() -> Iterator[ProcessPoolExecutor]:
    """Two processes that wait for each other before each act."""
    context = get_context("spawn")
    gate = context.Barrier(2)
    with ProcessPoolExecutor(
        2, context, initializer=deciding_worker.begin, initargs=(gate,)
    ) as pool:
        yield pool


@pytest.mark.postgres
def test_two_processes_grant_use_and_settle_each_override_once(
    postgres_url: str, replicas: ProcessPoolExecutor
) -> None:
    versions = [str(number) for number in range(12)]
    with Database(postgres_url) as database:
        stage = Stage(database)
        stage.freeze()
        numbers = [stage.asked(replace(V38, version=version)).id for version in versions]
        votes = [
            replicas.submit(deciding_worker.vote, postgres_url, numbers, name)
            for name in ("ada", "lead")
        ]
        for pair in zip(*(one.result(120) for one in votes), strict=True):
            assert Counter(pair) == {str(Answer.COUNTED): 1, str(Answer.DECIDED): 1}
        uses = [
            replicas.submit(deciding_worker.use, postgres_url, versions[:8], run) for run in "12"
        ]
        for passed in zip(*(one.result(120) for one in uses), strict=True):
            assert sorted(passed) == [False, True]
        waiting = stage.asked(replace(V38, version="late")).id
        ends = [
            replicas.submit(deciding_worker.settle, postgres_url, [LIVES, USABLE]) for _ in range(2)
        ]
        assert sum(sum(one.result(120)) for one in ends) == len(versions) - 8 + 1
        story = stage.events()
        assert story.count("override_granted") == 12
        assert story.count("override_used") == 8
        assert story.count("override_expired") == 4
        assert story.count("request_expired") == 1
        kept = database.read(lambda books: books.requests.get(waiting))
        assert kept is not None
        assert stage.sound()
