"""Kill -9 at each step of a vote: no vote is counted twice, and what it decided is told once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.decide.approval import Request, RequestState, Wish
from bot.decide.decision import Event
from bot.decide.freeze import Origin
from bot.decide.people import Actor, Door
from bot.decide.scope import Reach, Scope
from bot.flow.announce import announce_request
from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from bot.ports import HistoryFilter
from bot.record import Database
from tests.e2e.chaos import CATALOG, Plan, child, later, standing
from tests.e2e.slack import Slack, actions, slack, words

pytest_plugins = ["tests.record_stores"]

KILLED = -9
STEPS = [
    "before write",
    "before requests.get_locked",
    "inside requests.vote",
    "inside freezes.add",
    "inside outbox.put",
    "after requests.vote",
    "before answer",
    "after messenger.post",
    "before messenger.edit",
    "after messenger.edit",
]


@pytest.fixture
def people() -> Iterator[Slack]:
    with slack() as running:
        yield running


def ask(database: Database, needed: int = 1) -> int:
    """A request for a freeze, as `/freeze` stores and announces it."""
    now = datetime.now(UTC)
    who = Actor(SCIENTIST.id, SCIENTIST.name, Door.SLACK)
    wanted = Request(
        0, Wish.FREEZE, Scope(Reach.SERVICE, "ranker"), "version 38 is bad", who, Origin.MANUAL,
        needed, now, later(now),
    )  # fmt: skip

    def work(books: object) -> Request:
        stored: Request = books.requests.add(wanted)  # type: ignore[attr-defined]
        announce_request(books, CATALOG, "", stored, [], now)  # type: ignore[arg-type]
        return stored

    return database.write(work).id


def vote(people: Slack, url: str, request: int, user: str, step: str = "") -> Plan:
    return Plan("vote", url, people.server.api_url, step, request=request, user=user)


def deliver(people: Slack, url: str, folder: Path) -> None:
    process = child(Plan("deliver", url, people.server.api_url), folder, "first").start()
    assert process.ended() == 0, process.log


@pytest.mark.parametrize("step", STEPS)
def test_a_vote_killed_at_any_step_is_counted_once_and_told_once(
    step: str, people: Slack, database: Database, database_url: str, tmp_path: Path
) -> None:
    request = ask(database)
    deliver(people, database_url, tmp_path)
    doomed = child(vote(people, database_url, request, ONCALL.id, step), tmp_path).start()
    assert doomed.ended() == KILLED, f"it outlived {step}\n{doomed.log}"
    # Nothing was heard of the click, so it is made again.
    again = child(vote(people, database_url, request, ONCALL.id), tmp_path, "again").start()
    assert again.ended() == 0, again.log

    state = database.read(lambda books: books.requests.get(request))
    votes = database.read(lambda books: books.requests.votes(request))
    freezes = database.read(lambda books: books.freezes.standing(datetime.now(UTC)))
    events = [c.decision.event for c in database.read(lambda b: b.history.find(HistoryFilter()))]
    assert state is not None
    assert state.closed is RequestState.APPROVED
    assert [v.voter.id for v in votes] == [ONCALL.id]
    assert len(freezes) == 1
    assert events.count(Event.VOTE_CAST) == 1
    assert events.count(Event.FROZEN) == 1
    assert database.read(lambda books: books.history.verify())[1] is None
    assert set(standing(people).values()) == {1}
    (message,) = people.heads(f"Request {request}")
    assert "Approved" in words(message)
    assert actions(message) == []
    assert len(people.heads("are frozen")) == 1


def test_a_first_of_two_votes_survives_the_death_of_the_process_that_took_it(
    people: Slack, database: Database, database_url: str, tmp_path: Path
) -> None:
    request = ask(database, needed=2)
    doomed = child(
        vote(people, database_url, request, ONCALL.id, "after requests.vote"), tmp_path
    ).start()
    assert doomed.ended() == KILLED
    second = child(vote(people, database_url, request, LEAD.id), tmp_path, "second").start()
    assert second.ended() == 0, second.log
    votes = database.read(lambda books: books.requests.votes(request))
    assert {v.voter.id for v in votes} == {ONCALL.id, LEAD.id}
    assert len(database.read(lambda books: books.freezes.standing(datetime.now(UTC)))) == 1
    assert set(standing(people).values()) == {1}
