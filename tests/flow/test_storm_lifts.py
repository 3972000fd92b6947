"""Many freezes that end at once are told once, where they were told."""

from bot.decide.approval import Choice, Wish
from bot.decide.summary import FEW
from tests.fakes import Posted
from tests.flow.conftest import World
from tests.flow.storming import THAWS, everybody, go_on, names, storm
from tests.flow.storming import fleet as fleet


def said(world: World, word: str) -> list[Posted]:
    """Messages whose notification has the word in it."""
    world.deliver()
    return [p for p in world.messenger.posted if word in p.message.text]


def ts_of(world: World, key: str) -> str:
    """Where the one message of such a key stands."""
    (head,) = [p for p in world.messenger.posted if p.key.startswith(key) and not p.thread]
    return head.ts


def thaw(world: World) -> None:
    go_on(world, 80)
    assert world.freezes() == []


def test_freezes_that_were_told_together_thaw_in_one_message_under_that_one(fleet: World) -> None:
    fleet.policy = THAWS
    storm(fleet, names(5))
    fleet.deliver()
    thaw(fleet)
    assert len(fleet.story("thawed")) == 5
    (told,) = said(fleet, "recovered: ")
    assert told.message.text == (
        "The budgets have recovered: 5 freezes are over: model-00, model-01, model-02, model-03 "
        "and 1 more; releases may go again."
    )
    assert (told.thread, told.broadcast) == (ts_of(fleet, "freezes:"), True)
    listed = str(told.message.blocks)
    assert all(f"{freeze} (freeze {n})" in listed for n, freeze in enumerate(names(5), 1))


def test_a_single_one_of_them_is_told_under_the_message_of_all(fleet: World) -> None:
    fleet.policy = THAWS
    storm(fleet, names(5))
    fleet.deliver()
    go_on(fleet, 80, names(5)[1:])
    (told,) = said(fleet, "recovered: ")
    assert told.message.text.startswith("The budget has recovered: freeze 1 of service model-00")
    assert (told.thread, told.broadcast) == (ts_of(fleet, "freezes:"), True)


def test_a_few_that_were_told_one_by_one_thaw_one_by_one(fleet: World) -> None:
    fleet.policy = THAWS
    storm(fleet, names(FEW))
    fleet.deliver()
    thaw(fleet)
    told = said(fleet, "recovered: ")
    assert [p.thread for p in told] == [ts_of(fleet, f"freeze:{n}:") for n in range(1, FEW + 1)]
    assert all(p.broadcast for p in told)


def test_of_many_that_were_told_one_by_one_the_channel_hears_once_and_each_thread_for_itself(
    fleet: World,
) -> None:
    fleet.policy = THAWS
    for some in (names(3), names(3, 3)):
        storm(fleet, some)
        fleet.deliver()
    thaw(fleet)
    fleet.deliver()
    heard = [p for p in said(fleet, "recovered: ") if p.broadcast or not p.thread]
    assert len(heard) == len(said(fleet, "6 freezes are over")) == 1
    assert len([p for p in said(fleet, "recovered: ") if p.thread and not p.broadcast]) == 6


def test_freezes_that_people_set_with_one_click_are_lifted_under_the_shared_request(
    fleet: World,
) -> None:
    storm(fleet, names(5))
    everybody(fleet, "UADA", Choice.APPROVE)
    fleet.deliver()
    fleet.clock.advance(60)
    fleet.vote(fleet.ask(Wish.UNFREEZE, "UADA", "model-02").request, "UBEN")
    (told,) = said(fleet, "is lifted")
    assert (told.thread, told.broadcast) == (ts_of(fleet, "requests:"), True)


def test_freezes_that_run_out_together_are_told_together(fleet: World) -> None:
    for name in names(5):
        fleet.ask(Wish.FREEZE, "UADA", name, hours=1)
    fleet.deliver()
    fleet.clock.advance(3_700)
    fleet.tidy()
    (told,) = said(fleet, "5 freezes have run out")
    assert told.thread is None
    quiet = said(fleet, "has run out")
    assert [p.thread for p in quiet] == [ts_of(fleet, f"freeze:{n}:") for n in range(1, 6)]
    assert not any(p.broadcast for p in quiet)
    assert len(fleet.story("freeze_expired")) == 5


def test_what_still_stands_is_named_once_for_all(fleet: World) -> None:
    fleet.policy = THAWS
    storm(fleet, names(5))
    fleet.ask(Wish.FREEZE, "UADA", "team:search", reason="big launch")
    go_on(fleet, 80)
    (told,) = said(fleet, "recovered: ")
    assert "releases may go again" not in told.message.text
    assert str(told.message.blocks).count("big launch") == 1
