"""Guests, bots, people who have left and people of other workspaces neither ask nor vote, by
commands, forms or buttons. They are members of the group that decides, and that changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.playground.model import Message
from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import ROOM, actions, tells

KINDS: dict[str, dict[str, Any]] = {
    "guests cannot decide": {"is_guest": True},
    "bots cannot decide": {"is_bot": True},
    "this account is deactivated": {"deleted": True},
    "people from other workspaces cannot decide here": {"team": "T0ELSEWHERE"},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One for all: nothing that is tried here changes anything."""
    with door(tmp_path_factory.mktemp("door")) as found:
        yield found


@pytest.fixture(params=KINDS.items(), ids=[next(iter(kind)) for kind in KINDS.values()])
def why(request: pytest.FixtureRequest, house: Door) -> str:
    """Jonas, who is on call, has become somebody who may not decide: the words for it."""
    words, change = request.param
    house.slack.space.put_user(replace(ONCALL, **change))
    return str(words)


@pytest.fixture(scope="module")
def asked(house: Door) -> Message:
    """What Mira asks for, as it stands in the channel."""
    house.slack.command(SCIENTIST.id, "/freeze ranker for 2h bad roll-out")
    house.chat.deliver.until_empty()
    (found,) = house.slack.heads("Freeze releases of service ranker?")
    return found


def warned(house: Door) -> Message:
    """The warning: what is asked for shows the budget too, but can be acknowledged by nobody."""
    heads = house.slack.heads("Requests that succeed")
    (found,) = [one for one in heads if "acknowledge" in actions(one)]
    return found


@pytest.mark.parametrize("line", ["/freeze ranker for 2h why", "/unfreeze ranker why"])
def test_an_outsider_does_not_ask_by_command(house: Door, why: str, line: str) -> None:
    before = house.events()
    tells(house.slack.command(ONCALL.id, line), f"You cannot ask for this here: {why}.")
    assert house.events() == before


@pytest.mark.parametrize("line", ["/freeze", "/unfreeze"])
def test_an_outsider_is_given_no_form(house: Door, why: str, line: str) -> None:
    assert house.slack.sender.command(ONCALL.id, ROOM, line).ok
    house.settle()
    view = house.slack.space.modals.top(ONCALL.id)
    assert view is not None
    assert "for members of this workspace" in str(view.content)
    assert not [block for block in view.content["blocks"] if block["type"] == "input"]


def test_an_outsider_is_given_no_form_by_the_button_of_a_warning(house: Door, why: str) -> None:
    warning = warned(house)
    assert house.slack.sender.click(ONCALL.id, warning.channel, warning.ts, "ask_freeze").ok
    house.settle()
    view = house.slack.space.modals.top(ONCALL.id)
    assert view is not None
    assert "for members of this workspace" in str(view.content)


def test_who_became_an_outsider_with_the_form_open_does_not_ask_by_it(house: Door) -> None:
    for why, change in KINDS.items():
        house.slack.space.put_user(LEAD)
        assert house.slack.sender.command(LEAD.id, ROOM, "/freeze").ok
        house.settle()
        view = house.slack.space.modals.top(LEAD.id)
        assert view is not None
        house.slack.space.put_user(replace(LEAD, **change))
        before = house.events()
        entered = {"scope": {"scope": "service:ranker"}, "reason": {"reason": "by form"}}
        tells(house.slack.submit(LEAD.id, view, entered), f"You cannot ask for this here: {why}.")
        assert house.events() == before


@pytest.mark.parametrize("button", ["approve", "deny"])
def test_the_vote_of_an_outsider_does_not_count(
    house: Door, why: str, asked: Message, button: str
) -> None:
    before = house.events()
    tells(house.slack.click(ONCALL.id, asked, button), f"Your vote was not counted: {why}.")
    assert [event for event in house.events()[len(before) :] if event != "vote_refused"] == []
    (open_request,) = house.core.record.read(
        lambda books: books.requests.pending(house.core.clock.now())
    )
    assert house.core.record.read(lambda books: books.requests.votes(open_request.id)) == []


def test_an_outsider_acknowledges_nothing(house: Door, why: str) -> None:
    warning = warned(house)
    before = house.events()
    tells(house.slack.click(ONCALL.id, warning, "acknowledge"), why)
    assert house.events() == before
