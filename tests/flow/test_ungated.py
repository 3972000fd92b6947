"""Releases that were seen and never asked: on record, told, listed once a day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.approval import Choice, RequestState, Wish
from bot.decide.catalog import Catalog
from bot.decide.github_events import Went
from bot.decide.mlflow_events import Moved
from bot.decide.outside import CodeHost, HostKind, Outside, Registry, Serves
from bot.decide.release import End, journal
from bot.errors import Unclear
from bot.flow.hosts.moves import TakeMoves
from bot.flow.hosts.notices import TakeNotices
from bot.flow.hosts.restore import MoveBack
from bot.flow.hosts.ungated import SweepReleases
from bot.flow.hosts.visits import Visits
from bot.ports.hosts import Registered
from tests.flow.conftest import SEARCH, World
from tests.flow.gates import Gates
from tests.flow.hosted import RULES

HOST = CodeHost("acme", HostKind.GITHUB, "https://api.github.com", RULES)
SHA = "a" * 40
CHAMPION = Serves("ranker", ("ranker",), alias="champion")
STAGED = Serves("ranker", ("recs",), stage="Production")
REGISTRY = Registry("main", "https://mlflow.example", (CHAMPION, STAGED))


class Models:
    """A registry that stands as a test says."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        self.stages: dict[str, str] = {}
        self.fault: Exception | None = None
        self.moved: list[tuple[str, str, str]] = []

    def model(self, name: str) -> Registered:
        """How it stands."""
        if self.fault is not None:
            raise self.fault
        return Registered(dict(self.aliases), dict(self.stages))

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """It stands there."""
        self.moved.append((model, alias, version))
        self.aliases[alias] = version


@pytest.fixture
def gates(world: World) -> Gates:
    world.history_of_calm()
    return Gates(world)


def sweep(gates: Gates) -> SweepReleases:
    world = gates.world
    return SweepReleases(world.record, world.clock, world.catalog, world.ops)


def went(gates: Gates, number: str = "900", sha: str = SHA) -> None:
    world = gates.world
    notices = TakeNotices(world.record, world.clock, world.catalog)
    notices.github(HOST, f"g{number}{sha}", Went("acme/ranker", "prod", sha, number, "ada"))


def moves(gates: Gates, models: Models) -> TakeMoves:
    world = gates.world

    def catalog() -> Catalog:
        return replace(world.catalog(), outside=Outside(registries={"main": REGISTRY}))

    return TakeMoves(world.record, world.clock, catalog, lambda name: models, world.ops)


def test_a_release_that_asked_is_seen_with_the_answer_that_let_it_go(gates: Gates) -> None:
    gates.ask("", commit=SHA)
    went(gates)
    gates.world.clock.advance(300)
    assert sweep(gates).run() == 0
    (row,) = gates.world.story("release_allowed")
    (seen,) = sweep(gates).listing(ungated=False)
    assert (seen["decision"], seen["who"]) == (row.seq, "github:ada")
    assert sweep(gates).listing(ungated=True) == []


def test_a_release_that_never_asked_is_on_record_once_it_had_time_to(gates: Gates) -> None:
    went(gates)
    assert sweep(gates).run() == 0
    gates.world.clock.advance(120)
    assert sweep(gates).run() == 1
    assert sweep(gates).run() == 0
    (row,) = gates.world.story("release_ungated")
    assert row.decision.scope == "service:ranker"
    assert row.decision.evidence["commit"] == SHA


def test_an_answer_that_comes_to_be_recorded_meanwhile_counts(gates: Gates) -> None:
    went(gates)
    gates.ask("", commit=SHA)
    gates.world.clock.advance(120)
    assert sweep(gates).run() == 0
    assert gates.world.story("release_ungated") == []


def test_a_deployment_that_is_told_in_several_states_is_one_release(gates: Gates) -> None:
    went(gates)
    world = gates.world
    notices = TakeNotices(world.record, world.clock, world.catalog)
    notices.github(HOST, "other", Went("acme/ranker", "prod", SHA, "900", "ada"))
    assert len(sweep(gates).listing(ungated=True)) == 1


def test_the_day_is_told_once_by_one_replica(gates: Gates) -> None:
    went(gates)
    went(gates, "901", "b" * 40)
    sweep(gates).run()
    sweep(gates).run()
    gates.world.deliver()
    (told,) = gates.world.heads(SEARCH)
    assert "2 releases of ranker went without asking the gate" in told
    gates.world.clock.advance(timedelta(days=1).total_seconds())
    sweep(gates).run()
    gates.world.deliver()
    assert len(gates.world.heads(SEARCH)) == 1


def test_an_alias_that_moves_without_asking_is_told_at_once(gates: Gates) -> None:
    flow = moves(gates, Models())
    assert flow.told(REGISTRY, "d1", Moved("ranker", "champion", "38"))
    assert not flow.told(REGISTRY, "d1", Moved("ranker", "champion", "38"))
    gates.world.deliver()
    (told,) = gates.world.heads(SEARCH)
    assert "38 of ranker was released without asking" in told or "ranker 38" in told
    (row,) = gates.world.story("release_ungated")
    assert row.decision.evidence["moved"] == "ranker @champion"


def test_an_alias_that_moves_after_asking_is_silent(gates: Gates) -> None:
    gates.ask("38")
    flow = moves(gates, Models())
    flow.told(REGISTRY, "d1", Moved("ranker", "champion", "38"))
    assert gates.world.story("release_ungated") == []


def test_other_aliases_and_other_events_are_none_of_ours(gates: Gates) -> None:
    flow = moves(gates, Models())
    assert flow.told(REGISTRY, "d1", Moved("ranker", "challenger", "38"))
    assert flow.told(REGISTRY, "d2", None)
    assert sweep(gates).listing(ungated=False) == []


def test_what_webhooks_did_not_tell_is_found_by_looking(gates: Gates) -> None:
    models = Models()
    models.aliases, models.stages = {"champion": "37"}, {"Production": "12"}
    flow = moves(gates, models)
    assert flow.run() == 0
    assert sweep(gates).listing(ungated=False) == []
    models.aliases["champion"] = "38"
    models.stages["Production"] = "13"
    assert flow.run() == 0  # once a minute
    gates.world.clock.advance(60)
    assert flow.run() == 2
    found = sweep(gates).listing(ungated=True)
    assert sorted((one["service"], one["version"]) for one in found) == [
        ("ranker", "38"),
        ("recs", "13"),
    ]
    gates.world.clock.advance(60)
    assert flow.run() == 0


def test_what_was_told_is_not_found_again(gates: Gates) -> None:
    models = Models()
    models.aliases = {"champion": "37"}
    flow = moves(gates, models)
    flow.run()
    gates.world.clock.advance(60)
    flow.told(REGISTRY, "d1", Moved("ranker", "champion", "38"))
    models.aliases = {"champion": "38"}
    assert flow.run() == 0
    assert len(sweep(gates).listing(ungated=True)) == 1


def test_a_registry_that_does_not_answer_is_asked_again_a_minute_later(gates: Gates) -> None:
    models = Models()
    models.fault = Unclear("down")
    flow = moves(gates, models)
    assert flow.run() == 0
    models.fault, models.aliases = None, {"champion": "37"}
    gates.world.clock.advance(60)
    flow.run()
    models.aliases = {"champion": "38"}
    gates.world.clock.advance(60)
    assert flow.run() == 1


def asking_back(gates: Gates, models: Models) -> TakeMoves:
    """A registry whose alias people may move back; it stood at 37, and moves to 38."""
    rule = replace(CHAMPION, restore=True)
    registry = replace(REGISTRY, rules=(rule,))
    flow = moves(gates, models)
    models.aliases = {"champion": "37"}
    flow.told(registry, "d0", Moved("ranker", "champion", "37"))
    gates.world.clock.advance(60)
    models.aliases = {"champion": "38"}
    flow.told(registry, "d1", Moved("ranker", "champion", "38"))
    return flow


def back(gates: Gates, models: Models) -> MoveBack:
    world = gates.world
    visits = Visits(world.record, world.clock, world.ops)
    return MoveBack(world.record, world.clock, world.catalog, lambda name: models, visits)


def test_an_alias_is_moved_back_once_a_person_approves(gates: Gates) -> None:
    models = Models()
    flow = asking_back(gates, models)
    (request,) = gates.world.pending()
    assert request.wish is Wish.RESTORE
    assert back(gates, models).run() == 0
    assert gates.world.vote(request, "UADA").state is RequestState.APPROVED
    gates.world.clock.advance(5)
    assert back(gates, models).run() == 1
    assert models.moved == [("ranker", "champion", "37")]
    (row,) = gates.world.story("restored")
    assert row.decision.evidence["request"] == request.id
    since = gates.world.clock.now() - timedelta(days=1)
    notes = gates.world.record.read(lambda books: books.journal.of(["ranker"], since))
    stays = [(one.version, one.end) for one in journal(notes)]
    assert stays[-2:] == [("38", End.ROLLED_BACK), ("37", None)]
    seen = len(sweep(gates).listing(ungated=True))
    flow.told(REGISTRY, "d2", Moved("ranker", "champion", "37"))
    gates.world.clock.advance(60)
    flow.run()
    assert len(sweep(gates).listing(ungated=True)) == seen
    assert back(gates, models).run() == 0


def test_nothing_is_moved_back_that_nobody_approved(gates: Gates) -> None:
    models = Models()
    asking_back(gates, models)
    (request,) = gates.world.pending()
    gates.world.vote(request, "UADA", Choice.DENY)
    assert back(gates, models).run() == 0
    assert models.aliases == {"champion": "38"}


def test_an_alias_that_went_on_meanwhile_stays_where_it_is(gates: Gates) -> None:
    models = Models()
    asking_back(gates, models)
    (request,) = gates.world.pending()
    gates.world.vote(request, "UADA")
    models.aliases = {"champion": "39"}
    back(gates, models).run()
    assert (models.aliases, models.moved) == ({"champion": "39"}, [])


def test_without_the_word_of_the_specs_nobody_is_asked(gates: Gates) -> None:
    flow = moves(gates, Models())
    flow.told(REGISTRY, "d0", Moved("ranker", "champion", "37"))
    flow.told(REGISTRY, "d1", Moved("ranker", "champion", "38"))
    assert gates.world.pending() == []
