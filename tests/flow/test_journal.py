"""The journal of releases: who tells it, and that nobody tells one release twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.github_events import Went
from bot.decide.mlflow_events import Moved
from bot.decide.outside import CodeHost, HostKind, Outside, Registry, Serves
from bot.decide.release import End, Note, NoteKind, Release, journal
from bot.flow.gate.decide import Asking
from bot.flow.hosts.moves import TakeMoves
from bot.flow.hosts.notices import TakeNotices
from bot.ports.hosts import Registered
from tests.flow.conftest import World
from tests.flow.gates import CI, Gates
from tests.flow.hosted import RULES

HOST = CodeHost("acme", HostKind.GITHUB, "https://api.github.com", RULES)
SHA, OTHER = "a" * 40, "b" * 40
CHAMPION = Serves("ranker", ("ranker",), alias="champion")
REGISTRY = Registry("main", "https://mlflow.example", (CHAMPION,))


@pytest.fixture
def gates(world: World) -> Gates:
    world.history_of_calm()
    return Gates(world)


def notes(gates: Gates, service: str = "ranker") -> list[Note]:
    since = gates.world.clock.now() - timedelta(days=400)
    return gates.world.record.read(lambda books: books.journal.of([service], since))


def releases(gates: Gates) -> list[Release]:
    return journal(notes(gates))


def went(gates: Gates, kind: NoteKind, sha: str = SHA, number: str = "9") -> None:
    world = gates.world
    said = Went("acme/ranker", "prod", sha, number, "ada", kind=kind, at=world.clock.now())
    flow = TakeNotices(world.record, world.clock, world.catalog)
    assert flow.github(HOST, f"{number}{kind}{sha}", said)


def test_what_the_gate_lets_go_is_announced_with_its_decision(gates: Gates) -> None:
    gates.ask(deployer="github:ada", commit=SHA)
    (row,) = gates.world.story("release_allowed")
    (note,) = notes(gates)
    assert (note.kind, note.version, note.commit) == (NoteKind.ANNOUNCED, "38", SHA)
    assert (note.origin, note.actor, note.decision) == ("gate", "github:ada", row.seq)
    assert note.at == row.decision.at


def test_a_question_asked_again_tells_nothing_new(gates: Gates) -> None:
    gates.ask()
    gates.ask()
    gates.ask(once="k")
    gates.ask(once="k")
    assert len(notes(gates)) == 1


def test_what_the_gate_stops_is_not_announced(gates: Gates) -> None:
    gates.world.ask(Wish.FREEZE)
    gates.ask()
    assert notes(gates) == []


def test_a_release_without_a_version_is_not_announced(gates: Gates) -> None:
    gates.ask("", commit=SHA)
    assert notes(gates) == []


def test_a_release_that_a_look_would_let_go_is_not_announced(gates: Gates) -> None:
    assert gates.flow.look(Asking(Change("ranker", "38")), CI).outcome.goes
    assert notes(gates) == []


def test_a_deployment_is_the_release_that_the_gate_let_go(gates: Gates) -> None:
    gates.ask("38", commit=SHA)
    for kind in (NoteKind.ANNOUNCED, NoteKind.BEGAN):
        gates.world.clock.advance(60)
        went(gates, kind)
    (found,) = releases(gates)
    assert (found.version, found.commit, found.presumed) == ("38", SHA, False)
    assert found.began == gates.world.clock.now()
    assert found.origins == ("gate", "github acme")
    (seen,) = gates.world.record.read(lambda books: books.sightings.since(found.began - HOUR))
    assert seen.decision == found.decision


HOUR = timedelta(hours=1)


def test_a_deployment_that_never_asked_goes_by_its_commit(gates: Gates) -> None:
    went(gates, NoteKind.BEGAN)
    (found,) = releases(gates)
    assert (found.version, found.commit, found.decision) == (SHA[:12], SHA, 0)


def test_a_deployment_of_long_ago_ends_under_the_version_that_it_had(gates: Gates) -> None:
    gates.ask("38", commit=SHA)
    went(gates, NoteKind.BEGAN)
    gates.world.clock.advance(timedelta(days=3).total_seconds())
    went(gates, NoteKind.ENDED)
    (found,) = releases(gates)
    assert (found.version, found.end) == ("38", End.ENDED)


def test_a_deployment_that_failed_never_came_and_is_still_no_second_sighting(gates: Gates) -> None:
    gates.ask("38", commit=SHA)
    for kind in (NoteKind.ANNOUNCED, NoteKind.FAILED):
        gates.world.clock.advance(60)
        went(gates, kind)
    assert releases(gates) == []
    since = gates.world.clock.now() - HOUR
    assert len(gates.world.record.read(lambda books: books.sightings.since(since))) == 1


def test_a_deployment_that_another_took_over_from_has_succeeded(gates: Gates) -> None:
    went(gates, NoteKind.BEGAN)
    gates.world.clock.advance(600)
    went(gates, NoteKind.BEGAN, OTHER, "10")
    gates.world.clock.advance(5)
    went(gates, NoteKind.ENDED)
    first, second = releases(gates)
    assert (first.end, first.ended, second.ended) == (End.SUCCEEDED, second.began, None)


class Models:
    """A registry that stands as a test says."""

    def __init__(self) -> None:
        self.aliases = {"champion": "37"}

    def model(self, name: str) -> Registered:
        """How it stands."""
        return Registered(dict(self.aliases), {})

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """It stands there."""
        self.aliases[alias] = version


def moves(gates: Gates, models: Models) -> TakeMoves:
    world = gates.world

    def catalog() -> Catalog:
        return replace(world.catalog(), outside=Outside(registries={"main": REGISTRY}))

    return TakeMoves(world.record, world.clock, catalog, lambda name: models, world.ops)


def test_an_alias_that_moves_and_moves_back_is_a_release_and_its_way_back(gates: Gates) -> None:
    flow = moves(gates, Models())
    flow.run()
    for minutes, version in ((10, "38"), (20, "37")):
        gates.world.clock.advance(minutes * 60)
        flow.told(REGISTRY, f"d{version}", Moved("ranker", "champion", version))
    found = releases(gates)
    assert [(one.version, one.end) for one in found] == [
        ("37", End.SUCCEEDED),
        ("38", End.ROLLED_BACK),
        ("37", None),
    ]
