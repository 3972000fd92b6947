"""What cannot be taken out of a budget is said at once, with what would be right."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.people import Person
from bot.errors import Repeated, UserError
from tests.flow.adjusting import listed, minutes_ago, outage, shown, take_out
from tests.flow.conftest import QUICK, World

CAUSES = replace(QUICK, outside_causes=("cloud provider", "another team"))


def test_a_policy_that_names_causes_takes_no_other(world: World) -> None:
    world.policy = CAUSES
    outage(world)
    start, end = minutes_ago(world, 70), minutes_ago(world, 10)
    with pytest.raises(UserError) as caught:
        take_out(world, start, end, "cloud provdier lost packets")
    assert "`another team`, `cloud provider`" in caught.value.sentence
    assert caught.value.example.startswith("/budget adjust ranker from 2026-03-02T")
    assert caught.value.example.endswith(" cloud provider cloud provdier lost packets")
    with pytest.raises(UserError, match="A reason is missing"):
        take_out(world, start, end, "cloud provider")
    asked = take_out(world, start, end, "Cloud-provider: lost packets")
    world.vote(asked.request, "UADA")
    assert (listed(world)[0]["cause"], listed(world)[0]["reason"]) == (
        "cloud provider",
        "lost packets",
    )
    world.deliver()
    assert "cause: cloud provider" in shown(world, "Taken out of")


@pytest.mark.parametrize(
    ("start", "end", "word", "says"),
    [
        (10, 70, "ranker", "ends before it begins"),
        (10, 10, "ranker", "ends before it begins"),
        (60 * 24 * 40, 0, "ranker", "31 days at most"),
        (60 * 24 * 401, 60 * 24 * 400, "ranker", "too far from today"),
        (-60 * 24 * 370, -60 * 24 * 371, "ranker", "too far from today"),
        (70, 10, "rankr", "Did you mean `ranker`"),
        (70, 10, "ranker/latncy", "There is no objective `ranker/latncy`"),
    ],
)
def test_what_cannot_be_is_said_at_once(
    world: World, start: int, end: int, word: str, says: str
) -> None:
    world.history_of_calm()
    with pytest.raises(UserError, match=says):
        take_out(world, minutes_ago(world, start), minutes_ago(world, end), word=word)
    assert world.pending() == []


def test_the_same_is_not_asked_twice_nor_taken_out_twice(world: World) -> None:
    outage(world)
    start, end = minutes_ago(world, 70), minutes_ago(world, 10)
    asked = take_out(world, start, end)
    with pytest.raises(UserError, match="asked already") as decider:
        take_out(world, start, end, who="UBEN")
    assert decider.value.example == "approve or deny the open request"
    with pytest.raises(UserError, match="asked already, by you since") as own:
        take_out(world, start, end)
    assert "approve" not in own.value.example
    world.vote(asked.request, "UADA")
    with pytest.raises(UserError, match="taken out already, by adjustment 1"):
        take_out(world, start + timedelta(minutes=5), end)
    assert take_out(world, start, end + timedelta(minutes=5)).request is not None


def test_a_command_delivered_twice_asks_once(world: World) -> None:
    outage(world)
    start, end = minutes_ago(world, 70), minutes_ago(world, 10)
    take_out(world, start, end, once="key")
    with pytest.raises(Repeated):
        take_out(world, start, end, once="key")
    assert len(world.story("adjustment_requested")) == 1


def test_outsiders_cannot_ask(world: World) -> None:
    world.history_of_calm()
    world.directory.add(Person("UGUEST", "guest", "T1", guest=True), "S1")
    with pytest.raises(UserError, match="guests cannot decide"):
        take_out(world, minutes_ago(world, 9), minutes_ago(world, 4), who="UGUEST")
    world.directory.down = True
    with pytest.raises(UserError, match="could not ask Slack who you are"):
        take_out(world, minutes_ago(world, 9), minutes_ago(world, 4))


def test_where_nobody_could_be_asked_it_is_refused(world: World) -> None:
    world.history_of_calm()
    world.ops = ""
    world.teams = {"search": replace(world.teams["search"], channel="")}
    with pytest.raises(UserError, match="Nobody could be asked"):
        take_out(world, minutes_ago(world, 9), minutes_ago(world, 4))
