"""Canaries and tasks in Slack, through Bolt: commands, buttons, votes."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from bot.decide.decision import Event
from bot.decide.release import Note, NoteKind
from bot.decide.task import Task
from bot.flow.canary.propose import WatchCanaries
from bot.flow.retrain.card import tell
from bot.judge.abreast import account_of
from bot.judge.ledger import Slice
from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST
from bot.ports import Act, Books
from tests.builders import MINUTE, objective
from tests.door import Door, door
from tests.e2e.slack import tells


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


def canary(house: Door) -> None:
    """38 beside 37, and five times as bad for half an hour."""
    now = house.core.clock.now()
    name = next(one.name for one in house.core.catalog().objectives if one.service == "ranker")
    start = int((now - timedelta(minutes=30)).timestamp()) // MINUTE * MINUTE

    def work(books: Books) -> None:
        for version, kind, hours in (("37", NoteKind.BEGAN, 9), ("38", NoteKind.SHARE, 1)):
            at = now - timedelta(hours=hours)
            share = Fraction(1, 10) if kind is NoteKind.SHARE else None
            books.journal.add(Note(0, version, "ranker", version, kind, at, "test", share))
        for version, bad in (("37", 1.0), ("38", 5.0)):
            own = objective(name=account_of(name, version))
            books.ledger.open([own], now)
            held = books.ledger.claim([own.id], now, 60, 1)
            rows = [Slice(start + n * MINUTE, 100.0, bad, MINUTE) for n in range(1, 30)]
            books.ledger.append_many([(held[0], rows, rows[-1].at)])

    house.core.record.write(work)


def test_a_proposed_rollback_is_approved_by_the_on_call_with_a_click(house: Door) -> None:
    before = house.slack.command(SCIENTIST.id, "/budget canary ranker")
    tells(before, "which version serves is not known")
    canary(house)
    tells(house.slack.command(SCIENTIST.id, "/budget canary ranker"), "fails more than 37")
    core = house.core
    assert WatchCanaries(core.record, core.clock, core.catalog, "").run() == 1
    house.chat.deliver.until_empty()
    (proposal,) = house.slack.heads("roll 38 back to 37?")
    tells(house.slack.click(ONCALL.id, proposal, "approve"), "Approved")
    house.chat.deliver.until_empty()
    assert house.events()[-3:] == ["rollback_advised", "vote_cast", "rollback_granted"]
    (edited,) = house.slack.heads("38 is to be rolled back to 37")
    tells(str(edited.blocks), "Approved by")


def opened(house: Door) -> None:
    """A task to retrain stands in the team's channel."""
    core = house.core
    now = core.clock.now()
    name = next(one.id for one in core.catalog().objectives if one.service == "ranker")

    def work(books: Books) -> None:
        evidence = {"title": "Drift of the price", "drift": True, "rows": []}
        task = books.tasks.open(Task(0, name, "ranker", now, evidence))
        assert task is not None
        tell(books, core.catalog(), "", task, Act.POST, "retrain", "open", now)

    core.record.write(work)
    house.chat.deliver.until_empty()


def test_a_task_is_taken_with_a_click_and_listed(house: Door) -> None:
    tells(house.slack.command(LEAD.id, "/budget tasks"), "No task to retrain is open")
    opened(house)
    (card,) = house.slack.heads("a task to retrain is open")
    tells(house.slack.click(SCIENTIST.id, card, "take_task"), "is yours")
    house.chat.deliver.until_empty()
    assert house.events()[-1] == str(Event.RETRAIN_TAKEN)
    tells(house.slack.command(LEAD.id, "/budget tasks ranker"), f"taken by <@{SCIENTIST.id}>")
    tells(house.slack.click(GUEST.id, card, "take_task"), "guests")
    tells(house.slack.command(GUEST.id, "/budget tasks"), "not guests")
