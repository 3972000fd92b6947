"""Time is taken out of a budget when people agree; both figures are kept, the past stays."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.decide.approval import Answer, Choice
from bot.decide.people import Person
from bot.decide.policy import Thaw, Then, Threshold
from bot.decide.quorum import Need, Quorum
from bot.errors import UserError
from bot.flow.adjust.adjusted import kept
from bot.judge.verdict import Kind
from tests.builders import DAY, HOUR, MINUTE, objective
from tests.flow.adjusting import (
    listed,
    minutes_ago,
    outage,
    plainly,
    put_back,
    shown,
    take_out,
    verdict,
)
from tests.flow.conftest import QUICK, World


def adjusted(world: World) -> int:
    """Its outage is taken out; the number of the adjustment."""
    start, end = minutes_ago(world, 70), minutes_ago(world, 10)
    world.vote(take_out(world, start, end).request, "UADA")
    return int(listed(world)[0]["id"])


def test_an_outage_that_was_not_ours_is_left_out_once_somebody_else_agrees(world: World) -> None:
    outage(world)
    before = verdict(world)
    assert before.kind is Kind.EXHAUSTED
    asked = take_out(world, minutes_ago(world, 70), minutes_ago(world, 10))
    assert "(request 2): it needs 1 approval. Until then it counts." in asked.sentence
    assert verdict(world) == before, "asking changes nothing"
    ruling = world.vote(asked.request, "UADA")
    assert ruling.answer is Answer.DECIDED
    after = verdict(world)
    assert after.left == 1
    assert (after.taken, after.unadjusted) == (HOUR, before.left)
    assert after.counted == before.spend


def test_what_was_decided_before_stays_as_it_was_recorded(world: World) -> None:
    outage(world)
    story = world.story()
    adjusted(world)
    assert world.story()[: len(story)] == story
    assert world.record.read(lambda books: books.history.verify()).broken is None


def test_the_history_has_both_figures_and_who_approved(world: World) -> None:
    outage(world)
    adjusted(world)
    (asked,) = world.story("adjustment_requested")
    (row,) = world.story("budget_adjusted")
    said = row.decision.evidence
    (figure,) = said["figures"]
    assert (figure["before"], figure["after"]) == (pytest.approx(1 - 6_000 / 4_320, abs=1e-3), 1.0)
    assert (figure["bad_taken"], figure["eligible_taken"]) == (6_000, 6_000)
    assert said["requested_by"] == "UEVE"
    assert said["votes"][0][:2] == ["UADA", "approve"]
    assert said["objectives"] == ["ranker/availability"]
    assert asked.decision.evidence["figures"] == said["figures"]


def test_the_channel_is_told_what_it_changes(world: World) -> None:
    outage(world)
    adjusted(world)
    world.deliver()
    request = shown(world, "Request 2 to take time out of the budget of service ranker")
    assert "Approved by <@UADA>" in request
    told = shown(world, "Taken out of the budget of service ranker: 1 h")
    assert "overspent by 39 % → *100 % left* (6,000 bad events)" in told
    assert "the network was down" in told
    assert "/budget adjust reverse 1" in told


def test_nobody_approves_their_own_adjustment(world: World) -> None:
    outage(world)
    asked = take_out(world, minutes_ago(world, 70), minutes_ago(world, 10), who="UADA")
    assert world.vote(asked.request, "UADA").answer is Answer.OWN_REQUEST
    assert world.vote(asked.request, "UEVE").answer is Answer.NOT_A_DECIDER
    assert verdict(world).taken == 0


def test_the_policy_says_how_many_of_which_groups(world: World) -> None:
    two = Quorum((Need("on-call", 1), Need("approvers", 1)))
    world.policy = replace(QUICK, approvals=replace(QUICK.approvals, adjust=two))
    world.directory.add(Person("ULEAD", "lead", "T1"))
    outage(world)
    asked = take_out(world, minutes_ago(world, 70), minutes_ago(world, 10))
    assert "needs approval by 1 approvers and 1 on-call" in asked.sentence
    assert world.vote(asked.request, "UADA").answer is Answer.COUNTED
    assert world.vote(asked.request, "UBEN").answer is Answer.COUNTED
    assert verdict(world).taken == 0
    assert world.vote(asked.request, "ULEAD").answer is Answer.DECIDED
    assert verdict(world).taken == HOUR


def test_a_denied_request_changes_nothing(world: World) -> None:
    outage(world)
    asked = take_out(world, minutes_ago(world, 70), minutes_ago(world, 10))
    world.vote(asked.request, "UADA", Choice.DENY)
    assert verdict(world).taken == 0
    assert listed(world) == []


def test_the_next_poll_judges_by_what_is_left(world: World) -> None:
    outage(world)
    adjusted(world)
    world.polls(1)
    changes = [row.decision for row in world.story("verdict_changed")]
    last = [one for one in changes if one.objective == "ranker/availability"][-1]
    assert last.evidence["verdict"] == "healthy"
    assert last.evidence["adjusted"]["seconds"] == HOUR
    assert last.evidence["adjusted"]["left"] == pytest.approx(1 - 6_000 / 4_320, abs=1e-2)


FROZEN = replace(
    QUICK,
    thresholds=(Threshold(Fraction(0), Then.FREEZE),),
    thaw=Thaw(left=Fraction(1, 10), dwell=20 * MINUTE),
)


def test_a_freeze_is_not_lifted_at_once_but_thaws_its_usual_way(world: World) -> None:
    world.policy = FROZEN
    outage(world)
    (freeze,) = world.freezes()
    adjusted(world)
    assert world.freezes() == [freeze], "an adjustment lifts nothing itself"
    world.traffic("ranker/availability", 0, 2)
    assert world.freezes()[0].recovering_since is not None
    world.traffic("ranker/availability", 0, 18)
    assert world.freezes() != []
    world.traffic("ranker/availability", 0, 3)
    assert world.freezes() == []
    world.deliver()
    told = shown(world, "Taken out of")
    assert f"freeze {freeze.id} of service ranker is not lifted by this" in told
    assert "more than 10 % has been left, with a calm burn, for 20 min" in told


def test_a_freeze_that_stays_is_told_why(world: World) -> None:
    world.policy = FROZEN
    outage(world)
    world.vote(take_out(world, minutes_ago(world, 70), minutes_ago(world, 60)).request, "UADA")
    world.deliver()
    assert "stays: it takes more than 10 % left to thaw" in shown(world, "Taken out of")


def test_reversing_is_a_request_too_and_brings_the_figure_back(world: World) -> None:
    outage(world)
    before = verdict(world)
    number = adjusted(world)
    asked = put_back(world, number)
    assert "put back into the budget of ranker/availability what adjustment 1" in asked.sentence
    assert verdict(world).taken == HOUR
    world.vote(asked.request, "UBEN")
    assert verdict(world) == before
    (row,) = world.story("adjustment_reversed")
    (figure,) = row.decision.evidence["figures"]
    assert figure["before"] == 1.0
    assert figure["after"] < 0
    assert listed(world)[0]["state"] == "reversed"
    world.deliver()
    assert "100 % left → *overspent by" in shown(world, "Put back into the budget of")


def test_what_is_reversed_cannot_be_reversed_again(world: World) -> None:
    outage(world)
    number = adjusted(world)
    first, second = put_back(world, number), None
    with pytest.raises(UserError, match="asked already"):
        second = put_back(world, number, who="UBEN")
    assert second is None
    world.vote(first.request, "UADA")
    with pytest.raises(UserError, match="was reversed already"):
        put_back(world, number)
    with pytest.raises(UserError, match="no adjustment 9"):
        put_back(world, 9)


def test_a_request_whose_adjustment_is_gone_is_closed(world: World) -> None:
    outage(world)
    number = adjusted(world)
    asked = put_back(world, number)
    world.record.write(lambda books: books.adjustments.reverse(number, world.clock.now()))
    assert world.vote(asked.request, "UADA").answer is Answer.CLOSED
    world.tidy()
    assert len(world.story("request_superseded")) == 1


def test_maintenance_ahead_does_not_count_when_it_comes(world: World) -> None:
    world.history_of_calm()
    start = world.clock.now() + timedelta(minutes=10)
    asked = take_out(world, start, start + timedelta(minutes=30), "the database moves")
    world.vote(asked.request, "UADA")
    assert listed(world)[0]["state"] == "ahead"
    assert verdict(world).taken == 0
    world.traffic("ranker/availability", 0, 10)
    world.traffic("ranker/availability", 100, 15)
    assert listed(world)[0]["state"] == "running"
    assert verdict(world).left == 1
    world.traffic("ranker/availability", 100, 15)
    world.traffic("ranker/availability", 1, 5)
    assert listed(world)[0]["state"] == "out"
    after = verdict(world)
    assert (after.spend and after.spend.bad, after.counted and after.counted.bad) == (5, 3_005)
    assert world.episode() is None
    assert world.story("warning_opened") == []


def test_one_objective_or_all_of_a_team(world: World) -> None:
    world.objectives = (objective(), objective(name="latency"), objective("recs"))
    world.open()
    world.history_of_calm()
    start, end = minutes_ago(world, 60), minutes_ago(world, 30)
    one = take_out(world, start, end, word="ranker/latency")
    team = take_out(world, start, end, word="search")
    assert "out of the budget of ranker/latency" in one.sentence
    for asked in (one, team):
        world.vote(asked.request, "UADA")
    rows = listed(world)
    assert [len(row["objectives"]) for row in rows] == [3, 1]
    assert [row["id"] for row in listed(world, "recs")] == [rows[0]["id"]]


def test_half_a_slice_is_widened_and_said_so(world: World) -> None:
    world.history_of_calm()
    start = minutes_ago(world, 90) + timedelta(seconds=20)
    asked = take_out(world, start, start + timedelta(minutes=10))
    assert "It is widened to whole slices." in asked.sentence
    assert "take 11 min, from" in asked.sentence
    old = take_out(world, minutes_ago(world, 5 * 24 * 60 + 7), minutes_ago(world, 5 * 24 * 60))
    assert "take 1 h, from" in old.sentence, "of what is old only hours are left"


def test_bounds_outlive_thinning_from_the_request_on(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", 100, 13)
    start, end = minutes_ago(world, 11), minutes_ago(world, 4)

    def thinned(later: int) -> None:
        now = world.clock.advance(later)
        world.record.write(lambda books: books.ledger.thin(now, 10**6, kept(books, now)))

    thinned(6 * HOUR)
    asked = take_out(world, start, end)
    thinned(3 * HOUR)
    world.vote(asked.request, "UADA")
    for later in (HOUR, 5 * DAY):
        thinned(later)
        found = verdict(world)
        assert found.counted is not None
        assert found.spend is not None
        assert (found.counted.bad, found.spend.bad) == (1_300, 600)


def test_status_and_show_give_both_figures(world: World) -> None:
    outage(world)
    adjusted(world)
    row = next(r for r in world.answer().rows() if r["service"] == "ranker")
    assert row["remaining"] == 1.0
    assert row["adjusted"]["seconds"] == HOUR
    assert (row["adjusted"]["bad"], row["bad"]) == (6_000, 0)
    renderer = world.renderer()
    status = plainly(renderer.message("status", world.answer().status()))
    assert "healthy, adjusted" in status
    assert "1 h taken out; with it: overspent by 39 %" in status
    show = plainly(renderer.message("show", world.answer().show("ranker")))
    assert "1 h taken out; with it: overspent by 39 %" in show
    other = next(r for r in world.answer().rows() if r["service"] == "recs")
    assert other["adjusted"] is None
