"""What stands, and what one more freeze would touch."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.decide.approval import Wish
from bot.decide.scope import EVERYTHING
from bot.errors import UserError
from bot.flow.show.survey import SHOWN, Survey
from tests.flow.conftest import OPS, SEARCH
from tests.flow.scheduled import Scheduled, nightly, once, schedule, scheduled_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Scheduled]:
    """Every night from 20:00 for eight hours; the ranker is frozen by hand."""
    with scheduled_world(tmp_path, schedule(nightly())) as made:
        made.keep()
        made.ask(Wish.FREEZE, "UADA", hours=2)
        yield made


def shows(world: Scheduled, template: str, facts: Mapping[str, Any]) -> str:
    return str(world.renderer().message(template, facts).blocks).replace("\\xa0", " ")


def survey(world: Scheduled) -> Survey:
    return Survey(world.record, world.clock, world.catalog, OPS)


def test_those_in_force_come_first_then_the_next_of_each_schedule(world: Scheduled) -> None:
    found = survey(world).listing()
    assert [(row["id"], row["state"], row["more"]) for row in found["rows"]] == [
        (61, "active", 0),
        (1, "scheduled", 59),
    ]
    assert (found["stopped"], found["hidden"]) == (1, 0)


def test_each_says_who_why_and_until_when(world: Scheduled) -> None:
    first, second = survey(world).listing()["rows"]
    assert (first["by"], first["reason"], first["until"] - first["since"]) == (
        "UADA",
        "because",
        7_200,
    )
    assert (second["by_name"], second["reason"], second["schedule"]) == (
        "schedule nights",
        "few are awake",
        "nights",
    )


def test_a_freeze_that_a_person_asked_for_names_who_approved_it(world: Scheduled) -> None:
    request = world.ask(Wish.FREEZE, "UEVE", word="recs").request
    assert request is not None
    world.vote(request, "UADA")
    found = survey(world).listing("recs")
    assert [vote["user"] for vote in found["rows"][0]["approvals"]] == ["UADA"]
    assert "asked for by <@UEVE>, approved by <@UADA>" in shows(world, "freezes", found)
    (row,) = [row for row in survey(world).rows("recs") if row["id"] == found["rows"][0]["id"]]
    assert row["approvals"] == found["rows"][0]["approvals"]


def test_a_freeze_about_which_nobody_was_asked_names_only_who_set_it(world: Scheduled) -> None:
    found = survey(world).listing("ranker")
    assert [row["approvals"] for row in found["rows"]] == [[], []]
    shown = shows(world, "freezes", found)
    assert "set by <@UADA>" in shown
    assert "approved by" not in shown


def test_programs_get_every_one(world: Scheduled) -> None:
    assert len(survey(world).rows()) == 61


def test_a_night_that_has_begun_stands_beside_the_next(world: Scheduled) -> None:
    world.clock.advance(9 * 3_600)
    found = survey(world).listing()["rows"]
    assert [(row["state"], row["more"]) for row in found] == [("active", 0), ("scheduled", 58)]


def test_only_those_that_reach_a_service_of_the_scope_are_asked_for(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", word="recs")
    assert [row["id"] for row in survey(world).listing("recs")["rows"]] == [62]
    assert [row["id"] for row in survey(world).listing("ranker")["rows"]] == [61, 1]
    assert len(survey(world).listing("team:search")["rows"]) == 3
    with pytest.raises(UserError, match="There is no service or team"):
        survey(world).listing("rnker")


def test_a_freeze_of_what_is_gone_is_listed_among_all(world: Scheduled) -> None:
    world.objectives = world.objectives[1:]
    assert [row["id"] for row in survey(world).listing()["rows"]] == [61, 1]
    assert survey(world).listing("recs")["rows"] == []


def test_more_than_one_message_holds_are_counted(world: Scheduled) -> None:
    for n in range(SHOWN + 3):
        world.ask(Wish.FREEZE, "UADA", hours=3 + n, reason=f"because {n}")
    found = survey(world).listing()
    assert (len(found["rows"]), found["hidden"]) == (SHOWN, 5)
    shown = shows(world, "freezes", found)
    assert "And 5 more: `burnban freezes` lists them all." in shown


def test_a_freeze_that_is_only_asked_for_is_told_apart_until_it_is_decided(
    world: Scheduled,
) -> None:
    request = world.ask(Wish.FREEZE, "UEVE", word="recs").request
    assert request is not None
    world.ask(Wish.UNFREEZE, "UADA")
    found = survey(world).listing("team:search")
    assert [(one["id"], one["scope"]) for one in found["asked"]] == [(request.id, "service recs")]
    assert found["stopped"] == 1
    assert f"request {request.id} to freeze service recs" in shows(world, "freezes", found)
    assert survey(world).listing("ranker")["asked"] == []
    world.vote(request, "UADA")
    assert survey(world).listing()["asked"] == []


def test_a_preview_says_whom_and_what_a_freeze_would_touch(world: Scheduled) -> None:
    world.ask(Wish.UNFREEZE, "UADA")
    found = survey(world).preview("team:search")
    assert found["services"] == ["ranker", "recs"]
    assert found["stopped"] == ["ranker"]
    assert [team["channel"] for team in found["teams"]] == [SEARCH]
    assert found["teams"][0]["deciders"] == ["S1", "ULEAD"]
    assert [row["id"] for row in found["standing"]] == [61]
    assert [(row["id"], row["more"]) for row in found["coming"]] == [(1, 59)]
    assert [one["wish"] for one in found["requests"]] == ["unfreeze"]
    assert (found["takes"], found["lifting"]) == ("1", "1")


def test_a_preview_changes_nothing(world: Scheduled) -> None:
    before = world.story()
    survey(world).preview("all")
    assert world.story() == before
    assert len(world.standing()) == 61


def test_a_preview_of_everything_concerns_the_operators_too(world: Scheduled) -> None:
    found = survey(world).preview("all")
    assert found["channels"] == [SEARCH, OPS]
    assert found["scope"] == "everything"


def test_what_a_preview_reads_like(world: Scheduled) -> None:
    world.edit(schedule(nightly()), replace(schedule(once(30)), scopes=(EVERYTHING,), name="audit"))
    assert "• *61* service ranker, active" in shows(
        world, "freeze_preview", survey(world).preview("all")
    )
    shown = shows(world, "freeze_preview", survey(world).preview("recs"))
    assert "A freeze of service recs would stop releases of 1 service" in shown
    assert "Search, #search: recs; <!subteam^S1>, <@ULEAD> decide" in shown
    assert "• *62* everything, not yet: from <!date" in shown
    assert "Setting it takes 1 approval, lifting it 1 approval" in shown
    assert "`/freeze recs for 2h &lt;reason&gt;`" in shown
