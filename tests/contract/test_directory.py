"""The Directory: who is who and who belongs, asked live; the fake obeys the same law."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.decide.people import Group, Person
from bot.errors import DeliveryError, RateLimited, Refused, Unclear
from bot.notify.directory import HANDLES_FOR, SlackDirectory
from bot.notify.slack import build_client
from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.playground.model import UserGroup
from bot.playground.seed import BOT, GUEST, LEAD, ONCALL, SCIENTIST
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.ports.tell import Directory
from tests.fakes import FakeDirectory
from tests.team import ONCALL_GROUP, small_workspace

TEMPLATES = Path(__file__).parents[2] / "templates"
TIMEOUT = 0.6
EMPTY = UserGroup("S0EMPTY", "nobody", "Nobody")
BY_ID = Group((ONCALL_GROUP.id,))
BY_HANDLE = Group((f"@{ONCALL_GROUP.handle}",))


@pytest.fixture
def running() -> Iterator[PlaygroundServer]:
    space = small_workspace(time.time, limits=Limits.none(), groups=(ONCALL_GROUP, EMPTY))
    with PlaygroundServer(space, TEMPLATES) as server:
        yield server


@pytest.fixture
def slack(running: PlaygroundServer) -> Workspace:
    return running.workspace


class Stopwatch:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def real(running: PlaygroundServer, watch: Stopwatch) -> SlackDirectory:
    client = build_client(running.workspace.keys.bot, running.api_url, TIMEOUT)
    return SlackDirectory(client, monotonic=watch)


@dataclass
class Known:
    """A directory in which Jonas and Aylin are on call, and a way to end that."""

    directory: Directory
    fake: FakeDirectory | None = None
    slack: Workspace | None = None

    def nobody_on_call(self) -> None:
        if self.fake is not None:
            self.fake.groups[ONCALL_GROUP.id] = set()
        if self.slack is not None:
            self.slack.set_group_users(ONCALL_GROUP.id, ())


@pytest.fixture(params=["slack", "fake"])
def known(request: pytest.FixtureRequest) -> Known:
    if request.param == "slack":
        return Known(request.getfixturevalue("real"), slack=request.getfixturevalue("slack"))
    fake = FakeDirectory()
    for person in (ONCALL, LEAD):
        fake.add(Person(person.id, person.name), ONCALL_GROUP.id)
    fake.add(Person(SCIENTIST.id, SCIENTIST.name))
    fake.groups[EMPTY.id] = set()
    return Known(fake, fake=fake)


# --- every directory -------------------------------------------------------------------------


def test_a_member_of_the_user_group_belongs(known: Known) -> None:
    how = known.directory.membership(BY_ID, ONCALL.id)
    assert how is not None
    assert ONCALL_GROUP.id in how
    assert "asked live" in how


def test_somebody_else_does_not_belong(known: Known) -> None:
    assert known.directory.membership(BY_ID, SCIENTIST.id) is None


def test_who_left_the_group_belongs_no_more_at_the_next_question(known: Known) -> None:
    assert known.directory.membership(BY_ID, ONCALL.id)
    known.nobody_on_call()
    assert known.directory.membership(BY_ID, ONCALL.id) is None
    assert known.directory.members(BY_ID) == frozenset()


def test_who_is_listed_in_the_spec_belongs(known: Known) -> None:
    how = known.directory.membership(Group((), (SCIENTIST.id,)), SCIENTIST.id)
    assert how is not None
    assert "spec" in how


def test_an_empty_group_has_no_members(known: Known) -> None:
    assert known.directory.membership(Group((EMPTY.id,)), ONCALL.id) is None
    assert known.directory.members(Group((EMPTY.id,))) == frozenset()


def test_members_are_those_of_the_groups_and_those_listed(known: Known) -> None:
    group = Group((ONCALL_GROUP.id, EMPTY.id), (SCIENTIST.id,))
    assert known.directory.members(group) == {ONCALL.id, LEAD.id, SCIENTIST.id}


def test_a_person_bears_id_and_name(known: Known) -> None:
    person = known.directory.person(SCIENTIST.id)
    assert (person.id, person.name, person.outsider) == (SCIENTIST.id, SCIENTIST.name, None)


def test_nobody_is_refused_by_name(known: Known) -> None:
    with pytest.raises(Refused) as refused:
        known.directory.person("U0NOBODY")
    assert refused.value.code == "user_not_found"


# --- what only Slack knows -------------------------------------------------------------------


def test_a_guest_is_an_outsider(real: SlackDirectory) -> None:
    person = real.person(GUEST.id)
    assert person.guest
    assert person.outsider


def test_a_bot_is_an_outsider(real: SlackDirectory) -> None:
    assert real.person(BOT.user_id).bot


def test_who_was_deactivated_is_an_outsider(real: SlackDirectory, slack: Workspace) -> None:
    slack.put_user(replace(SCIENTIST, deleted=True))
    assert real.person(SCIENTIST.id).deleted


def test_a_person_has_the_zone_of_their_own_clock(real: SlackDirectory) -> None:
    assert real.person(SCIENTIST.id).zone == "Europe/Berlin"


def test_people_of_another_workspace_are_strangers(
    running: PlaygroundServer, slack: Workspace
) -> None:
    client = build_client(slack.keys.bot, running.api_url, TIMEOUT)
    assert SlackDirectory(client, "T0ELSEWHERE").person(SCIENTIST.id).stranger
    assert SlackDirectory(client, lambda: slack.team.id).person(SCIENTIST.id).outsider is None


def test_a_group_may_be_named_by_its_handle(real: SlackDirectory) -> None:
    assert real.membership(BY_HANDLE, ONCALL.id) == "user group @ml-oncall, asked live"
    assert real.membership(BY_HANDLE, SCIENTIST.id) is None


def test_the_id_behind_a_handle_is_asked_every_five_minutes(
    real: SlackDirectory, slack: Workspace, watch: Stopwatch
) -> None:
    for _ in range(3):
        real.membership(BY_HANDLE, ONCALL.id)
    assert len(slack.calls_to("usergroups.list")) == 1
    assert len(slack.calls_to("usergroups.users.list")) == 3
    watch.seconds = HANDLES_FOR
    real.membership(BY_HANDLE, ONCALL.id)
    assert len(slack.calls_to("usergroups.list")) == 2


def test_an_unknown_handle_is_refused_by_name(real: SlackDirectory) -> None:
    with pytest.raises(Refused) as refused:
        real.members(Group(("@ghosts",)))
    assert refused.value.code == "no_such_subteam"
    assert "@ghosts" in refused.value.detail


def test_a_disabled_group_has_no_members(real: SlackDirectory, slack: Workspace) -> None:
    slack.set_group_users(ONCALL_GROUP.id, (ONCALL.id,), disabled=True)
    assert real.membership(BY_ID, ONCALL.id) is None


def test_a_slack_that_does_not_answer_is_never_a_yes(
    real: SlackDirectory, slack: Workspace
) -> None:
    slack.faults.arm("usergroups.users.list", Fault.ERROR_500_BEFORE_STORE)
    with pytest.raises(Unclear):
        real.membership(BY_ID, ONCALL.id)
    slack.faults.arm("usergroups.users.list", Fault.RATE_LIMITED, seconds=3)
    with pytest.raises(RateLimited):
        real.membership(BY_ID, ONCALL.id)
    slack.faults.arm("users.info", Fault.DROP_BEFORE_STORE)
    with pytest.raises(DeliveryError):
        real.person(ONCALL.id)


def test_one_failing_group_does_not_hide_a_yes_of_another(
    real: SlackDirectory, slack: Workspace
) -> None:
    both = Group(("S0GONE", ONCALL_GROUP.id))
    assert real.membership(both, ONCALL.id) == f"user group {ONCALL_GROUP.id}, asked live"
    with pytest.raises(Refused):
        real.membership(both, SCIENTIST.id)


def test_who_is_listed_belongs_without_a_question(real: SlackDirectory, slack: Workspace) -> None:
    real.membership(Group((ONCALL_GROUP.id,), (SCIENTIST.id,)), SCIENTIST.id)
    assert slack.calls_to("usergroups.users.list") == ()
