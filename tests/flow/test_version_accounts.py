"""Versions are counted apart while they live, and what they counted is what they answer for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from bot.decide.noted import Word
from bot.decide.people import Actor, Door
from bot.decide.release import NoteKind
from bot.flow.gate.note import NoteRelease
from bot.flow.poll.versions import MOST, CountVersions, worth
from bot.flow.show.releases import ShowReleases
from bot.judge.attribution import Control
from bot.judge.indicator import Ratio
from bot.judge.ledger import Balances
from bot.record import Database
from tests.builders import DAY, HOUR, MINUTE, NOON, objective, rolling, when
from tests.flow.conftest import World
from tests.fresh import fresh_sqlite

CI = Actor("token:1", "ci", Door.API)
NAME = "ranker/availability"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    url = fresh_sqlite(tmp_path / "burnban.db")
    whole = replace(objective(), version_label="version")
    with Database(url) as record:
        made = World(record, objectives=(whole, objective("recs")))
        made.history_of_calm()
        yield made


def told(world: World, version: str, kind: NoteKind, ago: int = 0, **more: object) -> None:
    at = when(int(world.clock.now().timestamp()) - ago)
    word = Word("ranker", version, kind, at, **more)  # type: ignore[arg-type] # fields of it
    NoteRelease(world.record, world.clock, world.catalog).run(word, CI)


def counting(world: World) -> CountVersions:
    return CountVersions(world.record, world.clock, world.catalog)


def serve(world: World, minutes: int, **bad: float) -> None:
    """Each version (`v38=3`) serves 50 events a minute, so many of them bad."""
    now = int(world.clock.now().timestamp())
    until = now + minutes * MINUTE
    for word, wrong in bad.items():
        world.source.steady(f"{NAME}@{word[1:]}", now, until, 50 / 60, wrong / 60)
    world.source.steady("recs/availability", now, until, 1)
    world.source.steady(NAME, now, until, len(bad) * 50 / 60, sum(bad.values()) / 60)
    for _ in range(minutes):
        world.clock.advance(MINUTE)
        world.evaluate()
        counting(world).run(world.source)


def account(world: World, version: str) -> Balances | None:
    def work(books):  # type: ignore[no-untyped-def]
        found = books.ledger.accounts([f"{NAME}@{version}"]).get(f"{NAME}@{version}")
        return None if found is None else books.ledger.rows(found.id, 0, NOON + 9 * DAY)

    return world.record.read(work)


def test_two_versions_at_once_answer_each_for_its_own(world: World) -> None:
    told(world, "37", NoteKind.BEGAN, ago=40 * DAY)
    serve(world, 5, v37=1)
    told(world, "38", NoteKind.SHARE, share=Fraction(1, 10))
    serve(world, 20, v37=1, v38=10)
    canary, old = ShowReleases(world.record, world.clock, world.catalog).facts("ranker")["rows"]
    assert (canary["version"], canary["bad"], canary["eligible"]) == (
        "38", pytest.approx(200), pytest.approx(1_000),
    )  # fmt: skip
    assert canary["caused"]["control"] == Control.CONCURRENT
    assert canary["caused"]["low"] > 0
    assert old["caused"] is None or old["caused"]["high"] < canary["caused"]["high"]


def test_what_versions_counted_and_what_is_nobodys_is_what_was_consumed(world: World) -> None:
    told(world, "37", NoteKind.BEGAN, ago=40 * DAY)
    told(world, "38", NoteKind.SHARE, share=Fraction(1, 4))
    serve(world, 30, v37=2, v38=7)
    facts = ShowReleases(world.record, world.clock, world.catalog).facts("ranker")
    (rest,) = facts["unattributed"]
    burned = sum(row["burn"] for row in facts["rows"])
    assert burned + rest["burn"] == pytest.approx(rest["consumed"], abs=1e-9)


def test_what_a_release_that_is_over_burned_stays_when_its_rows_are_thinned(world: World) -> None:
    told(world, "37", NoteKind.BEGAN, ago=40 * DAY)
    serve(world, 7, v37=3)
    told(world, "38", NoteKind.BEGAN)
    serve(world, 21, v38=8)
    flow = ShowReleases(world.record, world.clock, world.catalog)

    def burned() -> list[tuple[str, float, float]]:
        return [
            (row["version"], row["bad"], row["eligible"]) for row in flow.facts("ranker")["rows"]
        ]

    before = burned()
    later = world.clock.now() + timedelta(hours=8)
    assert world.record.write(lambda books: books.ledger.thin(later, 10**6)) > 0
    assert burned() == before


def test_an_account_is_opened_while_its_release_lives_and_not_read_after(world: World) -> None:
    told(world, "38", NoteKind.BEGAN)
    serve(world, 3, v38=1)
    told(world, "38", NoteKind.ENDED)
    world.clock.advance(2 * HOUR)
    assert counting(world).run(world.source) == 0
    rows = account(world, "38")
    assert rows is not None
    assert rows.last.eligible == pytest.approx(150)


def test_a_version_that_comes_back_goes_on_in_its_account(world: World) -> None:
    told(world, "38", NoteKind.BEGAN)
    serve(world, 3, v38=1)
    told(world, "38", NoteKind.ENDED)
    world.clock.advance(30 * HOUR)
    told(world, "38", NoteKind.BEGAN)
    serve(world, 3, v38=2)
    rows = account(world, "38")
    assert rows is not None
    assert rows.last.eligible == pytest.approx(300)
    assert rows.last.bad == pytest.approx(9)


def test_versions_are_never_judged_and_stand_in_no_status(world: World) -> None:
    told(world, "38", NoteKind.BEGAN)
    serve(world, 30, v38=50)
    assert {j.objective.id for j in world.answer().judged()} == {NAME, "recs/availability"}
    world.deliver()
    assert not any("@38" in head for head in world.heads())
    assert all("@" not in row.decision.objective for row in world.story())


def test_only_the_newest_versions_of_a_service_are_counted_apart(world: World) -> None:
    for number in range(MOST + 3):
        told(world, f"c{number}", NoteKind.SHARE, share=Fraction(1, 20))
        world.clock.advance(1)
    assert counting(world).run(world.source) == MOST
    assert account(world, "c0") is None


def test_without_a_label_or_a_release_nothing_is_opened(world: World) -> None:
    assert counting(world).run(world.source) == 0
    world.objectives = (objective(), objective("recs"))
    told(world, "38", NoteKind.BEGAN)
    assert counting(world).run(world.source) == 0


def test_a_source_that_is_down_leaves_the_account_to_be_caught_up(world: World) -> None:
    told(world, "38", NoteKind.BEGAN)
    serve(world, 2, v38=1)
    world.source.fault = "down"
    serve(world, 2, v38=1)
    world.source.fault = None
    serve(world, 2, v38=1)
    rows = account(world, "38")
    assert rows is not None
    assert rows.last.eligible == pytest.approx(300)


def test_a_source_is_asked_again_only_when_the_next_slice_is_due(world: World) -> None:
    told(world, "38", NoteKind.BEGAN)
    flow = counting(world)
    world.clock.advance(MINUTE)
    assert flow.run(world.source) == 1
    asked = world.source.reads
    for _ in range(5):
        world.clock.advance(1)
        assert flow.run(world.source) == 0
    assert world.source.reads == asked
    world.clock.advance(MINUTE)
    assert flow.run(world.source) == 1


def test_a_changed_way_of_counting_opens_an_account_of_its_own(world: World) -> None:
    told(world, "38", NoteKind.BEGAN)
    serve(world, 3, v38=1)
    first, *others = world.objectives
    world.objectives = (replace(first, indicator=Ratio("other_total", bad="errors_total")), *others)
    world.open()
    serve(world, 2, v38=1)
    rows = account(world, "38")
    assert rows is not None
    assert rows.last.eligible == pytest.approx(250)  # read again from before the release on


def test_accounts_of_versions_are_kept_for_windows_labels_and_reports() -> None:
    apart = replace(objective(), version_label="version")
    days = timedelta(days=1)
    assert worth([apart, objective("recs")]) == (30 + 62) * days
    late = replace(apart, label_delay=14 * DAY)
    assert worth([apart, late]) == (30 + 14 + 62) * days
    assert worth([replace(late, window=rolling(399))]) == 400 * days
    assert worth([]) == 62 * days
