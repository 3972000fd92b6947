"""The menu beside Approve and Deny, through signed requests: a comment, a vote or a request taken
back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.model import Message
from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import tells, words
from tests.team import ONCALL_GROUP


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


def asked(house: Door) -> Message:
    house.slack.command(SCIENTIST.id, "/freeze ranker for 2h bad roll-out")
    house.chat.deliver.until_empty()
    (found,) = house.slack.heads("Freeze releases of service ranker?")
    return found


def chosen(house: Door, user: str, request: Message, value: str) -> str:
    act = lambda: house.slack.sender.click(  # noqa: E731
        user, request.channel, request.ts, "more", value=value
    )
    return house.slack.answer(user, act)


def test_an_approval_with_a_comment_decides_and_the_comment_is_read(house: Door) -> None:
    request = asked(house)
    act = lambda: house.slack.sender.click(  # noqa: E731
        ONCALL.id, request.channel, request.ts, "more", value="approve|1"
    )
    view = house.slack.opens(ONCALL.id, act, "Your approval of request 1")
    entered = {"comment": {"comment": "seen in\x1b[2J the logs"}}
    tells(house.slack.submit(ONCALL.id, view, entered), "Approved")
    house.chat.deliver.until_empty()
    tells(words(house.slack.now(request)), "“seen in [2J the logs”")
    assert house.events()[-1] == "frozen"


def test_a_denial_with_an_empty_comment_is_a_denial(house: Door) -> None:
    request = asked(house)
    act = lambda: house.slack.sender.click(  # noqa: E731
        LEAD.id, request.channel, request.ts, "more", value="deny|1"
    )
    view = house.slack.opens(LEAD.id, act, "Your denial of request 1")
    tells(house.slack.submit(LEAD.id, view, {}), "You denied this request.")
    assert house.events()[-1] == "request_denied"


def test_what_is_not_ones_own_is_not_taken_back(house: Door) -> None:
    request = asked(house)
    before = house.events()
    tells(chosen(house, ONCALL.id, request, "withdraw|1"), "You have not voted")
    tells(chosen(house, ONCALL.id, request, "cancel|1"), "Only whoever asked (mira)")
    assert house.events() == before


def test_who_asked_cancels(house: Door) -> None:
    request = asked(house)
    tells(chosen(house, SCIENTIST.id, request, "cancel|1"), "Request 1 is cancelled")
    house.chat.deliver.until_empty()
    tells(words(house.slack.now(request)), "Cancelled: freeze releases of service ranker")
    assert house.events()[-1] == "request_cancelled"


def test_a_refused_vote_says_who_may_decide_and_only_to_whoever_clicked(house: Door) -> None:
    space = house.slack.space
    house.slack.command(ONCALL.id, "/freeze ranker for 2h bad roll-out")
    house.slack.command(LEAD.id, "/unfreeze ranker rolled back")
    house.chat.deliver.until_empty()
    (request,) = house.slack.heads("Lift the freeze of service ranker?")
    posted = len(space.messages(request.channel))
    others = [len(space.ephemerals(one.id)) for one in (ONCALL, LEAD)]
    said = house.slack.click(SCIENTIST.id, request, "approve")
    tells(said, "Your vote was not counted: you are not an approver here.")
    tells(said, f"*Who may decide:* <!subteam^{ONCALL_GROUP.id}>.")
    tells(said, "If it is urgent, write to them.")
    house.chat.deliver.until_empty()
    assert len(space.messages(request.channel)) == posted
    assert [len(space.ephemerals(one.id)) for one in (ONCALL, LEAD)] == others


def test_who_asked_and_clicks_is_told_who_else_may_decide(house: Door) -> None:
    request = asked(house)
    said = house.slack.click(SCIENTIST.id, request, "approve")
    tells(said, "somebody else must decide it")
    tells(said, f"*Who may decide:* <!subteam^{ONCALL_GROUP.id}>.")
