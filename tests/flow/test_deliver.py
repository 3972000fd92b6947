"""At least once, and never twice as far as Slack lets us (law 17)."""

from dataclasses import replace

from bot.decide.approval import Choice, Wish
from bot.errors import RateLimited, Unclear
from bot.flow.tell.deliver import LEASE
from tests.flow.conftest import World


def test_a_lost_answer_is_looked_up_instead_of_posted_again(world: World) -> None:
    world.messenger.lose_next_answer(3)
    world.ask(Wish.FREEZE, "UADA")
    world.deliver()
    assert len(world.heads()) == 1


def test_an_error_before_slack_took_it_is_tried_again(world: World) -> None:
    world.messenger.fail = [Unclear("timeout"), Unclear("timeout")]
    world.ask(Wish.FREEZE, "UADA")
    world.deliver()
    assert len(world.heads()) == 1


def test_who_was_held_up_for_half_the_lease_does_not_post_any_more(world: World) -> None:
    """Frozen between claim and post: by the time Slack answers, the row may be another's."""
    world.ask(Wish.FREEZE, "UADA")
    times = iter((0.0, LEASE / 2 + 0.1))
    replace(world.delivery(), monotonic=lambda: next(times)).one()
    assert "post" not in world.messenger.calls
    world.deliver()
    assert len(world.heads()) == 1


def test_slacks_plea_for_patience_is_obeyed(world: World) -> None:
    world.messenger.fail = [RateLimited(30)]
    world.ask(Wish.FREEZE, "UADA")
    began = world.clock.now()
    world.deliver()
    assert len(world.heads()) == 1
    assert (world.clock.now() - began).total_seconds() >= 29


def test_patience_asked_for_a_channel_holds_back_all_that_is_for_it(world: World) -> None:
    world.messenger.fail = [RateLimited(30)]
    world.ask(Wish.FREEZE, "UADA")
    world.ask(Wish.FREEZE, "UADA", "recs")
    world.delivery().run()
    world.clock.advance(29)
    world.delivery().run()
    assert world.heads() == []
    world.deliver()
    assert len(world.heads()) == 2


def test_patience_asked_for_edits_does_not_hold_back_posts(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    world.deliver()
    world.vote(request, "UADA", Choice.DENY)
    world.messenger.fail = [RateLimited(30)]
    limited = world.clock.now()
    world.delivery().run()
    world.ask(Wish.FREEZE, "UEVE")
    world.clock.advance(1)
    world.delivery().run()
    assert len(world.heads()) == 2
    assert "is denied" not in world.heads()[0]
    world.deliver()
    assert "is denied" in world.heads()[0]
    assert (world.clock.now() - limited).total_seconds() >= 30


def test_an_edit_that_changes_nothing_is_not_sent(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    world.deliver()
    world.vote(request, "UADA")
    world.deliver()
    edits = world.messenger.calls.count("edit")
    assert edits == 1


def test_the_sweeper_takes_back_what_doubled(world: World) -> None:
    world.messenger.fail = [Unclear("timeout")]
    world.ask(Wish.FREEZE, "UADA")
    world.deliver()
    known = world.messenger.posted[0]
    # The first attempt, given up on, comes to stand after all.
    world.messenger.post(known.channel, known.message, known.key, None, broadcast=False)
    assert world.sweep() == 1
    assert [p.ts for p in world.messenger.posted] == [known.ts]


def test_the_sweeper_leaves_the_only_one_that_stands(world: World) -> None:
    """What is on record was deleted by hand, or cannot be seen yet: the other is no double."""
    world.messenger.fail = [Unclear("timeout")]
    world.ask(Wish.FREEZE, "UADA")
    world.deliver()
    known = world.messenger.posted[0]
    world.messenger.post(known.channel, known.message, known.key, None, broadcast=False)
    world.messenger.delete(known.channel, known.ts)
    assert world.sweep() == 0
    assert len(world.heads()) == 1
