"""Who is on call: PagerDuty's word, in Slack's names, by the identity map or by the address."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.decide.catalog import Catalog, PagerSpec
from bot.decide.identity import Identities, Identity
from bot.decide.people import Group, Rota, RotaKind
from bot.decide.roster import gather
from bot.errors import Refused, Unclear
from bot.flow.tell.remembered import KEEP, Remembered
from bot.notify.directory import SlackDirectory
from bot.notify.oncall import OnCallDirectory
from bot.notify.pagerduty import PagerDuty
from bot.notify.slack import build_client
from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.ports import Directory
from tests.fakes import FakeClock
from tests.httpserver import BadServer
from tests.pagerduty import KEY, OnCall, Pager, status
from tests.team import ONCALL_GROUP, small_workspace

TEMPLATES = Path(__file__).parents[2] / "templates"
SCHEDULE = Rota(RotaKind.SCHEDULE, "PSCHED1", "main")
GROUP = Rota(RotaKind.USERGROUP, ONCALL_GROUP.id)
TIMEOUT = 1.0


@dataclass
class Rooms:
    """Slack, PagerDuty, the specs, and the directory that asks them."""

    slack: Workspace
    pager: Pager
    server: BadServer
    clock: FakeClock
    catalog: Catalog
    directory: Directory

    def on_call(self, *emails: str) -> None:
        """These people are on call from now on."""
        self.pager.shifts = [OnCall(f"PU{n}", e, "PSCHED1") for n, e in enumerate(emails)]

    def known(self, *people: Identity) -> None:
        """The identity map from now on."""
        self.catalog = replace(self.catalog, identities=Identities.of(people))


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    space = small_workspace(time.time, limits=Limits.none())
    pager = Pager()
    with ExitStack() as stack:
        people = stack.enter_context(PlaygroundServer(space, TEMPLATES))
        server = stack.enter_context(BadServer(pager))
        client = build_client(space.keys.bot, people.api_url, TIMEOUT)
        clock = FakeClock()
        catalog = Catalog(pagers={"main": PagerSpec("main", server.url, "PD_KEY")})
        found: list[Rooms] = []
        directory = OnCallDirectory(
            SlackDirectory(client, clock.now),
            lambda: found[0].catalog,
            lambda spec: PagerDuty(spec, lambda _: KEY, timeout=TIMEOUT),
            clock.now,
        )
        found.append(Rooms(space, pager, server, clock, catalog, directory))
        yield found[0]


def test_who_is_on_call_is_found_in_slack_by_their_address(rooms: Rooms) -> None:
    rooms.on_call(ONCALL.email)
    found = rooms.directory.found(SCHEDULE)
    assert found.ids == {ONCALL.id}
    assert found.evidence == "PagerDuty schedule PSCHED1, asked at 12:00:00Z"
    assert len(rooms.slack.calls_to("users.lookupByEmail")) == 1


def test_the_identity_map_goes_before_the_address(rooms: Rooms) -> None:
    rooms.on_call("duty@example.org")
    rooms.known(Identity((SCIENTIST.id, LEAD.id, "email:duty@example.org")))
    assert rooms.directory.found(SCHEDULE).ids == {SCIENTIST.id, LEAD.id}
    assert rooms.slack.calls_to("users.lookupByEmail") == ()


def test_where_the_map_has_no_slack_id_the_address_is_asked_for(rooms: Rooms) -> None:
    rooms.on_call(ONCALL.email)
    rooms.known(Identity((f"email:{ONCALL.email}", "github:jonas")))
    assert rooms.directory.found(SCHEDULE).ids == {ONCALL.id}


def test_who_is_on_call_but_not_in_slack_is_told_and_nobody_stands_for_them(rooms: Rooms) -> None:
    rooms.on_call("ghost@example.org")
    found = rooms.directory.found(SCHEDULE)
    assert found.ids == frozenset()
    assert found.unknown == ("ghost@example.org",)
    assert found.evidence.endswith(", 1 on call not known in Slack")


def test_who_has_no_address_is_told_by_name(rooms: Rooms) -> None:
    rooms.on_call("")
    assert rooms.directory.found(SCHEDULE).unknown == ("Name of PU0",)


def test_a_slack_that_does_not_say_who_somebody_is_is_no_answer(rooms: Rooms) -> None:
    rooms.on_call(ONCALL.email)
    rooms.slack.faults.arm("users.lookupByEmail", Fault.ERROR_500_BEFORE_STORE)
    with pytest.raises(Unclear):
        rooms.directory.found(SCHEDULE)


def test_the_rotation_counts_at_the_next_question(rooms: Rooms) -> None:
    rooms.on_call(ONCALL.email)
    assert rooms.directory.found(SCHEDULE).ids == {ONCALL.id}
    rooms.on_call(LEAD.email)
    assert rooms.directory.found(SCHEDULE).ids == {LEAD.id}


def test_an_account_that_has_left_the_specs_is_refused(rooms: Rooms) -> None:
    with pytest.raises(Refused, match="no PagerDuty `other`"):
        rooms.directory.found(Rota(RotaKind.SCHEDULE, "PSCHED1", "other"))


def test_people_and_user_groups_are_slacks(rooms: Rooms) -> None:
    assert rooms.directory.person(ONCALL.id).name == ONCALL.name
    assert rooms.directory.found(GROUP).ids == set(ONCALL_GROUP.users)
    assert rooms.server.requests == []


def test_if_pagerduty_is_down_the_user_group_stands_in_with_the_reason(rooms: Rooms) -> None:
    rooms.pager.instead = [status("503 Service Unavailable")] * 2
    group = Group(on_call=(SCHEDULE,), fallback=Group((ONCALL_GROUP.id,), name="leads"))
    members = gather(group, rooms.directory.found)
    assert members.how(LEAD.id) == (
        f"user group {ONCALL_GROUP.id}, asked at 12:00:00Z"
        " (fallback group leads: PagerDuty schedule PSCHED1 did not answer: HTTP 503)"
    )


def test_what_is_shown_is_remembered_for_five_minutes_and_says_when_it_was_asked(
    rooms: Rooms,
) -> None:
    seconds = [0.0]
    shown = Remembered(rooms.directory, lambda: seconds[0])
    rooms.on_call(ONCALL.email)
    first = shown.found(SCHEDULE)
    assert shown.person(ONCALL.id).name == ONCALL.name
    rooms.on_call(LEAD.email)
    rooms.clock.advance(KEEP - 1)
    seconds[0] = KEEP - 1
    assert shown.found(SCHEDULE) == first
    assert shown.person(ONCALL.id).name == ONCALL.name
    assert len(rooms.server.requests) == 1
    assert len(rooms.slack.calls_to("users.info")) == 1
    rooms.clock.advance(1)
    seconds[0] = KEEP
    assert shown.found(SCHEDULE).ids == {LEAD.id}
    assert shown.found(SCHEDULE).evidence.endswith("asked at 12:05:00Z")


def test_what_was_not_answered_is_asked_again_at_once(rooms: Rooms) -> None:
    shown = Remembered(rooms.directory, lambda: 0.0)
    rooms.on_call(ONCALL.email)
    rooms.pager.instead = [status("503 Service Unavailable")] * 2
    with pytest.raises(Unclear):
        shown.found(SCHEDULE)
    assert shown.found(SCHEDULE).ids == {ONCALL.id}
