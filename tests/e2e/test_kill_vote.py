"""Kill -9 at each step of a vote: no vote is counted twice, and what it decided is told once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.decision import Event
from bot.decide.freeze import Origin
from bot.decide.people import Actor, Door
from bot.decide.quorum import Quorum
from bot.decide.scope import Reach, Scope
from bot.flow.announce import announce_request
from bot.playground.limits import Limits
from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from bot.ports import Books, HistoryFilter
from bot.record import Database
from tests.e2e.chaos import KILLED, Plan, at_once, catalog, rooms, standing
from tests.e2e.nursery import Nursery
from tests.e2e.process import NewDatabase
from tests.e2e.slack import Slack, actions, slack, tells, words

pytest_plugins = ["tests.record_stores"]

STEPS = (
    "before write",
    "before requests.several_locked",
    "inside requests.vote_all",
    "inside freezes.add",
    "inside outbox.put_all",
    "after requests.vote_all",
    "before answer",
    "after messenger.post",
    "before messenger.edit",
    "after messenger.edit",
)
FIRST_OF_TWO = "after requests.vote_all, the first of two"


@dataclass(frozen=True)
class Ending:
    """What stands on record and in Slack after a vote was killed and the click made again."""

    codes: list[int]
    state: RequestState | None
    voters: list[str]
    freezes: int
    events: Counter[Event]
    broken: int | None
    standing: Counter[str]
    message: str
    buttons: list[str]
    log: str


@pytest.fixture(scope="module")
def endings(
    new_database: NewDatabase, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Ending]]:
    """All scenes, played at the same time on databases and channels of their own."""
    folder = tmp_path_factory.mktemp("votes")
    names = (*STEPS, FIRST_OF_TWO)
    stage = rooms(len(names))
    with slack(channels=stage, limits=Limits(tiers=False)) as people:

        def play(number: int) -> Ending:
            channel, url = stage[number].id, new_database()
            log = folder / f"{channel}.log"
            return ending(people, nursery, url, names[number], channel, log)

        yield dict(zip(names, at_once(play, range(len(names))), strict=True))


def ending(people: Slack, nursery: Nursery, url: str, name: str, channel: str, log: Path) -> Ending:
    two = name == FIRST_OF_TWO
    step = name.split(",")[0]

    def run(task: str, user: str = "", step: str = "") -> int:
        api = people.server.api_url
        plan = Plan(task, url, api, step, request=request, user=user, channel=channel)
        return plan.child(nursery, log).ended()

    with Database(url, pool=1) as database:
        request = ask(database, channel, needed=2 if two else 1)
        codes = [run("deliver"), run("vote", ONCALL.id, step)]
        # Nothing was heard of the click, so it is made again; the second voter comes later.
        codes.append(run("vote", LEAD.id if two else ONCALL.id))
        now = datetime.now(UTC)
        stored = database.read(lambda books: books.requests.get(request))
        votes = database.read(lambda books: books.requests.votes(request))
        freezes = database.read(lambda books: books.freezes.standing(now))
        history = database.read(lambda books: books.history.find(HistoryFilter(limit=100)))
        broken = database.read(lambda books: books.history.verify()).broken
    (message,) = people.heads(f"Request {request} ", channel)
    return Ending(
        codes,
        stored.closed if stored else None,
        sorted(vote.voter.id for vote in votes),
        len(freezes),
        Counter(row.decision.event for row in history),
        broken,
        standing(people, channel),
        words(message),
        actions(message),
        log.read_text(),
    )


def ask(database: Database, channel: str, needed: int) -> int:
    """A request for a freeze, as `/freeze` stores and announces it."""
    now = datetime.now(UTC)
    who = Actor(SCIENTIST.id, SCIENTIST.name, Door.SLACK)
    wanted = Request(
        0, Wish.FREEZE, Scope(Reach.SERVICE, "ranker"), "version 38 is bad", who, Origin.MANUAL,
        Quorum.of(needed), now, now + timedelta(hours=1),
    )  # fmt: skip

    def work(books: Books) -> Request:
        stored = books.requests.add(wanted)
        announce_request(books, catalog(channel), "", stored, [], now)
        return stored

    return database.write(work).id


@pytest.mark.parametrize("step", STEPS)
def test_a_vote_killed_at_any_step_is_counted_once_and_told_once(
    step: str, endings: dict[str, Ending]
) -> None:
    found = endings[step]
    assert found.codes == [0, KILLED, 0], found.log
    assert found.state is RequestState.APPROVED
    assert found.voters == [ONCALL.id]
    assert found.freezes == found.events[Event.VOTE_CAST] == found.events[Event.FROZEN] == 1
    assert found.broken is None
    assert len(found.standing) == 2
    assert set(found.standing.values()) == {1}
    tells(found.message, "Approved")
    assert found.buttons == []


def test_the_first_of_two_votes_survives_the_death_of_the_process_that_took_it(
    endings: dict[str, Ending],
) -> None:
    found = endings[FIRST_OF_TWO]
    assert found.codes == [0, KILLED, 0], found.log
    assert found.voters == sorted([ONCALL.id, LEAD.id])
    assert found.freezes == found.events[Event.FROZEN] == 1
    assert found.events[Event.VOTE_CAST] == 2
    assert set(found.standing.values()) == {1}
