"""An emergency passes at once; the channel and whoever is on call know, and somebody else looks at
it afterwards."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.approval import Wish
from bot.decide.change import Change
from bot.decide.override import OverrideState
from bot.decide.people import Group
from bot.decide.policy import BreakGlass
from bot.errors import UserError
from bot.flow.override.listing import ListOverrides
from tests.flow.conftest import OPS, SEARCH, World
from tests.flow.overriding import (
    RUN,
    V38,
    asked,
    card,
    frozen,
    glass,
    news,
    people,
    reminding,
    review,
    revoke,
    state,
    under,
    use,
    written_to,
)

DAY = 86_400


@pytest.fixture(autouse=True)
def _people(world: World) -> None:
    people(world)


def broken(world: World, by: str = "ada") -> int:
    frozen(world)
    request = glass(world, by).request
    assert request is not None
    return request.id


def test_whoever_the_policy_names_lets_a_release_through_at_once(world: World) -> None:
    number = broken(world)
    assert state(world, number) is OverrideState.APPROVED
    row = world.story("glass_broken")[0].decision
    assert row.evidence["emergency"] is True
    assert row.evidence["incident"] == "INC-7"
    assert row.evidence["emergency_reason"] == "nobody gets results"
    assert row.evidence["membership"] == {"on-call": "user group S1, asked live"}
    assert row.evidence["weighed"]["objective"] == "ranker/availability"
    assert use(world) is not None
    assert use(world, run=replace(RUN, id="2")) is None


def test_the_channel_is_told_and_the_on_call_mentioned_and_written_to(world: World) -> None:
    number = broken(world)
    said = card(world, number)
    assert "Break-glass: version 38 of ranker" in said
    assert "INC-7" in said
    assert "<!subteam^S1>" in said
    (message,) = written_to(world).items()
    assert message[0] == "UBEN"
    assert "broke the glass for version 38 of ranker (INC-7)" in message[1]
    assert news(world) == []


def test_whom_the_policy_pages_is_looked_up_but_an_emergency_does_not_wait_for_it(
    world: World,
) -> None:
    under(world, break_glass=BreakGlass(pages=("managers",)))
    world.teams["search"] = replace(
        world.teams["search"], groups={"managers": Group(("SMANAGERS",))}
    )
    world.directory.silent = {"SMANAGERS"}
    number = broken(world)
    assert "<!subteam^SMANAGERS>" in card(world, number)
    assert written_to(world) == {}


def test_nobody_else_breaks_the_glass_and_trying_is_on_record_once_a_day(world: World) -> None:
    frozen(world)
    for _ in range(5):
        with pytest.raises(UserError, match="Only on-call or approvers of ranker"):
            glass(world, "eve")
    (row,) = world.story("glass_refused")
    assert row.decision.actor.id == "UEVE"
    assert world.story("glass_broken") == []
    commit = "3f2a9c1d0b" * 4
    with pytest.raises(UserError) as refused:
        glass(world, "eve", change=Change("ranker", commit=commit))
    assert refused.value.example == f"/override ranker {commit} nobody gets results"
    world.directory.groups["S1"].discard("UADA")
    with pytest.raises(UserError, match="Only on-call"):
        glass(world, "ada")


def test_it_demands_an_incident_and_a_freeze(world: World) -> None:
    with pytest.raises(UserError, match="Which incident"):
        glass(world, incident=" ")
    assert "Nothing stops version 38" in glass(world).sentence
    assert world.story("glass_broken") == []


def test_when_slack_does_not_say_who_it_is_nothing_passes(world: World) -> None:
    frozen(world)
    world.directory.down = True
    with pytest.raises(UserError, match="Nothing has changed"):
        glass(world)


def test_a_request_that_waited_for_the_same_release_is_superseded(world: World) -> None:
    frozen(world)
    waiting = asked(world)
    other = asked(world, replace(V38, version="39"))
    assert glass(world).request is not None
    assert state(world, waiting.id) is OverrideState.SUPERSEDED
    assert state(world, other.id) is OverrideState.PENDING
    assert "may go already" in glass(world, "lead").sentence


def test_a_review_is_opened_with_an_owner_and_a_due_date(world: World) -> None:
    number = broken(world)
    (found,) = world.record.read(lambda books: books.reviews.open())
    assert found.owner == "approvers"
    assert found.due_at == world.clock.now() + timedelta(days=3)
    assert "by approvers, not by whoever broke the glass" in card(world, number)


def test_a_reviewer_who_did_not_break_the_glass_reviews_it_once(world: World) -> None:
    number = broken(world)
    with pytest.raises(UserError, match="cannot review it: somebody else"):
        review(world, number, by="ada")
    with pytest.raises(UserError, match="Only approvers of ranker"):
        review(world, number, by="ben")
    with pytest.raises(UserError, match="reason"):
        review(world, number, finding="")
    use(world)
    assert "is reviewed" in review(world, number)
    assert "Reviewed* by <@ULEAD>" in card(world, number)
    assert "it was right" in card(world, number)
    with pytest.raises(UserError, match="reviewed already"):
        review(world, number)
    (row,) = world.story("review_done")
    assert (row.decision.reason, row.decision.evidence["late"]) == ("it was right", False)
    assert world.record.read(lambda books: books.reviews.open()) == []


def test_who_broke_the_glass_does_not_review_it_although_an_approver(world: World) -> None:
    number = broken(world, "lead")
    with pytest.raises(UserError, match="cannot review it: somebody else"):
        review(world, number, by="lead")


def test_what_was_no_emergency_has_no_review(world: World) -> None:
    frozen(world)
    request = asked(world)
    for number in (request.id, 99):
        with pytest.raises(UserError, match=r"no break-glass|no override 99"):
            review(world, number)
    wish = world.ask(Wish.UNFREEZE, "UADA").request
    assert wish is not None
    with pytest.raises(UserError, match="There is no override"):
        review(world, wish.id)


def test_an_overdue_review_is_reminded_once_a_day_and_recorded_once(world: World) -> None:
    number = broken(world)
    reminder = reminding(world)
    world.clock.advance(3 * DAY - 1)
    assert reminder.run() == 0
    world.clock.advance(1)
    assert reminder.run() == 1
    assert [reminder.run(), reminding(world).run()] == [0, 0]
    world.clock.advance(DAY)
    assert [reminding(world).run(), reminder.run()] == [1, 0]
    first, second = (p for p in _in_threads(world) if "overdue" in p.message.text)
    assert first.broadcast
    assert "<@ULEAD>" in str(first.message.blocks)
    assert "1 day now" in str(second.message.blocks)
    assert len(world.story("review_overdue")) == 1
    review(world, number)
    world.clock.advance(DAY)
    assert reminder.run() == 0
    assert world.story("review_done")[0].decision.evidence["late"] is True


def test_two_replicas_remind_once(world: World) -> None:
    broken(world)
    world.clock.advance(3 * DAY)
    gate, told = threading.Barrier(2), list[int]()

    def run() -> None:
        flow = reminding(world)
        gate.wait(10)
        told.append(flow.run())

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == [0, 1]


def test_open_and_overdue_reviews_are_listed(world: World) -> None:
    broken(world)
    listing = ListOverrides(world.record, world.clock, world.catalog)
    assert (listing.reviews()["total"], listing.reviews()["overdue"]) == (1, 0)
    world.clock.advance(3 * DAY)
    found = listing.reviews()
    assert (found["total"], found["overdue"]) == (1, 1)
    (row,) = found["rows"]
    assert (row["incident"], row["owner"], row["requester"]) == ("INC-7", "approvers", "UADA")
    (line,) = listing.overrides("ranker")["rows"]
    assert (line["emergency"], line["exempt"], line["state"]) == (True, False, "expired")
    assert listing.overrides("recs")["rows"] == []


def test_what_was_let_through_in_an_emergency_can_be_revoked(world: World) -> None:
    number = broken(world)
    assert "revoked" in revoke(world, number, by="lead")
    assert use(world) is None
    assert "Revoked by <@ULEAD>" in card(world, number)
    review(world, number)
    assert len([said for said in news(world) if "revoked" in said]) == 1


def test_without_a_channel_of_the_team_the_operators_are_told(world: World) -> None:
    world.teams["search"] = replace(world.teams["search"], channel="")
    broken(world)
    world.deliver()
    assert any("broke the glass" in text for text in world.heads(OPS))
    assert world.heads(SEARCH) == []


def _in_threads(world: World) -> list[object]:
    world.deliver()
    return [p for p in world.messenger.posted if p.thread]


def test_a_team_without_approvers_has_its_on_call_review_it(world: World) -> None:
    world.teams["search"] = replace(world.teams["search"], approvers=Group())
    number = broken(world)
    with pytest.raises(UserError, match="somebody else must"):
        review(world, number, by="ada")
    assert "is reviewed" in review(world, number, by="ben")
