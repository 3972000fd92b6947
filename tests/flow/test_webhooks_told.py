"""What addresses outside are told of: whatever begins, and how it ends."""

from collections.abc import Iterator

import pytest

from bot.decide.approval import Request, Wish
from bot.decide.decision import Event
from bot.decide.told import TOPICS
from tests.flow.conftest import World
from tests.flow.overriding import asked, deny, frozen, lifted, taking, who
from tests.flow.test_graduated import NAME, begin
from tests.flow.test_webhooks import Hooked, told
from tests.httpserver import BadServer, Conversation
from tests.pagerduty import status


@pytest.fixture
def hooked(world: World) -> Iterator[Hooked]:
    def answer(talk: Conversation) -> None:
        status("204 No Content", "")(talk)

    with BadServer(answer) as server:
        found = Hooked(world, server.url, [], server)
        found.follow()
        yield found


def heard(hooked: Hooked) -> list[str]:
    """All of it, whatever the pace of the lane."""
    hooked.follow()
    before = -1
    while len(hooked.server.requests) > before:
        before = len(hooked.server.requests)
        hooked.deliver(60)
    return told(hooked)


def test_each_step_that_a_policy_sets_is_told_when_it_begins(hooked: Hooked) -> None:
    begin(hooked.world)
    hooked.world.traffic(NAME, bad=100, minutes=50)
    found = [one for one in heard(hooked) if one.startswith("freeze.")]
    assert found == ["freeze.cautioned", "freeze.held", "freeze.frozen"]


def test_what_a_policy_set_is_told_when_it_thaws_and_what_people_set_when_they_lift_it(
    hooked: Hooked,
) -> None:
    world = hooked.world
    begin(world)
    world.traffic(NAME, bad=100, minutes=12)
    world.traffic(NAME, bad=0, minutes=90, eligible=100_000)
    lifted_by_people(world)
    found = [one for one in heard(hooked) if one.startswith(("freeze.", "thaw."))]
    assert found == ["freeze.cautioned", "thaw.thawed", "freeze.frozen", "thaw.lifted"]


def lifted_by_people(world: World) -> None:
    frozen(world)
    lifted(world)


def refused(world: World, request: Request) -> None:
    deny(world, request)


def late(world: World, _: Request) -> None:
    world.clock.advance(86_400)
    world.tidy()


def taken_back(world: World, request: Request) -> None:
    taking(world).request(request.id, who("eve"))


@pytest.mark.parametrize(
    ("end", "event"),
    [
        (refused, "request_denied"),
        (late, "request_expired"),
        (taken_back, "request_cancelled"),
    ],
)
def test_of_an_override_that_was_asked_for_the_end_is_told_too(
    hooked: Hooked, end: object, event: str
) -> None:
    frozen(hooked.world)
    request = asked(hooked.world)
    assert callable(end)
    end(hooked.world, request)
    found = [one for one in heard(hooked) if one.startswith("override.")]
    assert found == ["override.override_requested", f"override.{event}"]


def test_the_end_of_a_request_for_something_else_is_not_told(hooked: Hooked) -> None:
    frozen(hooked.world)
    request = hooked.world.ask(Wish.UNFREEZE, "UADA").request
    assert request is not None
    deny(hooked.world, request, "UBEN")
    assert len(hooked.world.story("request_denied")) == 1
    assert heard(hooked) == ["freeze.frozen"]


def test_every_event_of_a_warning_or_a_freeze_has_a_topic_or_a_reason_to_have_none() -> None:
    known = {event for events in TOPICS.values() for event in events}
    begun = (
        "FREEZE",
        "THAW",
        "LIFT",
        "OVERRIDE",
        "WARNING",
        "GLASS",
        "REVIEW",
        "OUTAGE",
        "RELEASE",
    )
    silent = {Event.FREEZE_REQUESTED}  # a wish: told once it is granted
    missing = {event for event in Event if event.name.startswith(begun)} - known
    assert missing == silent
