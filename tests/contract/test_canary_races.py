"""Replicas that look at once, and votes beside them: on both real databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.decide.approval import RequestState
from bot.decide.outside import Hook, Outside, Topic
from bot.decide.release import NoteKind
from bot.flow.tell.hooks import TellHooks
from bot.record import Database
from tests.builders import MINUTE
from tests.flow.canaries import DEPLOYER, Canaries
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def canaries(database: Database) -> Canaries:
    return Canaries(World(database))


def test_of_many_replicas_that_look_at_once_one_proposes(canaries: Canaries) -> None:
    canaries.bad()
    with ThreadPoolExecutor(6) as pool:
        found = [one.result() for one in [pool.submit(canaries.look) for _ in range(6)]]
    assert sum(found) == 1
    assert len(canaries.world.pending()) == 1
    assert len(canaries.world.story("rollback_advised")) == 1


def test_a_vote_and_the_end_of_the_release_at_once_leave_one_clear_record(
    canaries: Canaries,
) -> None:
    canaries.bad()
    canaries.look()
    world = canaries.world
    (request,) = world.pending()
    world.clock.advance(MINUTE)
    canaries.note("38", NoteKind.ROLLED_BACK)
    with ThreadPoolExecutor(5) as pool:
        vote = pool.submit(world.vote, request, "UADA")
        looks = [pool.submit(canaries.follow) for _ in range(4)]
        ruling, _ = vote.result(), [one.result() for one in looks]
    canaries.follow()
    (ended,) = world.story("rollback_ended")
    granted = world.story("rollback_granted")
    stands = world.record.read(lambda books: books.requests.get(request.id))
    assert stands is not None
    approved = ruling.state is RequestState.APPROVED
    assert len(granted) == approved
    wanted = RequestState.APPROVED if approved else RequestState.SUPERSEDED
    assert stands.closed is wanted
    assert ended.decision.evidence["end"] == "rolled_back"


def test_only_a_decided_rollback_is_on_its_way_to_whoever_carries_it_out(
    canaries: Canaries,
) -> None:
    everything = Hook("audit", "https://audit.example", "KEY", frozenset({Topic.RELEASE}))
    canaries.outside = Outside(hooks={"deployer": DEPLOYER, "audit": everything})
    world = canaries.world
    tell = TellHooks(world.record, world.clock, canaries.catalog)
    tell.run()  # an address is told from the first look on
    canaries.bad()
    canaries.look()
    assert tell.run() == 1, "the audit hears of the advice, the deployer of nothing"
    (request,) = world.pending()
    world.vote(request, "UADA")
    assert tell.run() == 1
