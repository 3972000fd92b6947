"""Releases that went although the gate had stopped them: every verb says the same of them."""

from datetime import timedelta

import pytest

from bot.decide.approval import Wish
from bot.decide.noted import Word
from bot.decide.people import Actor, Door
from bot.decide.release import NoteKind
from bot.flow.facts import Facts
from bot.flow.gate.note import Noted, NoteRelease
from bot.flow.hosts.ungated import SweepReleases
from bot.flow.show.releases import ShowReleases
from tests.flow.conftest import SEARCH, World
from tests.flow.gates import Gates

ADA = Actor("UADA", "ada", Door.SLACK)


@pytest.fixture
def gates(world: World) -> Gates:
    """36 and 37 of the ranker were released with the gate's word."""
    world.history_of_calm()
    found = Gates(world)
    for version in ("36", "37"):
        found.ask(version)
        world.clock.advance(600)
    return found


def told(gates: Gates, version: str, kind: NoteKind = NoteKind.BEGAN, ago: int = 0) -> Noted:
    world = gates.world
    at = world.clock.now() - timedelta(seconds=ago)
    flow = NoteRelease(world.record, world.clock, world.catalog)
    return flow.run(Word("ranker", version, kind, at), ADA)


def listed(gates: Gates, *, ungated: bool = True) -> list[Facts]:
    return sweep(gates).listing(ungated=ungated)


def sweep(gates: Gates) -> SweepReleases:
    world = gates.world
    return SweepReleases(world.record, world.clock, world.catalog, world.ops)


def newest(gates: Gates) -> Facts:
    world = gates.world
    found: Facts = ShowReleases(world.record, world.clock, world.catalog).facts("ranker")
    return found["rows"][0]


def stopped(gates: Gates) -> int:
    """38 has asked, and was stopped by a freeze."""
    gates.world.ask(Wish.FREEZE)
    assert not gates.ask("38").outcome.goes
    gates.world.clock.advance(60)
    return gates.world.story("release_stopped")[0].seq


def test_a_release_that_was_stopped_and_went_names_the_decision_everywhere(gates: Gates) -> None:
    seq = stopped(gates)
    told(gates, "38")
    row = newest(gates)
    assert (row["version"], row["decision"], row["stopped"]) == ("38", None, seq)
    (seen,) = listed(gates)
    assert (seen["version"], seen["decision"], seen["stopped"]) == ("38", None, seq)
    assert seen["who"] == "ada"


def test_whoever_notes_a_release_of_what_is_frozen_hears_that_it_has_no_word(gates: Gates) -> None:
    seq = stopped(gates)
    found = told(gates, "38")
    assert found.warning.startswith("Releases of ranker are frozen, by freeze 1, until ")
    assert f"38 has no word of the gate that lets it go: the gate stopped it (decision {seq})." in (
        found.warning
    )
    assert "it never asked" in told(gates, "39").warning


def test_what_began_before_the_freeze_or_is_over_is_noted_without_a_warning(gates: Gates) -> None:
    gates.world.ask(Wish.FREEZE)
    assert told(gates, "38", ago=300).warning == ""
    gates.world.clock.advance(60)
    assert told(gates, "38", NoteKind.ROLLED_BACK).warning == ""


def test_a_release_with_an_override_is_noted_without_a_warning(gates: Gates) -> None:
    stopped(gates)
    gates.grant(1)
    assert gates.ask("38").outcome.goes
    assert told(gates, "38").warning == ""
    assert listed(gates) == []
    assert newest(gates)["stopped"] is None


def test_a_release_that_never_asked_is_said_so_by_both(gates: Gates) -> None:
    told(gates, "38")
    (seen,) = listed(gates)
    assert (seen["version"], seen["stopped"]) == ("38", None)
    assert (newest(gates)["decision"], newest(gates)["stopped"]) == (None, None)
    assert listed(gates, ungated=False) == []  # no host has seen it


def test_who_goes_back_to_the_version_before_has_released_nothing(gates: Gates) -> None:
    gates.ask("38")
    gates.world.clock.advance(60)
    told(gates, "38", NoteKind.ROLLED_BACK)
    told(gates, "37")
    assert listed(gates) == []


def test_the_first_version_that_anybody_told_of_is_no_release_without_a_word(world: World) -> None:
    world.history_of_calm()
    gates = Gates(world)
    told(gates, "37")
    assert listed(gates) == []


def test_what_was_stopped_and_went_stands_in_the_list_of_the_day(gates: Gates) -> None:
    stopped(gates)
    told(gates, "38")
    sweep(gates).run()
    gates.world.deliver()
    heads = gates.world.heads(SEARCH)
    assert "1 release of ranker went although the gate had stopped it since yesterday." in heads


def test_what_only_the_journal_knows_and_nobody_asked_about_is_told_nobody(gates: Gates) -> None:
    told(gates, "38")
    sweep(gates).run()
    gates.world.deliver()
    assert not any("without asking" in head for head in gates.world.heads(SEARCH))
