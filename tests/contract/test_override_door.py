"""Overrides through signed requests: words, form, button, and votes on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.model import Message
from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import actions, tells, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path) as found:
        yield found


@pytest.fixture
def frozen(house: Door) -> Message:
    """Releases of the ranker are frozen; the message that says so."""
    house.slack.command(ONCALL.id, "/freeze ranker for 2h bad roll-out")
    house.chat.deliver.until_empty()
    return house.slack.heads("Releases of service ranker are frozen")[0]


def asked(house: Door) -> Message:
    house.chat.deliver.until_empty()
    (found,) = house.slack.heads("Let version 38 of ranker through?")
    return found


def test_where_nothing_stops_the_release_the_answer_says_so(house: Door) -> None:
    answer = house.slack.command(SCIENTIST.id, "/override ranker 38 it is urgent")
    tells(answer, "Nothing stops version 38 of ranker")
    answer = house.slack.command(SCIENTIST.id, "/override rankr 38 it is urgent")
    tells(answer, "Did you mean `ranker`")


def test_it_is_asked_by_words_approved_by_a_click_and_listed(house: Door, frozen: Message) -> None:
    answer = house.slack.command(SCIENTIST.id, "/override ranker 38 bug-fix ML-12 it crashes")
    tells(answer, "Asked to let version 38 of ranker through freeze 1 (override 1)")
    tells(house.slack.click(ONCALL.id, asked(house), "approve"), "Approved")
    tells(house.slack.command(LEAD.id, "/override list"), "version 38 of ranker · *approved*")
    tells(house.slack.command(LEAD.id, "/override revoke 1 wrong fix"), "Override 1 is revoked")
    tells(house.slack.command(LEAD.id, "/override list ranker"), "*revoked*")
    assert house.events()[-3:] == ["vote_cast", "override_granted", "override_revoked"]


def test_the_message_of_a_freeze_opens_the_form_with_its_service(
    house: Door, frozen: Message
) -> None:
    assert "ask_override" in actions(frozen)
    act = lambda: house.slack.sender.click(  # noqa: E731
        SCIENTIST.id, frozen.channel, frozen.ts, "ask_override"
    )
    view = house.slack.opens(SCIENTIST.id, act, "Why must it go now?")
    service = view.content["blocks"][1]["element"]
    assert service["initial_option"]["value"] == "ranker"
    entered = {
        "service": {"service": "ranker"},
        "release": {"release": "38"},
        "kind": {"kind": "retrain"},
        "ticket": {"ticket": "ML-12"},
        "reason": {"reason": "a better model"},
    }
    tells(house.slack.submit(SCIENTIST.id, view, entered), "Asked to let version 38")
    said = words(asked(house))
    tells(said, "retrain · ML-12")
    tells(said, "a better model")


@pytest.mark.parametrize(
    ("block", "value", "says"),
    [
        ("release", "3f2a9c1", "looks like the beginning of a commit"),
        ("reason", "\u200b", "Others will read it"),
    ],
)
def test_a_field_that_needs_another_look_is_named_and_the_form_stays(
    house: Door, frozen: Message, block: str, value: str, says: str
) -> None:
    act = lambda: house.slack.sender.command(SCIENTIST.id, frozen.channel, "/override")  # noqa: E731
    view = house.slack.opens(SCIENTIST.id, act, "Why must it go now?")
    entered = {
        "service": {"service": "ranker"},
        "release": {"release": "38"},
        "kind": {"kind": "other"},
        "reason": {"reason": "why"},
    }
    entered[block] = {block: value}
    before = house.events()
    outcome = house.slack.sender.submit(SCIENTIST.id, view.id, entered)
    assert says in outcome.notes[block]
    assert house.events() == before


def test_the_form_without_a_freeze_cannot_be_submitted(house: Door) -> None:
    act = lambda: house.slack.sender.command(  # noqa: E731
        SCIENTIST.id, "C0RANKING", "/override"
    )
    view = house.slack.opens(SCIENTIST.id, act, "nothing stops a release")
    assert "submit" not in view.content


def test_broken_glass_is_told_reviewed_by_somebody_else_and_listed_until_then(
    house: Door, frozen: Message
) -> None:
    line = "/override break-glass ranker 38 INC-7 nobody gets results"
    tells(house.slack.command(SCIENTIST.id, line), "may break the glass")
    tells(house.slack.command(ONCALL.id, line), "may go now, once")
    house.chat.deliver.until_empty()
    (head,) = house.slack.heads("Break-glass: version 38 of ranker")
    tells(house.slack.command(LEAD.id, "/override reviews"), "INC-7")
    tells(house.slack.command(ONCALL.id, "/override review 1 fine"), "somebody else")
    assert house.events()[-2:] == ["glass_refused", "glass_broken"]
    tells(words(head), "INC-7")


def test_whom_an_emergency_pages_is_written_to(house: Door, frozen: Message) -> None:
    line = "/override break-glass ranker 38 INC-7 nobody gets results"
    house.slack.command(ONCALL.id, line)
    house.chat.deliver.until_empty()
    space = house.slack.space
    written = [m for c in space.channels if c.is_im for m in house.slack.heads(channel=c.id)]
    assert ["broke the glass: version 38" in words(m) for m in written] == [True]


def test_a_freeze_is_disputed_by_its_number(house: Door, frozen: Message) -> None:
    answer = house.slack.command(SCIENTIST.id, "/freeze dispute 1 the network was down")
    tells(answer, "those who may lift it decide about freeze 1")
    tells(house.slack.command(SCIENTIST.id, "/freeze dispute 9 why"), "There is no freeze 9")
    house.chat.deliver.until_empty()
    (head,) = house.slack.heads("Disputed: Lift the freeze of service ranker?")
    assert actions(head) == ["approve", "deny", "more"]


def test_overrides_are_not_for_guests(house: Door, frozen: Message) -> None:
    for line in ("/override list", "/override reviews"):
        tells(house.slack.command(GUEST.id, line), "for members of this workspace")
    tells(house.slack.command(GUEST.id, "/override ranker 38 why"), "guests cannot decide")
