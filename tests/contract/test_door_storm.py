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
from tests.e2e.slack import actions, tells, words

MANY = 5


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


@pytest.fixture
def storm(house: Door) -> Message:
    return asking(house, MANY)


def asking(house: Door, many: int) -> Message:
    """Policies ask for freezes, all at once."""
    core = house.core
    now = core.clock.now()
    asked = Request(
        0, Wish.FREEZE, Scope(Reach.SERVICE, "ranker"), "the budget is gone", BURNBAN,
        Origin.POLICY, ONE, now, now + timedelta(hours=1), cause="ranker/availability",
    )  # fmt: skip

    def work(books: Books) -> None:
        made = [books.requests.add(replace(asked, reason=f"budget {n}")) for n in range(many)]
        Gather(books, core.catalog(), "", now).put([one.id for one in made])

    core.record.write(work)
    house.chat.deliver.until_empty()
    return house.slack.head(f"{many} requests to freeze releases")


def leaf(house: Door, user: str, message: Message, button: str) -> Message:
    """The page that a button leads to: in private, in place of the present one."""
    assert button in actions(message)
    assert house.slack.sender.click(user, message.channel, message.ts, button).ok
    house.settle()
    return house.slack.space.ephemerals(user)[-1]


def numbers(message: Message) -> list[int]:
    """The requests that it has a menu for."""
    menus = [block["accessory"] for block in message.blocks if "accessory" in block]
    values = [menu["options"][0]["value"] for menu in menus]
    return [int(value.partition("|")[2]) for value in values]


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


@pytest.mark.parametrize("many", [16, 40, 120])
def test_however_many_wait_each_is_reached_by_its_own_menu(house: Door, many: int) -> None:
    storm = asking(house, many)
    page = leaf(house, SCIENTIST.id, storm, "waiting")
    found = numbers(page)
    assert len(found) == 15
    while "waiting" in actions(page):
        page = leaf(house, SCIENTIST.id, page, "waiting")
        found += numbers(page)
    assert found == list(range(1, many + 1))
    while "waiting_back" in actions(page):
        page = leaf(house, SCIENTIST.id, page, "waiting_back")
    assert numbers(page) == found[:15]
    assert len(house.slack.space.ephemerals(SCIENTIST.id)) == 1


def test_from_a_page_a_request_is_decided_as_from_the_message(house: Door) -> None:
    storm = asking(house, 16)
    page = leaf(house, ONCALL.id, leaf(house, ONCALL.id, storm, "waiting"), "waiting")
    assert numbers(page) == [16]
    (row,) = [block["block_id"] for block in page.blocks if "deny|16" in str(block)]
    act = lambda: house.slack.sender.click(  # noqa: E731
        ONCALL.id, page.channel, page.ts, "more", block_id=row, value="deny|16"
    )
    view = house.slack.opens(ONCALL.id, act, "Your denial of request 16")
    tells(house.slack.submit(ONCALL.id, view, {}), "You denied this request.")
    house.chat.deliver.until_empty()
    tells(words(house.slack.now(storm)), "15 of 16 requests wait, 1 is denied")


def test_a_page_of_what_is_over_by_now_says_so(house: Door) -> None:
    storm = asking(house, 16)
    house.slack.click(ONCALL.id, storm, "approve_all")
    tells(house.slack.click(ONCALL.id, storm, "waiting"), "None of them waits any more.")
