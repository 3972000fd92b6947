"""Many budgets gone at once: one message asks for all the freezes, each stays its own request."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.approval import Choice
from bot.decide.policy import Then, Threshold
from bot.decide.summary import AT_ONCE, FEW
from bot.errors import Repeated, UserError
from bot.flow.ask.all import VoteOnAll
from bot.flow.ask.vote import CastVote
from tests.fakes import FakeDirectory
from tests.flow.conftest import OPS, QUICK, World
from tests.flow.reading import read
from tests.flow.storming import blocks, everybody, names, storm
from tests.flow.storming import fleet as fleet


def asking(world: World) -> list[str]:
    """The messages that stand now and ask for freezes."""
    world.deliver()
    return [text for text in world.heads() if "to freeze" in text or "asks to freeze" in text]


def test_a_few_requests_stand_one_by_one(fleet: World) -> None:
    storm(fleet, names(FEW))
    assert len(asking(fleet)) == len(fleet.pending()) == FEW


def test_many_requests_of_one_poll_share_a_message_and_each_stays_its_own(fleet: World) -> None:
    storm(fleet, names(12))
    (told,) = asking(fleet)
    assert told.startswith("12 requests to freeze releases: model-00, model-01")
    assert [one.scope.name for one in fleet.pending()] == names(12)
    assert len(fleet.story("freeze_requested")) == 12
    assert "approve|12" in blocks(fleet)


def test_who_asks_a_little_later_joins_the_message(fleet: World) -> None:
    storm(fleet, names(5))
    fleet.deliver()
    storm(fleet, names(12))
    (told,) = asking(fleet)
    assert told.startswith("12 requests")
    assert len({one.docket for one in fleet.pending()}) == 1


def test_what_is_asked_long_after_stands_by_itself(fleet: World) -> None:
    storm(fleet, names(5))
    fleet.clock.advance(AT_ONCE.total_seconds())
    storm(fleet, names(6))
    assert len(asking(fleet)) == 2
    assert fleet.pending()[-1].docket is None


def test_a_vote_on_all_is_a_vote_on_each_with_its_own_row(fleet: World) -> None:
    storm(fleet, names(12))
    said = everybody(fleet, "UADA", Choice.APPROVE)
    assert said == "You chose to approve 12 requests: 12 are decided by it."
    assert len(fleet.story("vote_cast")) == len(fleet.story("frozen")) == 12
    assert len(fleet.freezes()) == 12
    row = fleet.story("vote_cast")[0].decision
    assert row.evidence["membership"] == "user group S1, asked live"
    assert asking(fleet)[0].startswith("All 12 requests to freeze releases are over")
    assert not [text for text in fleet.heads() if text.startswith("Releases of service")]


def test_of_all_only_those_are_decided_that_the_message_had_named(fleet: World) -> None:
    storm(fleet, names(12))
    everybody(fleet, "UADA", Choice.DENY, upto=7)
    assert [one.id for one in fleet.pending()] == [8, 9, 10, 11, 12]
    assert "5 of 12 requests wait, 7 are denied" in blocks(fleet)


def test_when_slack_does_not_say_who_clicked_none_of_them_is_voted_on(fleet: World) -> None:
    storm(fleet, names(5))
    assert isinstance(fleet.directory, FakeDirectory)
    fleet.directory.down = True
    with pytest.raises(UserError, match="could not check now"):
        everybody(fleet, "UADA", Choice.APPROVE)
    assert fleet.story("vote_cast") == []


def test_who_is_no_decider_decides_none_of_them_and_each_refusal_is_on_record(
    fleet: World,
) -> None:
    storm(fleet, names(12))
    assert "12 are for others to decide" in everybody(fleet, "UEVE", Choice.APPROVE)
    assert len(fleet.pending()) == len(fleet.story("vote_refused")) == 12


def test_a_vote_on_all_asks_live_but_once_a_click(fleet: World) -> None:
    storm(fleet, names(12))
    assert isinstance(fleet.directory, FakeDirectory)
    fleet.directory.asked.clear()
    everybody(fleet, "UADA", Choice.APPROVE)
    assert len(fleet.directory.asked) == len(set(fleet.directory.asked))


def test_a_click_that_comes_again_counts_once_and_one_too_late_says_so(fleet: World) -> None:
    storm(fleet, names(5))
    docket = fleet.pending()[0].docket or 0
    vote = CastVote(fleet.record, fleet.clock, fleet.catalog, fleet.directory, fleet.ops)
    VoteOnAll(vote).run(docket, 3, "UADA", Choice.APPROVE, "click-1")
    with pytest.raises(Repeated):
        VoteOnAll(vote).run(docket, 3, "UADA", Choice.APPROVE, "click-1")
    with pytest.raises(UserError, match="None of them waits"):
        VoteOnAll(vote).run(docket, 3, "UBEN", Choice.APPROVE, "click-2")
    assert len(fleet.story("vote_cast")) == 3


def test_one_of_them_is_decided_by_itself_and_the_message_says_so(fleet: World) -> None:
    storm(fleet, names(5))
    fleet.vote(fleet.pending()[2], "UADA")
    assert "4 of 5 requests wait, 1 is approved" in blocks(fleet)
    assert len(asking(fleet)) == 1


def test_what_nobody_decided_in_time_is_asked_again_in_one_message(fleet: World) -> None:
    storm(fleet, names(5))
    fleet.clock.advance(4 * 3_600)
    fleet.tidy()
    again = fleet.pending()
    assert len(again) == 5
    assert {one.docket for one in again} == {again[0].id}
    over, anew = asking(fleet)
    assert over.startswith("All 5 requests to freeze releases are over")
    assert anew.startswith("5 requests")
    (told,) = [p for p in fleet.messenger.posted if "Nobody decided about" in p.message.text]
    assert told.channel == OPS
    one, two, three, four, five = names(5)
    title = f"Nobody decided about {one}, {two}, {three}, {four} and 1 more in time"
    assert title in told.message.text
    assert f"{one}, {two}, {three}, {four} and {five}" in read(told)


def test_freezes_of_policies_set_at_once_are_told_in_one_message_with_a_story_each(
    fleet: World,
) -> None:
    fleet.policy = replace(QUICK, thresholds=(Threshold(Fraction(0), Then.FREEZE),))
    storm(fleet, names(12))
    assert len(fleet.story("frozen")) == len(fleet.freezes()) == 12
    fleet.deliver()
    (told,) = [p for p in fleet.messenger.posted if p.key.startswith("freezes:")]
    assert told.message.text.endswith("12 services at once.")
    stories = [p for p in fleet.messenger.posted if p.key.startswith("freeze:")]
    assert len(stories) == 12
    assert all(p.thread for p in stories)


def test_a_few_freezes_are_told_one_by_one(fleet: World) -> None:
    fleet.policy = replace(QUICK, thresholds=(Threshold(Fraction(0), Then.FREEZE),))
    storm(fleet, names(FEW))
    fleet.deliver()
    alone = [p for p in fleet.messenger.posted if p.key.startswith("freeze:")]
    assert len(alone) == FEW
    assert not any(p.thread for p in alone)
