"""Commands, buttons and forms, as signed requests through Bolt: what comes of them, and what of
those that come twice, too late, or from people who may not."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import pytest

from bot.flow.show.browse import Question
from bot.playground.faults import Fault
from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST
from bot.playground.signing import signed_headers
from tests.door import Door, door, drain, recorded
from tests.e2e.chaos import KEYS
from tests.e2e.slack import ROOM, actions, tells, words
from tests.record_samples import decision


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """For tests that only ask."""
    with door(tmp_path_factory.mktemp("door")) as found:
        yield found


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Door]:
    """For tests that change something."""
    with door(tmp_path) as found:
        yield found


def typed(house: Door, user: str, line: str) -> Any:
    return house.slack.sender.command(user, ROOM, line)


def modal(house: Door, user: str) -> str:
    """What the topmost modal of somebody says."""
    house.settle()
    view = house.slack.space.modals.top(user)
    assert view is not None, house.slack.space.calls
    return str(view.content)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/budget", "ranker"),
        ("/budget status all", "ranker"),
        ("/budget show ranker", "target 99"),
        ("/budget history", "Warning opened"),
        ("/budget help", "/freeze ranker for 2h"),
        ("/freeze help", "/freeze edit 12 until fri 17:00"),
        ("/unfreeze HELP", "/unfreeze ranker version 38 is rolled back"),
        ("/override help", "/override ranker 38 bug-fix ML-12"),
        ("/freeze help is on the way", "There is no service or team `help`"),
        (f"/budget status all {'9' * 5000}", "ranker"),
        ("/budget status ALL", "ranker"),
        ("/budget history ALL", "Warning opened"),
        ("/budget history ranker kind warning since 30d", "Warning opened"),
        ("/budget history by burnban kind lifted", "Nothing is on record of the kind lifted"),
        ("/budget history by nobody", "Nobody called `nobody` is on record"),
        ("/budget history kind melted", "There is no kind `melted`"),
        ("/budget history since soon", "I do not understand the time `soon`"),
        ("/budget show ALL", "`all` is everything"),
        ("/budget stauts", "Did you mean `status`?"),
        ("/budget show rankr", "Did you mean `ranker`"),
        ("/freeze ranker for 2x why", "is not a length of time"),
        ("/freeze rankr why", "Did you mean `ranker`"),
        ("/unfreeze ranker why", "Nothing to lift"),
        ("/freeze rankr for 2h bad roll-out", "This works: `/freeze ranker for 2h bad roll-out`"),
        ("/budget show rankr", "This works: `/budget show ranker`"),
        ("/budget status service:rankr", "This works: `/budget status service:ranker`"),
    ],
)
def test_each_question_and_each_mistake_has_an_answer(shared: Door, line: str, says: str) -> None:
    tells(shared.slack.command(SCIENTIST.id, line), says)


def test_budgets_are_not_for_guests_but_help_is(shared: Door) -> None:
    for line in ("/budget", "/budget show ranker", "/budget history"):
        tells(shared.slack.command(GUEST.id, line), "for members of this workspace")
    tells(shared.slack.command(GUEST.id, "/budget help"), "/freeze ranker for 2h")


def test_details_are_not_for_guests(shared: Door) -> None:
    (warning,) = shared.slack.heads("Requests that succeed")
    shared.slack.sender.click(GUEST.id, warning.channel, warning.ts, "details")
    assert "for members of this workspace" in modal(shared, GUEST.id)


def test_a_form_opens_before_anything_is_looked_up(own: Door) -> None:
    """Slack and the database hang; the modal is there all the same, and is filled afterwards."""
    space = own.slack.space
    space.faults.arm("users.info", Fault.HANG_BEFORE_STORE, seconds=1.0)
    for _ in range(own.chat.workers._max_workers):  # all workers are busy with questions
        own.slack.space.faults.arm("users.info", Fault.HANG_BEFORE_STORE, seconds=1.0)
        assert typed(own, LEAD.id, "/budget status").ok
    assert typed(own, SCIENTIST.id, "/freeze").ok
    drain(own.acks, 2)
    drain(own.chat.openers, 2)
    view = space.modals.top(SCIENTIST.id)
    assert view is not None
    assert "One moment" in str(view.content)
    space.faults.release()
    assert "'callback_id': 'freeze'" in modal(own, SCIENTIST.id)


@pytest.mark.parametrize(
    ("command", "says"), [("/freeze", "'callback_id': 'freeze'"), ("/unfreeze", "nothing to lift")]
)
def test_a_form_is_filled(shared: Door, command: str, says: str) -> None:
    assert typed(shared, ONCALL.id, command).ok
    assert says in modal(shared, ONCALL.id)


def test_a_form_that_comes_too_late_is_apologised_for(shared: Door) -> None:
    shared.slack.space.faults.arm("views.open", Fault.ERROR_CODE, code="expired_trigger_id")
    answer = shared.slack.command(SCIENTIST.id, "/freeze")
    tells(answer, "Slack did not open the form")
    tells(answer, "expired_trigger_id")


@pytest.mark.parametrize(
    ("block", "value", "says"),
    [
        ("reason", " \t ", "Others will read it"),
        ("until", "until yesterday", "I do not understand the time"),
        ("until", "for 2x", "These work: for 2h"),
        ("until", "2020-01-01 12:00", "is in the past"),
        ("until", "23:59 tomorrow", "Write the day first: 'tomorrow 23:59'"),
        ("until", "fri 5pm sharp", "but not 'sharp' after it"),
        ("reason", "\u200b\u2060", "Others will read it"),
    ],
)
def test_a_field_that_needs_another_look_is_named_and_the_form_stays(
    shared: Door, block: str, value: str, says: str
) -> None:
    assert typed(shared, SCIENTIST.id, "/freeze").ok
    modal(shared, SCIENTIST.id)
    view = shared.slack.space.modals.top(SCIENTIST.id)
    assert view is not None
    entered = {
        "scope": {"scope": "service:ranker"},
        "until": {"until": ""},
        "reason": {"reason": "a reason"},
    }
    entered[block] = {block: value}
    before = shared.events()
    outcome = shared.slack.sender.submit(SCIENTIST.id, view.id, entered)
    assert list(outcome.notes) == [block]
    assert says in outcome.notes[block]
    assert shared.slack.space.modals.top(SCIENTIST.id) is not None
    assert shared.events() == before
    shared.slack.sender.close(SCIENTIST.id, view.id)


def test_a_command_delivered_twice_acts_once(own: Door) -> None:
    sent = recorded(own, lambda: typed(own, SCIENTIST.id, "/freeze ranker for 2h twice"))
    own.settle()
    before = own.events()
    assert before.count("freeze_requested") == 1
    for _ in range(3):
        assert own.send(*sent).status_code == 200
    own.settle()
    assert own.events() == before


def test_a_click_delivered_twice_is_one_vote(own: Door) -> None:
    own.slack.command(SCIENTIST.id, "/freeze ranker for 2h bad roll-out")
    own.chat.deliver.until_empty()
    (request,) = own.slack.heads("Freeze releases of service ranker?")
    click = lambda: own.slack.sender.click(  # noqa: E731
        SCIENTIST.id, request.channel, request.ts, "approve"
    )
    sent = recorded(own, click)
    own.settle()
    before = own.events()
    assert before.count("vote_refused") == 1
    for _ in range(3):
        assert own.send(*sent).status_code == 200
    own.settle()
    assert own.events() == before


def test_a_form_delivered_twice_acts_once(own: Door) -> None:
    assert typed(own, LEAD.id, "/freeze").ok
    modal(own, LEAD.id)
    view = own.slack.space.modals.top(LEAD.id)
    assert view is not None
    entered = {"scope": {"scope": "service:ranker"}, "reason": {"reason": "by form"}}
    sent = recorded(own, lambda: own.slack.sender.submit(LEAD.id, view.id, entered))
    own.settle()
    before = own.events()
    assert before.count("frozen") == 1
    assert own.send(*sent).status_code == 200
    own.settle()
    assert own.events() == before


def test_an_answer_that_does_not_arrive_is_not_told_as_a_failure(
    own: Door, caplog: pytest.LogCaptureFixture
) -> None:
    body, headers = recorded(own, lambda: typed(own, ONCALL.id, "/budget help"))
    own.settle()
    heard = len(own.slack.space.ephemerals(ONCALL.id))
    # The right host, and nobody there who takes the answer.
    nowhere = {"response_url": f"{own.slack.server.url}/nowhere", "text": "history"}
    broken = urlencode(dict(parse_qsl(body.decode())) | nowhere).encode()
    kind = {"Content-Type": headers["content-type"]}
    signed = signed_headers(KEYS.signing, broken, time.time()) | kind
    assert own.send(broken, signed).status_code == 200
    own.settle()
    assert "an answer could not be delivered" in caplog.text
    assert "Traceback" not in caplog.text
    assert len(own.slack.space.ephemerals(ONCALL.id)) == heard


def test_until_a_day_means_its_first_minute_and_the_answer_says_so(own: Door) -> None:
    answer = own.slack.command(ONCALL.id, "/freeze ranker until friday bad roll-out")
    *_, end = re.findall(r"<!date\^(\d+)\^", str(answer))
    meant = datetime.fromtimestamp(int(end), ZoneInfo("Europe/Berlin"))
    assert f"{meant:%A %H:%M}" == "Friday 00:00"


def test_a_control_character_in_a_reason_is_not_stored(own: Door) -> None:
    own.slack.command(ONCALL.id, "/freeze ranker for 2h bad\x1b]0;owned\x07 roll-out")
    assert "\x1b" not in str(own.core.browse.page(Question())["rows"])
    assert own.events()[-1] == "frozen"


def test_a_button_with_thousands_of_digits_is_answered(
    own: Door, caplog: pytest.LogCaptureFixture
) -> None:
    own.slack.command(SCIENTIST.id, "/freeze ranker for 2h bad roll-out")
    own.chat.deliver.until_empty()
    (request,) = own.slack.heads("Freeze releases of service ranker?")
    click = lambda: own.slack.sender.click(  # noqa: E731
        SCIENTIST.id, request.channel, request.ts, "approve"
    )
    body, headers = recorded(own, click)
    payload = json.loads(dict(parse_qsl(body.decode()))["payload"])
    payload["actions"][0] |= {"action_id": "history", "value": f"all|{'9' * 5000}"}
    forged = urlencode({"payload": json.dumps(payload)}).encode()
    kind = {"Content-Type": headers["content-type"]}
    assert own.send(forged, signed_headers(KEYS.signing, forged, time.time()) | kind).is_success
    own.settle()
    assert "I do not know this page any more" in str(own.slack.space.ephemerals(SCIENTIST.id))
    assert "Traceback" not in caplog.text


def test_the_buttons_of_the_history_turn_its_pages(own: Door) -> None:
    for n in range(25):
        made = replace(decision(scope="service:ranker", at=n), reason=f"reason {n:02d}.")
        own.core.record.write(lambda books, one=made: books.history.append(one))
    slack, who = own.slack, SCIENTIST.id
    newest = slack.command(who, "/budget history ranker kind frozen")
    tells(newest, "reason 24.")
    assert "history_back" not in actions(slack.space.ephemerals(who)[-1])

    def turn(action: str) -> str:
        shown = slack.space.ephemerals(who)[-1]
        assert action in actions(shown)
        assert slack.sender.click(who, shown.channel, shown.ts, action).ok
        own.settle()
        return words(slack.space.ephemerals(who)[-1])

    tells(turn("history"), "reason 14.")
    tells(turn("history"), "reason 04.")
    assert "history" not in actions(slack.space.ephemerals(who)[-1])
    tells(turn("history_back"), "reason 14.")
    tells(turn("history_back"), "reason 24.")
