"""A vote by whoever is on call by PagerDuty, from the click to the history: all real, but for the
two servers on this machine."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.decide.approval import Wish
from bot.decide.people import Actor, Door
from bot.decide.scope import Reach, Scope
from bot.flow.ask.request import Plea
from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from bot.ports import HistoryFilter
from tests.door import Door as House
from tests.door import door
from tests.e2e.slack import tells
from tests.httpserver import BadServer
from tests.pagerduty import KEY, OnCall, Pager, status

WHO = """
apiVersion: burnban/v1
kind: PagerDuty
metadata: {{name: main}}
spec: {{tokenEnv: MY_PAGERDUTY_KEY, url: "{url}"}}
---
apiVersion: burnban/v1
kind: Identities
metadata: {{name: people}}
spec:
  people:
    - {{slack: {oncall}, email: duty@example.org, terminal: jonas, github: jonas-w}}
"""


@dataclass
class Rooms:
    """A house whose on-call is PagerDuty's, with the lead behind it."""

    house: House
    pager: Pager

    def request(self, user: str = SCIENTIST.id) -> Any:
        """A request to freeze, as it stands in the channel."""
        self.house.slack.command(user, "/freeze ranker for 2h bad roll-out")
        self.house.chat.deliver.until_empty()
        return self.house.slack.heads("Freeze releases of service ranker?")[-1]

    def votes(self) -> list[tuple[str, str, str]]:
        """Event, membership and identity of each click, oldest first."""
        rows = self.house.core.record.read(lambda b: b.history.find(HistoryFilter(limit=100)))
        return [
            (str(d.event), str(d.evidence["membership"]), d.actor.identity)
            for d in (row.decision for row in reversed(rows))
            if "membership" in d.evidence
        ]


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    monkeypatch.setenv("MY_PAGERDUTY_KEY", KEY)
    pager = Pager([OnCall("PU1", "duty@example.org", "PSCHED1")])
    with ExitStack() as stack:
        server = stack.enter_context(BadServer(pager))
        house = stack.enter_context(door(tmp_path))
        specs = house.core.settings.specs
        (specs / "who.yaml").write_text(WHO.format(url=server.url, oncall=ONCALL.id))
        for path in specs.glob("*.yaml"):
            text = path.read_text()
            start = text.find("  onCall: ")
            if start >= 0:
                end = text.index("\n", start)
                group = "[{pagerduty: {schedules: PSCHED1}, fallback: leads}]"
                leads = f"\n  groups: {{leads: {{users: [{LEAD.id}]}}}}"
                path.write_text(f"{text[:start]}  onCall: {group}{leads}{text[end:]}")
        assert house.core.reload() is not None
        yield Rooms(house, pager)


def test_who_is_on_call_by_pagerduty_decides_and_how_is_on_record(rooms: Rooms) -> None:
    request = rooms.request()
    said = rooms.house.slack.click(LEAD.id, request, "approve")
    tells(said, "you are not an approver here")
    tells(said, "*Who may decide:* PagerDuty schedule PSCHED1 and leads where those are nobody.")
    tells(rooms.house.slack.click(ONCALL.id, request, "approve"), "Approved")
    (_, refused, _), (event, membership, identity) = rooms.votes()
    assert refused == "not a member, or not asked"
    assert event == "vote_cast"
    assert membership.startswith("PagerDuty schedule PSCHED1, asked at ")
    assert identity == "email:duty@example.org github:jonas-w terminal:jonas"
    assert rooms.house.events()[-1] == "frozen"


def test_with_pagerduty_down_the_fallback_decides_and_how_is_on_record(rooms: Rooms) -> None:
    request = rooms.request()
    rooms.pager.instead = [status("503 Service Unavailable")] * 10
    tells(rooms.house.slack.click(ONCALL.id, request, "approve"), "you are not an approver here")
    tells(rooms.house.slack.click(LEAD.id, request, "approve"), "Approved")
    assert rooms.votes()[-1][1] == (
        "listed in the spec"
        " (fallback group leads: PagerDuty schedule PSCHED1 did not answer: HTTP 503)"
    )


def test_what_was_asked_at_the_terminal_is_not_approved_by_the_same_person_in_slack(
    rooms: Rooms,
) -> None:
    house = rooms.house
    house.slack.command(ONCALL.id, "/freeze ranker for 2h bad roll-out")
    plea = Plea(Wish.UNFREEZE, Scope(Reach.SERVICE, "ranker"), "rolled back")
    asking = house.core.ask(house.chat.directory)
    outcome = asking.run(plea, Actor("terminal:jonas", "jonas", Door.TERMINAL))
    assert "It takes 2 to decide this, but only 1 besides the requester may." in outcome.next
    house.chat.deliver.until_empty()
    request = house.slack.heads("Lift the freeze")[-1]
    tells(house.slack.click(ONCALL.id, request, "approve"), "somebody else must decide it")
    tells(house.slack.click(LEAD.id, request, "approve"), "Your approval counts")
