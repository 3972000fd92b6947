"""The Directory: who is who and who belongs, asked live; the fake obeys the same law."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.decide.people import Person, Rota, RotaKind
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
from tests.builders import NOON, when
from tests.fakes import FakeClock, FakeDirectory
from tests.team import ONCALL_GROUP, small_workspace

TEMPLATES = Path(__file__).parents[2] / "templates"
TIMEOUT = 0.6
EMPTY = UserGroup("S0EMPTY", "nobody", "Nobody")
ON_CALL = Rota(RotaKind.USERGROUP, ONCALL_GROUP.id)
BY_HANDLE = Rota(RotaKind.USERGROUP, f"@{ONCALL_GROUP.handle}")
NOBODY = Rota(RotaKind.USERGROUP, EMPTY.id)


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
    return SlackDirectory(client, lambda: when(NOON), monotonic=watch)


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


def test_a_user_group_names_its_members_and_bears_evidence(known: Known) -> None:
    found = known.directory.found(ON_CALL)
    assert found.ids == {ONCALL.id, LEAD.id}
    assert found.evidence.startswith(f"user group {ONCALL_GROUP.id}, asked ")


def test_who_left_the_group_belongs_no_more_at_the_next_question(known: Known) -> None:
    assert known.directory.found(ON_CALL).ids
    known.nobody_on_call()
    assert known.directory.found(ON_CALL).ids == frozenset()


def test_an_empty_group_has_no_members(known: Known) -> None:
    assert known.directory.found(NOBODY).ids == frozenset()


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
    now = FakeClock().now
    assert SlackDirectory(client, now, "T0ELSEWHERE").person(SCIENTIST.id).stranger
    assert SlackDirectory(client, now, lambda: slack.team.id).person(SCIENTIST.id).outsider is None


def test_a_person_has_their_address_where_the_app_may_ask(
    running: PlaygroundServer, slack: Workspace, real: SlackDirectory
) -> None:
    assert real.person(SCIENTIST.id).email == SCIENTIST.email
    with without_addresses() as other:
        client = build_client(other.workspace.keys.bot, other.api_url, TIMEOUT)
        assert SlackDirectory(client, FakeClock().now).person(SCIENTIST.id).email == ""


def test_somebody_is_found_by_their_address(real: SlackDirectory, slack: Workspace) -> None:
    assert real.by_email(SCIENTIST.email.upper()) == SCIENTIST.id
    assert real.by_email("nobody@example.com") is None
    slack.put_user(replace(SCIENTIST, deleted=True))
    assert real.by_email(SCIENTIST.email) is None


def test_an_address_that_may_not_be_asked_for_is_no_answer() -> None:
    with without_addresses() as other:
        client = build_client(other.workspace.keys.bot, other.api_url, TIMEOUT)
        with pytest.raises(Refused, match=r"users:read\.email"):
            SlackDirectory(client, FakeClock().now).by_email(SCIENTIST.email)


def without_addresses() -> PlaygroundServer:
    """A Slack whose app was not given the scope for addresses."""
    bot = replace(BOT, scopes=BOT.scopes - {"users:read.email"})
    return PlaygroundServer(small_workspace(time.time, limits=Limits.none(), bot=bot), TEMPLATES)


def test_evidence_says_when_it_was_asked(real: SlackDirectory) -> None:
    said = real.found(ON_CALL).evidence
    assert said == f"user group {ONCALL_GROUP.id}, asked at 12:00:00Z"


def test_what_slack_does_not_keep_is_refused(real: SlackDirectory) -> None:
    with pytest.raises(Refused, match="PagerDuty schedule"):
        real.found(Rota(RotaKind.SCHEDULE, "P123"))


def test_a_group_may_be_named_by_its_handle(real: SlackDirectory) -> None:
    found = real.found(BY_HANDLE)
    assert found.ids == {ONCALL.id, LEAD.id}
    assert found.evidence == "user group @ml-oncall, asked at 12:00:00Z"


def test_the_id_behind_a_handle_is_asked_every_five_minutes(
    real: SlackDirectory, slack: Workspace, watch: Stopwatch
) -> None:
    for _ in range(3):
        real.found(BY_HANDLE)
    assert len(slack.calls_to("usergroups.list")) == 1
    assert len(slack.calls_to("usergroups.users.list")) == 3
    watch.seconds = HANDLES_FOR
    real.found(BY_HANDLE)
    assert len(slack.calls_to("usergroups.list")) == 2


def test_an_unknown_handle_is_refused_by_name(real: SlackDirectory) -> None:
    with pytest.raises(Refused) as refused:
        real.found(Rota(RotaKind.USERGROUP, "@ghosts"))
    assert refused.value.code == "no_such_subteam"
    assert "@ghosts" in refused.value.detail


def test_a_disabled_group_has_no_members(real: SlackDirectory, slack: Workspace) -> None:
    slack.set_group_users(ONCALL_GROUP.id, (ONCALL.id,), disabled=True)
    assert real.found(ON_CALL).ids == frozenset()


def test_a_slack_that_does_not_answer_is_never_a_yes(
    real: SlackDirectory, slack: Workspace
) -> None:
    slack.faults.arm("usergroups.users.list", Fault.ERROR_500_BEFORE_STORE)
    with pytest.raises(Unclear):
        real.found(ON_CALL)
    slack.faults.arm("usergroups.users.list", Fault.RATE_LIMITED, seconds=3)
    with pytest.raises(RateLimited):
        real.found(ON_CALL)
    slack.faults.arm("users.info", Fault.DROP_BEFORE_STORE)
    with pytest.raises(DeliveryError):
        real.person(ONCALL.id)
    slack.faults.arm("users.lookupByEmail", Fault.ERROR_500_BEFORE_STORE)
    with pytest.raises(Unclear):
        real.by_email(ONCALL.email)
