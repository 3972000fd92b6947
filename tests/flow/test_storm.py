"""One clear warning instead of forty (law 18): many episodes at once share one message."""

from dataclasses import replace

from bot.decide.policy import Then
from bot.decide.summary import AT_ONCE, FEW
from bot.flow.evaluate import Evaluate
from bot.flow.poll.succeed import take_leave
from tests.builders import MINUTE, objective
from tests.fakes import FakeSource
from tests.flow.conftest import OPS, QUICK, SEARCH, World
from tests.flow.storming import FLEET, calm, go_on, names
from tests.flow.storming import fleet as fleet


def test_a_few_warnings_at_once_stand_one_by_one(fleet: World) -> None:
    go_on(fleet, 6, names(FEW))
    fleet.deliver()
    assert len(fleet.heads()) == FEW
    assert all("is burning fast" in text for text in fleet.heads())


def test_more_than_a_few_share_one_message_and_the_thread_has_each_story(fleet: World) -> None:
    go_on(fleet, 6, names(12))
    fleet.deliver()
    (told,) = fleet.heads()
    assert told.startswith("12 warnings at once: model-00, model-01, model-02, model-03 and 8 more")
    assert "12 burning" in told
    thread = "".join(str(p.message.blocks) for p in fleet.messenger.posted if p.thread)
    assert all(f"{name} “availability”: burning fast" in thread for name in names(12))
    assert len(fleet.story("warning_opened")) == 12


def test_who_joins_a_little_later_joins_the_same_message(fleet: World) -> None:
    go_on(fleet, 6, names(5))
    fleet.deliver()
    go_on(fleet, 5, names(7))
    fleet.deliver()
    (told,) = fleet.heads()
    assert told.startswith("7 warnings at once")


def test_a_fault_that_trickles_in_ends_in_one_message_too(fleet: World) -> None:
    for n in range(1, 9):
        go_on(fleet, 2, names(n))
    fleet.deliver()
    alone = [text for text in fleet.heads() if "is burning fast" in text]
    (shared,) = [text for text in fleet.heads() if text not in alone]
    assert len(alone) == FEW
    assert shared.startswith("5 warnings at once")


def test_what_begins_long_after_has_a_message_of_its_own(fleet: World) -> None:
    go_on(fleet, 6, names(5))
    go_on(fleet, int(AT_ONCE.total_seconds()) // MINUTE + 1, names(5))
    go_on(fleet, 6, names(6))
    fleet.deliver()
    assert len(fleet.heads()) == 2
    assert fleet.heads()[1].startswith("model-05: the budget of “availability” is burning fast")


def test_another_channel_has_its_own_message(world: World) -> None:
    orphans = tuple(objective("orphan", f"slo-{n}") for n in range(FEW + 1))
    calm(world, (*FLEET[:5], *orphans))
    go_on(world, 6, [*names(5), "orphan"])
    world.deliver()
    (search,), (ops,) = world.heads(), world.heads(OPS)
    assert search.startswith("5 warnings at once")
    assert ops.startswith("4 warnings at once: orphan.")


def test_figures_are_edited_in_place_and_nobody_is_told(fleet: World) -> None:
    go_on(fleet, 6, names(5))
    fleet.deliver()
    posted = len(fleet.messenger.posted)
    go_on(fleet, 4, names(5))
    fleet.deliver()
    assert len(fleet.messenger.posted) == posted
    assert fleet.messenger.posted[0].said, "the message was not edited as the figures changed"


def test_a_rise_speaks_again_once_and_not_for_each(fleet: World) -> None:
    go_on(fleet, 6, names(5))
    go_on(fleet, 45, names(5), share=1.0)  # each has a budget of 4,320
    fleet.deliver()
    said = [p for p in fleet.messenger.posted if p.broadcast]
    (rose,) = [p for p in said if p.message.text.startswith("It got worse")]
    assert "a budget is now gone" in rose.message.text
    assert len(fleet.story("warning_rose")) == 5
    assert fleet.heads()[0].startswith("5 warnings at once")
    assert "5 gone" in fleet.heads()[0]


def test_when_the_last_is_over_it_says_so_once(fleet: World) -> None:
    go_on(fleet, 4, names(5))
    go_on(fleet, 2, names(2))
    go_on(fleet, 75, ())
    fleet.deliver()
    assert all(fleet.episode(f"{name}/availability") is None for name in names(5))
    (told,) = fleet.heads()
    assert told.startswith("Resolved: 5 warnings at once")
    assert len([text for text in fleet.replies() if "all over" in text]) == 1
    go_on(fleet, 8, names(5))
    fleet.deliver()
    assert len(fleet.heads()) == 2, "a new storm is a new message"


def test_what_cannot_be_judged_any_more_is_counted_as_unknown(fleet: World) -> None:
    go_on(fleet, 6, names(5))
    fleet.source.faults["model-01/availability"] = "timed out"
    go_on(fleet, 6, names(5))
    fleet.deliver()
    told = next(text for text in fleet.heads() if "at once" in text)
    assert "4 burning, 1 unknown for lack of data" in told


def test_evaluated_in_small_batches_it_is_one_message_all_the_same(fleet: World) -> None:
    now = int(fleet.clock.now().timestamp())
    for one in fleet.objectives:
        fleet.source.steady(one.id, now, now + 6 * MINUTE, 100 / 60, 1)
    for _ in range(6):
        fleet.clock.advance(MINUTE)
        Evaluate(fleet.record, fleet.clock, fleet.catalog, OPS, chunk=5).run(fleet.source)
    fleet.deliver()
    (told,) = fleet.heads()
    assert told.startswith("12 warnings at once")


def test_two_sources_that_fail_one_team_share_its_message(fleet: World) -> None:
    other = FakeSource("other")
    moved = tuple(replace(one, source="other") for one in FLEET[6:])
    fleet.objectives = (*FLEET[:6], *moved)
    fleet.open()
    now = int(fleet.clock.now().timestamp())
    other.phases = fleet.source.phases
    for one in fleet.objectives:
        fleet.source.steady(one.id, now, now + 6 * MINUTE, 100 / 60, 1)
    for _ in range(6):
        fleet.clock.advance(MINUTE)
        for source in (fleet.source, other):
            Evaluate(fleet.record, fleet.clock, fleet.catalog, OPS).run(source)
    fleet.deliver()
    (told,) = fleet.heads()
    assert told.startswith("12 warnings at once")


def test_one_click_acknowledges_all_that_are_open(fleet: World) -> None:
    go_on(fleet, 6, names(5))
    fleet.deliver()
    episode = fleet.episode("model-00/availability")
    assert episode is not None
    assert "5 warnings" in fleet.acknowledge(episode.id, "UADA")
    again = fleet.acknowledge(episode.id, "UBEN")
    assert "already" in again
    fleet.deliver()
    blocks = str(fleet.messenger.posted[0].message.blocks)
    assert "acknowledged by <@UADA>" in blocks
    assert "'acknowledge'" not in blocks
    assert len(fleet.story("warning_acknowledged")) == 5
    go_on(fleet, 5, names(6))
    fleet.deliver()
    assert "'acknowledge'" in str(fleet.messenger.posted[0].message.blocks), "one is new"


def test_the_message_comes_before_the_freezes_and_says_that_they_come(fleet: World) -> None:
    fleet.policy = replace(QUICK, on_page=Then.FREEZE)
    go_on(fleet, 4, names(5))
    fleet.deliver()
    first = fleet.messenger.posted[0]
    told = (*first.said, first.message)[0]
    assert told.text.startswith("5 warnings at once")
    assert "are frozen" in told.text
    assert len(fleet.freezes()) == 5


def test_objectives_that_leave_the_specs_leave_the_message_too(fleet: World) -> None:
    go_on(fleet, 6, names(5))
    former = fleet.catalog()
    fleet.objectives = FLEET[5:]
    later = replace(fleet.catalog(), version="2")
    now = fleet.clock.now()
    for _ in range(2):  # as two replicas would
        fleet.record.write(lambda books: take_leave(books, former, later, OPS, now))
    fleet.deliver()
    (told,) = fleet.heads(SEARCH)
    assert told.startswith("Resolved: 5 warnings at once")
    thread = [str(p.message.blocks) for p in fleet.messenger.posted if p.thread]
    assert sum("no longer in the spec files" in text for text in thread) == 1
