"""Whoever thinks of a freeze sees first which releases on their way it would stop."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.decide.github_events import read_event
from bot.flow.show.survey import Survey
from tests.deciding import OPS, USABLE, V38, Stage
from tests.fake_record import MemoryRecord
from tests.flow.conftest import World
from tests.flow.hosted import Hosted
from tests.httpserver import BadServer
from tests.hub import PLACE, SHA, Hub, Waits, requested


@pytest.fixture
def hosted(world: World) -> Iterator[Hosted]:
    hub = Hub(runs={42: Waits(42)})
    with BadServer(hub) as server:
        yield Hosted(world, server.url, hub)


def seen(hosted: Hosted, word: str) -> list[dict[str, Any]]:
    survey = Survey(hosted.world.record, hosted.world.clock, hosted.catalog, OPS)
    found: list[dict[str, Any]] = survey.preview(word)["releases"]
    return found


def test_a_deployment_that_waits_at_a_code_host_is_named(hosted: Hosted) -> None:
    event = read_event("deployment_protection_rule", requested(42, "both"))
    hosted.notices.github(hosted.spec, "g1", event)
    (one,) = seen(hosted, "team:search")
    assert one["services"] == ["ranker", "recs"]
    assert (one["release"], one["place"]) == (SHA[:12], PLACE)
    assert (one["environment"], one["who"], one["override"]) == ("both", "ada", None)
    assert [row["services"] for row in seen(hosted, "recs")] == [["recs"]]


def test_what_waits_for_another_service_is_not_touched(hosted: Hosted) -> None:
    event = read_event("deployment_protection_rule", requested(42, "prod"))
    hosted.notices.github(hosted.spec, "g1", event)
    assert seen(hosted, "recs") == []
    assert len(seen(hosted, "ranker")) == 1


@pytest.fixture
def stage() -> Stage:
    return Stage(MemoryRecord())


def overridden(stage: Stage, word: str = "ranker") -> list[int]:
    survey = Survey(stage.record, stage.clock, stage.catalog, OPS)
    return [row["override"] for row in survey.preview(word)["releases"]]


def test_a_release_that_was_let_through_and_has_not_gone_is_named(stage: Stage) -> None:
    stage.freeze()
    first = stage.granted()
    stage.asked(replace(V38, version="39"))
    assert overridden(stage) == overridden(stage, "search") == [first.id]
    assert overridden(stage, "recs") == []
    stage.use()
    assert overridden(stage) == []


def test_a_release_that_went_or_was_kept_too_long_is_not_under_way(stage: Stage) -> None:
    stage.freeze()
    second = stage.granted()
    stage.clock.advance(USABLE - 1)
    assert overridden(stage) == [second.id]
    stage.clock.advance(1)
    assert overridden(stage) == []


def test_what_nothing_stops_any_more_is_not_under_way(stage: Stage) -> None:
    stage.freeze(hours=0.1)
    stage.granted()
    assert len(overridden(stage)) == 1
    stage.clock.advance(360)
    assert overridden(stage) == []
