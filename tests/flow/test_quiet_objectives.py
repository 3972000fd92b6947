"""Objectives whose alert policies leave out the word about an end, or about silence."""

from dataclasses import replace

import pytest

from tests.builders import objective
from tests.flow.conftest import World


def told(world: World) -> list[str]:
    world.deliver()
    return [posted.message.text for posted in world.messenger.posted]


@pytest.mark.parametrize("speaks", [True, False])
def test_the_end_of_a_warning_is_told_unless_nobody_wants_it(world: World, speaks: bool) -> None:
    world.objectives = (replace(objective(), tells_resolved=speaks),)
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    warned = len(told(world))
    world.traffic("ranker/availability", bad=0, minutes=70)
    assert len(told(world)) == warned + speaks
    assert "burns no longer" in world.heads()[0]
    assert len(world.story("warning_resolved")) == 1


@pytest.mark.parametrize("speaks", [True, False])
def test_silence_of_a_source_is_told_unless_nobody_wants_it(world: World, speaks: bool) -> None:
    world.objectives = (replace(objective(), tells_no_data=speaks),)
    world.history_of_calm()
    world.traffic("ranker/availability", bad=0, minutes=2)
    assert told(world) == []
    world.source.fault = "connection refused"
    world.polls(12)
    assert bool(told(world)) is speaks
    world.source.fault = None
    world.traffic("ranker/availability", bad=0, minutes=12)
    assert len(told(world)) == 2 * speaks
    assert len(world.story("went_blind", "sees_again")) == 2
