"""`/freeze list`, `preview`, `edit` and `/unfreeze <number>` in Slack, through Bolt."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.scope import EVERYTHING
from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST
from tests.door import Door, door, recorded
from tests.e2e.slack import ROOM, tells


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Door]:
    """The ranker is frozen for two hours, by somebody on call: freeze 1."""
    with door(tmp_path) as found:
        tells(found.slack.command(ONCALL.id, "/freeze ranker for 2h bad"), "are frozen")
        yield found


def says(house: Door, user: str, line: str, words: str) -> None:
    tells(house.slack.command(user, line), words)


def test_a_list_says_who_why_and_until_when(own: Door) -> None:
    said = own.slack.command(SCIENTIST.id, "/freeze list")
    for words in (
        "1 freeze stands, in force",
        f"<@{ONCALL.id}>",
        "bad",
        "/freeze edit 1",
    ):
        tells(said, words)
    says(own, SCIENTIST.id, "/freeze list rankr", "Did you mean `ranker`")


def test_a_preview_changes_nothing_and_says_what_would_be_touched(own: Door) -> None:
    before = own.events()
    said = own.slack.command(SCIENTIST.id, "/freeze preview ranker until fri 17:00 launch")
    for words in (
        "would stop releases of 1 service",
        "Stopped already: ranker",
        "Setting it takes",
    ):
        tells(said, words)
    assert own.events() == before


def test_guests_neither_list_nor_preview(own: Door) -> None:
    for line in ("/freeze list", "/freeze preview ranker"):
        says(own, GUEST.id, line, "for members of this workspace")


def test_an_extension_takes_effect_and_says_its_end_in_the_persons_zone(own: Door) -> None:
    said = own.slack.command(LEAD.id, "/freeze edit 1 until lifted nobody knows how long")
    tells(said, "Freeze 1 of service ranker has another end now")
    said = own.slack.command(LEAD.id, "/freeze edit 1 for 4h the fix is near")
    tells(said, "Asked to shorten freeze 1")
    tells(said, "The end asked for is ")
    assert own.events()[-2:] == ["freeze_edited", "edit_requested"]


def test_a_guest_edits_nothing(own: Door) -> None:
    says(own, GUEST.id, "/freeze edit 1 for 9h x", "guests cannot decide")
    says(own, GUEST.id, "/freeze edit 1 reason x", "guests cannot decide")
    assert "freeze_edited" not in own.events()


def test_an_edit_that_slack_repeats_acts_once(own: Door) -> None:
    line = "/freeze edit 1 until lifted longer"
    sent = recorded(own, lambda: own.slack.sender.command(LEAD.id, ROOM, line))
    own.settle()
    before = own.events()
    assert before.count("freeze_edited") == 1
    for _ in range(3):
        assert own.send(*sent).status_code == 200
    own.settle()
    assert own.events() == before


def test_a_freeze_is_lifted_by_its_number(own: Door) -> None:
    says(own, LEAD.id, "/unfreeze #1 all is well", "Asked to lift the freeze of service ranker")
    says(own, LEAD.id, "/unfreeze 7 all is well", "There is no freeze 7.")
    says(own, LEAD.id, "/unfreeze rankr all is well", "Did you mean `ranker`")


def test_the_form_lifts_a_freeze_that_is_not_among_the_first_hundred(own: Door) -> None:
    start = own.core.clock.now()
    for n in range(101):
        later = Freeze(
            0,
            EVERYTHING,
            f"stock-taking {n}",
            Origin.MANUAL,
            BURNBAN,
            start + timedelta(days=n + 1),
        )
        own.core.record.write(lambda books, one=later: books.freezes.add(one))
    view = own.slack.opens(
        LEAD.id, lambda: own.slack.sender.command(LEAD.id, ROOM, "/unfreeze"), "stock-taking 100"
    )
    entered = {"freeze": {"freeze": "102"}, "reason": {"reason": "counted already"}}
    tells(own.slack.submit(LEAD.id, view, entered), "Asked to lift")
    (request,) = own.core.record.read(lambda books: books.requests.pending(own.core.clock.now()))
    assert request.freezes == (102,)


def test_what_is_typed_in_a_command_is_shown_as_it_was_typed_and_mentions_nobody(
    own: Door,
) -> None:
    typed = "latency > 300 ms & <!channel> &amp;lt;"
    own.slack.command(LEAD.id, f"/freeze ranker until lifted {typed}")
    rows = own.core.record.read(lambda books: books.freezes.standing(own.core.clock.now()))
    assert rows[-1].reason == typed
    said = own.slack.command(SCIENTIST.id, "/freeze list")
    tells(said, "latency &gt; 300 ms &amp; &lt;!channel&gt;")
    assert "<!channel>" not in said
