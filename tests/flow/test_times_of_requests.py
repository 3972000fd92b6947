"""How long a request, a freeze and a vote on them last."""

from datetime import timedelta

import pytest

from bot.decide.approval import Answer, Wish
from bot.decide.people import Rota
from bot.decide.roster import Found
from bot.errors import UserError
from tests.fakes import FakeClock, FakeDirectory
from tests.flow.conftest import World
from tests.flow.reading import read


def test_a_request_expires_at_its_second_and_says_so(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert request is not None
    world.clock.time = request.expires_at
    assert world.vote(request, "UADA").answer is Answer.CLOSED
    assert world.tidy() == 1
    assert world.tidy() == 0
    world.deliver()
    assert "expired" in world.heads()[0].lower()
    assert len(world.story("request_expired")) == 1


def test_a_freeze_ends_by_itself_and_is_told_once(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    world.clock.advance(7_200)
    assert world.freezes() == [], "it is over at its end, whether anybody has looked or not"
    assert world.tidy() == 1
    assert world.tidy() == 0
    world.deliver()
    assert len(world.story("freeze_expired")) == 1


def test_a_request_to_lift_what_has_ended_is_superseded(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=1)
    request = world.ask(Wish.UNFREEZE, "UADA").request
    world.clock.advance(3_600)
    world.tidy()
    assert world.vote(request, "UBEN").answer is Answer.CLOSED
    assert len(world.story("request_superseded")) == 1


def test_a_length_counts_from_the_approval(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE", until=timedelta(minutes=30)).request
    world.clock.advance(3_600)
    world.deliver()
    asked = next(p for p in world.messenger.posted if p.key == "request:1")
    assert "frozen for 30 min from the approval on" in read(asked)
    world.vote(request, "UADA")
    (freeze,) = world.freezes()
    assert freeze.ends_at == world.clock.now() + timedelta(minutes=30)
    world.deliver()
    assert f"are frozen until <!date^{int(freeze.ends_at.timestamp())}^" in read(asked)
    assert "from the approval on" not in read(asked)
    assert "asked for 30 min" in read(asked)


def test_a_length_counts_from_now_for_who_decides_alone(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", until=timedelta(minutes=30))
    assert world.freezes()[0].ends_at == world.clock.now() + timedelta(minutes=30)


def test_a_request_for_a_freeze_until_an_instant_is_over_at_that_instant(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE", hours=0.5).request
    assert request is not None
    assert request.expires_at == request.until
    world.clock.advance(1_800)
    assert world.vote(request, "UADA").answer is Answer.CLOSED
    assert world.story("frozen") == []


class SlowDirectory(FakeDirectory):
    """Takes its time to say who somebody is."""

    def __init__(self, clock: FakeClock, seconds: float) -> None:
        super().__init__()
        self._clock, self._seconds = clock, seconds

    def found(self, rota: Rota) -> Found:
        """After a while."""
        self._clock.advance(self._seconds)
        return super().found(rota)


def test_the_time_of_a_request_is_that_of_its_transaction(world: World) -> None:
    slow = SlowDirectory(world.clock, 600)
    slow.people, slow.groups = world.directory.people, world.directory.groups
    world.directory = slow
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert request is not None
    assert request.created_at == world.clock.now()
    with pytest.raises(UserError, match="in the past"):
        world.ask(Wish.FREEZE, "UEVE", word="recs", hours=0.1)


def test_lifting_what_has_run_out_is_not_called_approved(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=1)
    request = world.ask(Wish.UNFREEZE, "UADA").request
    world.clock.advance(3_600)  # nothing has tidied up meanwhile
    ruling = world.vote(request, "UBEN")
    assert (ruling.answer, str(ruling.state)) == (Answer.CLOSED, "superseded")
    assert world.story("vote_cast") == []
