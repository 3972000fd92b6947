"""`/budget adjust`, `adjustments` and `report` in Slack, through Bolt: commands, form, votes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST
from tests.door import Door, door, recorded
from tests.e2e.slack import ROOM, tells


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Door]:
    """One objective, that of the ranker, has been failing for ten minutes."""
    with door(tmp_path) as found:
        yield found


def modal(house: Door, user: str) -> tuple[str, str]:
    """Id and content of the topmost modal of somebody."""
    house.settle()
    view = house.slack.space.modals.top(user)
    assert view is not None, house.slack.space.calls
    return view.id, str(view.content)


def test_an_outage_is_taken_out_by_command_and_approved_by_click(own: Door) -> None:
    line = "/budget adjust ranker from 2h to now the network was down"
    said = own.slack.command(SCIENTIST.id, line)
    tells(said, "out of the budget of ranker/availability (request")
    tells(said, "<!date^")
    own.chat.deliver.until_empty()
    (request,) = own.slack.heads("Take time out of the budget of service ranker?")
    tells(own.slack.click(ONCALL.id, request, "approve"), "Approved")
    own.chat.deliver.until_empty()
    assert own.events()[-3:] == ["adjustment_requested", "vote_cast", "budget_adjusted"]
    (told,) = own.slack.heads("Taken out of the budget of service ranker")
    tells(str(told.blocks), "the network was down")
    listed = own.slack.command(LEAD.id, "/budget adjustments ranker")
    tells(listed, "*1* ranker/availability, ")
    tells(own.slack.command(LEAD.id, "/budget status"), "taken out; with it:")
    said = own.slack.command(SCIENTIST.id, "/budget adjust reverse 1 it was ours after all")
    tells(said, "put back into the budget of ranker/availability what adjustment 1 took out")


def test_the_form_asks_for_the_same(own: Door) -> None:
    assert own.slack.sender.command(SCIENTIST.id, ROOM, "/budget adjust").ok
    view, content = modal(own, SCIENTIST.id)
    assert "'callback_id': 'adjust'" in content
    assert "Times are meant in Europe/Berlin" in content
    start = own.core.clock.now() - timedelta(hours=2)
    entered = {
        "scope": {"scope": "service:ranker"},
        "from": {"from": f"{start:%FT%H:%MZ}"},
        "to": {"to": "for 1h"},
        "reason": {"reason": "the network was down"},
    }
    for block, value, says in (
        ("from", "fri", "may be"),
        ("from", "soon", "do not understand the time 'soon'"),
        ("to", "later", "do not understand the time 'later'"),
        ("to", "for ever", "is not a length of time"),
        ("reason", "\u2800", "Others will read it"),
    ):
        wrong = entered | {block: {block: value}}
        outcome = own.slack.sender.submit(SCIENTIST.id, view, wrong)
        assert list(outcome.notes) == [block]
        assert says in outcome.notes[block]
    sent = recorded(own, lambda: own.slack.sender.submit(SCIENTIST.id, view, entered))
    own.settle()
    assert own.events()[-1] == "adjustment_requested"
    said = "\n".join(note.text for note in own.slack.space.ephemerals(SCIENTIST.id))
    tells(said, "1 h, from")
    before = own.events()
    assert own.send(*sent).status_code == 200
    own.settle()
    assert own.events() == before, "delivered twice, asked once"


def test_guests_neither_adjust_nor_read(own: Door) -> None:
    for line in ("/budget adjustments", "/budget report"):
        tells(own.slack.command(GUEST.id, line), "for members of this workspace")
    line = "/budget adjust ranker from 2h to now the network was down"
    tells(own.slack.command(GUEST.id, line), "guests cannot decide")
    assert "adjustment_requested" not in own.events()


def test_a_month_is_reported_in_private(own: Door) -> None:
    said = own.slack.command(SCIENTIST.id, "/budget report this")
    tells(said, "so far")
    tells(said, "everything")
    tells(
        own.slack.command(SCIENTIST.id, "/budget report rankin last"), "There is no team `rankin`"
    )
    tells(own.slack.command(SCIENTIST.id, "/budget report 2999-01"), "2999-01 is still to come")
