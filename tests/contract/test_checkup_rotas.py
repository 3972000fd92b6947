"""What doctor says of the rotas: the key, the ids, and who of the on-call is not in Slack."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.decide.catalog import Catalog, PagerSpec, Team
from bot.decide.people import Group, Rota, RotaKind
from bot.notify.checkup import Check
from bot.notify.slack import build_client
from bot.playground.limits import Limits
from bot.playground.seed import ONCALL
from bot.playground.server import PlaygroundServer
from bot.wiring.people import check_people, live
from tests.fakes import FakeClock
from tests.httpserver import BadServer
from tests.pagerduty import KEY, OnCall, Pager, status
from tests.team import ONCALL_GROUP, small_workspace

TEMPLATES = Path(__file__).parents[2] / "templates"
SCHEDULE = Rota(RotaKind.SCHEDULE, "PSCHED1", "main")
MISSING = Rota(RotaKind.ESCALATION, "PGONE1", "main")


@dataclass
class House:
    """A team whose on-call is PagerDuty's, with a user group behind it."""

    pager: Pager
    server: BadServer
    slack: PlaygroundServer
    rotas: tuple[Rota, ...] = (SCHEDULE,)

    def lines(self) -> list[Check]:
        """What is said of each rota."""
        leads = Group((ONCALL_GROUP.id,), name="leads")
        team = Team("ml", "ML", "#ml", Group(on_call=self.rotas, fallback=leads), leads)
        spec = PagerSpec("main", self.server.url, "MY_PAGERDUTY_KEY")
        catalog = Catalog(teams={"ml": team}, pagers={"main": spec})
        client = build_client(self.slack.workspace.keys.bot, self.slack.api_url, 2.0)
        return list(check_people(live(client, lambda: catalog, FakeClock().now), catalog))


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("MY_PAGERDUTY_KEY", KEY)
    pager = Pager([OnCall("PU1", ONCALL.email, "PSCHED1")])
    with ExitStack() as stack:
        space = small_workspace(time.time, limits=Limits.none())
        slack = stack.enter_context(PlaygroundServer(space, TEMPLATES))
        yield House(pager, stack.enter_context(BadServer(pager)), slack)


def test_sound_rotas_have_a_line_each_and_are_asked_once(house: House) -> None:
    assert house.lines() == [
        Check("PagerDuty main", True, "the key reads schedules"),
        Check("PagerDuty schedule PSCHED1", True, "Ranker on call: 1 person"),
        Check(f"user group {ONCALL_GROUP.id}", True, "2 people"),
    ]


def test_nobody_on_call_just_now_is_no_fault(house: House) -> None:
    house.pager.shifts = []
    assert house.lines()[1] == Check(
        "PagerDuty schedule PSCHED1", True, "Ranker on call: nobody just now"
    )


def test_who_is_on_call_but_not_in_slack_is_named(house: House) -> None:
    house.pager.shifts.append(OnCall("PU2", "ghost@example.org", "PSCHED1"))
    line = house.lines()[1]
    assert not line.ok
    assert "not known in Slack: ghost@example.org; add them to the Identities" in line.text


def test_a_schedule_or_policy_that_is_not_there_is_named(house: House) -> None:
    house.rotas = (SCHEDULE, MISSING)
    line = house.lines()[2]
    assert (line.subject, line.ok) == ("PagerDuty escalation policy PGONE1", False)
    assert "PagerDuty has none of this id" in line.text


def test_a_key_that_is_refused_is_told_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_PAGERDUTY_KEY", "another-one")
    key, *others = house.lines()
    assert (key.subject, key.ok) == ("PagerDuty main", False)
    assert "does not know this key" in key.text
    assert "another-one" not in key.text
    assert [line.subject for line in others] == [f"user group {ONCALL_GROUP.id}"]


def test_a_key_that_is_not_set_is_told_by_its_name(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MY_PAGERDUTY_KEY")
    assert "MY_PAGERDUTY_KEY is named in the spec files, but not set" in house.lines()[0].text


def test_a_rota_that_does_not_answer_is_told(house: House) -> None:
    ok = status("200 OK", '{"schedules": [], "schedule": {"name": "x"}}')
    house.pager.instead = [ok, ok, status("403 Forbidden")]
    line = house.lines()[1]
    assert not line.ok
    assert "it cannot be asked who that is" in line.text


def test_a_missing_scope_is_told_with_the_rota_that_needs_it(house: House) -> None:
    bot = house.slack.workspace.bot
    bare = replace(bot, scopes=bot.scopes - {"users:read.email"})
    space = small_workspace(time.time, limits=Limits.none(), bot=bare)
    with PlaygroundServer(space, TEMPLATES) as slack:
        line = replace(house, slack=slack).lines()[1]
    assert not line.ok
    assert "users:read.email" in line.text
