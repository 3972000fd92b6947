"""Many requests in one message, through signed requests: decided one by one, and all in one go."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.approval import Request, Wish
from bot.decide.freeze import Origin
from bot.decide.people import BURNBAN
from bot.decide.quorum import ONE
from bot.decide.scope import Reach, Scope
from bot.flow.ask.gather import Gather
from bot.playground.model import Message
from bot.playground.seed import ONCALL, SCIENTIST
from bot.ports import Books
from tests.door import Door, door
from tests.e2e.slack import tells, words

MANY = 5


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


@pytest.fixture
def storm(house: Door) -> Message:
    """Policies ask for freezes, all at once."""
    core = house.core
    now = core.clock.now()
    asked = Request(
        0, Wish.FREEZE, Scope(Reach.SERVICE, "ranker"), "the budget is gone", BURNBAN,
        Origin.POLICY, ONE, now, now + timedelta(hours=1), cause="ranker/availability",
    )  # fmt: skip

    def work(books: Books) -> None:
        made = [books.requests.add(replace(asked, reason=f"budget {n}")) for n in range(MANY)]
        Gather(books, core.catalog(), "", now).put([one.id for one in made])

    core.record.write(work)
    house.chat.deliver.until_empty()
    return house.slack.head("5 requests to freeze releases")


def test_all_are_approved_in_one_go_and_each_is_on_record(house: Door, storm: Message) -> None:
    said = house.slack.click(ONCALL.id, storm, "approve_all")
    tells(said, "You chose to approve 5 requests: 5 are decided by it.")
    house.chat.deliver.until_empty()
    tells(words(house.slack.now(storm)), "All 5 requests to freeze releases are over")
    assert house.events().count("vote_cast") == house.events().count("frozen") == MANY
    assert len(house.slack.heads("Releases of")) == 0
    assert len(house.slack.replies(storm)) == MANY


def test_who_may_not_decide_them_is_told_so_once(house: Door, storm: Message) -> None:
    said = house.slack.click(SCIENTIST.id, storm, "deny_all")
    tells(said, "5 are for others to decide")
    assert "vote_cast" not in house.events()


def test_one_of_them_is_denied_by_its_own_menu_and_the_message_says_so(
    house: Door, storm: Message
) -> None:
    (row,) = [block["block_id"] for block in storm.blocks if "deny|2" in str(block)]
    act = lambda: house.slack.sender.click(  # noqa: E731
        ONCALL.id, storm.channel, storm.ts, "more", block_id=row, value="deny|2"
    )
    view = house.slack.opens(ONCALL.id, act, "Your denial of request 2")
    tells(house.slack.submit(ONCALL.id, view, {}), "You denied this request.")
    house.chat.deliver.until_empty()
    tells(words(house.slack.now(storm)), "4 of 5 requests wait, 1 is denied")
