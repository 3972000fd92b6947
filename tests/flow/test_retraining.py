"""A budget of quality or drift that burns asks for retraining: kindly, by day, until it is well."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.decide.approval import Choice, RequestState, Wish
from bot.decide.outside import Outside
from bot.decide.people import Actor, Door, Person
from bot.errors import Repeated, Unclear, UserError
from tests.builders import HOUR
from tests.flow.adjusting import plainly
from tests.flow.conftest import SEARCH, World
from tests.flow.retraining import ACCURACY, DRIFT, TRAINER, Retraining


@pytest.fixture
def retraining(world: World) -> Retraining:
    return Retraining(world)


def shown(retraining: Retraining, template: str) -> str:
    """The newest message of a task, or what stands in its thread."""
    retraining.world.deliver()
    found = [p for p in retraining.world.messenger.posted if p.channel == SEARCH]
    return plainly([p.message for p in found if template in p.message.text][-1])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_drift_that_burns_its_budget_opens_one_task_with_its_evidence(
    retraining: Retraining,
) -> None:
    retraining.drift(30, 0.05)
    assert retraining.tasks() == []
    retraining.drift(12, 0.31)
    (task,) = retraining.tasks()
    assert (task.objective, task.service) == (DRIFT.id, "ranker")
    first = task.evidence["rows"][0]
    assert (first["tool"], first["metric"], first["value"]) == ("nannyml", "price, psi", 0.31)
    assert (first["threshold"], first["n"]) == (0.1, 4_000.0)
    assert task.evidence["required"] == "at most 0.2"
    (row,) = retraining.world.story("retrain_opened")
    assert row.decision.objective == DRIFT.id
    assert row.decision.evidence["said"]["rows"][0]["value"] == 0.31
    text = shown(retraining, "a task to retrain is open")
    assert "price, psi 0.31 of 4,000 samples, says nannyml (its own limit: 0.1)" in text
    assert " times as fast as it may; at the rate of the last " in text


def test_a_task_and_the_warning_about_its_budget_point_to_each_other(
    retraining: Retraining,
) -> None:
    retraining.drift(30, 0.05)
    retraining.drift(12, 0.31)
    said = "How it burns now stands in its warning, in this channel too."
    assert said in shown(retraining, "a task to retrain is open")
    assert "`/budget tasks ranker`" in shown(retraining, "the budget of “Drift of the price”")


def test_a_task_that_somebody_has_taken_offers_only_to_take_it_over(
    retraining: Retraining,
) -> None:
    retraining.drift(30, 0.05)
    retraining.drift(12, 0.31)
    assert "I take it'" in shown(retraining, "a task to retrain is open")
    retraining.take("UADA")
    text = shown(retraining, "a task to retrain is open")
    assert "I take it over'" in text
    assert "I take it'" not in text


def test_a_score_that_just_meets_what_is_asked_is_no_evidence(retraining: Retraining) -> None:
    """0.2 as a double is a little more than 1/5."""
    retraining.drift(30, 0.05)
    retraining.drift(11, 0.31, last=0.2)
    (task,) = retraining.tasks()
    assert [row["value"] for row in task.evidence["rows"]] == [0.31] * 5


def test_a_task_stops_no_release_and_calls_nobody(retraining: Retraining) -> None:
    retraining.drift(30, 0.05)
    retraining.drift(12, 0.31)
    text = shown(retraining, "a task to retrain is open")
    assert "this stops none, and wakes nobody" in text
    assert "<!subteam" not in text
    assert "<@" not in text


def test_answers_that_get_worse_open_a_task_of_their_own(retraining: Retraining) -> None:
    retraining.answers(30, 1)
    retraining.answers(12, 60)
    assert [one.objective for one in retraining.tasks()] == [ACCURACY.id]
    assert "60 of 100 predictions were wrong" in shown(retraining, "a task to retrain")


def test_a_server_that_fails_asks_for_no_retraining(retraining: Retraining) -> None:
    retraining.world.history_of_calm()
    retraining.world.traffic("ranker/availability", 100, 60)
    assert retraining.world.episode() is not None
    assert retraining.tasks() == []


def aged(retraining: Retraining) -> None:
    """Its one task is open, since a Tuesday evening."""
    retraining.drift(30, 0.05)
    retraining.drift(12, 0.31)
    assert len(retraining.tasks()) == 1


def test_a_task_closes_once_its_budget_has_recovered_and_stayed_so(
    retraining: Retraining,
) -> None:
    aged(retraining)
    hours = 0
    while retraining.tasks() and hours < 24 * 14:
        retraining.drift(1, 0.05)
        hours += 1
    assert retraining.tasks() == []
    (row,) = retraining.world.story("retrain_closed")
    assert row.decision.evidence["task"] == 1
    recovered = [
        one
        for one in retraining.world.story("verdict_changed")
        if one.decision.objective == DRIFT.id and one.decision.evidence["verdict"] == "healthy"
    ][-1]
    waited = (row.decision.at - recovered.decision.at).total_seconds()
    assert waited >= HOUR
    assert "has recovered and stayed so" in shown(retraining, "has recovered")


def test_a_relapse_starts_the_wait_anew(retraining: Retraining) -> None:
    aged(retraining)
    world, number = retraining.world, retraining.tasks()[0].id
    world.record.write(lambda books: books.tasks.recovering(number, at("2026-03-01 00:00")))
    retraining.drift(1, 0.4)
    (task,) = retraining.tasks()
    assert task.recovering_since is None


def test_the_owner_is_whom_the_specs_name_until_somebody_takes_it(
    retraining: Retraining,
) -> None:
    world = retraining.world
    world.teams = {"search": replace(world.teams["search"], owner="UBEN")}
    aged(retraining)
    assert retraining.tasks()[0].owner == "UBEN"
    assert "<@UBEN>, as the specs say" in shown(retraining, "a task to retrain is open")
    assert "is yours" in retraining.take("UADA")
    assert retraining.tasks()[0].owner == "UADA"
    (row,) = world.story("retrain_taken")
    assert (row.decision.actor.id, row.decision.evidence["instead_of"]) == ("UADA", "UBEN")
    with pytest.raises(UserError, match="yours already"):
        retraining.take("UADA")


def test_a_guest_takes_nothing_and_a_click_counts_once(retraining: Retraining) -> None:
    aged(retraining)
    retraining.world.directory.add(Person("UGUEST", "gus", "T1", guest=True))
    with pytest.raises(UserError, match="guests"):
        retraining.take("UGUEST")
    ada = Actor("UADA", "ada", Door.SLACK)
    retraining.taking().take(1, ada, "click")
    with pytest.raises(Repeated):
        retraining.taking().take(1, ada, "click")
    with pytest.raises(UserError, match="do not know"):
        retraining.take("UADA", 9)


def test_the_owner_is_reminded_once_a_day_in_their_own_working_hours(
    retraining: Retraining,
) -> None:
    world = retraining.world
    world.directory.add(Person("UTOK", "tomo", "T1", zone="Asia/Tokyo"), "S1")
    aged(retraining)
    world.clock.time = at("2026-03-05 02:00")
    retraining.take("UTOK")
    told = []
    for hour in range(48):
        world.clock.time = (
            at("2026-03-05 03:00") + (at("2026-03-05 04:00") - at("2026-03-05 03:00")) * hour
        )
        told += [world.clock.time] * retraining.remind()
    assert told == [at("2026-03-06 00:00")]  # nine in Tokyo on Friday; then comes the weekend
    assert "<@UTOK>, a reminder" in shown(retraining, "has been open for")


def test_without_an_owner_the_team_is_reminded_by_the_clock_of_the_reports(
    retraining: Retraining,
) -> None:
    aged(retraining)
    retraining.world.clock.time = at("2026-03-05 08:30")
    assert retraining.remind() == 0
    assert retraining.remind("Europe/Berlin") == 1
    assert retraining.remind("Europe/Berlin") == 0
    assert "nobody has it" in shown(retraining, "has been open for")


def test_if_slack_does_not_say_where_the_owner_works_the_clock_of_the_reports_counts(
    retraining: Retraining,
) -> None:
    aged(retraining)
    retraining.take("UADA")
    retraining.world.directory.fault = Unclear("away")
    retraining.world.clock.time = at("2026-03-05 03:00")
    assert retraining.remind() == 0
    retraining.world.clock.time = at("2026-03-05 09:00")
    assert retraining.remind() == 1


def test_a_task_whose_objective_has_left_the_specs_is_closed_and_says_why(
    retraining: Retraining,
) -> None:
    aged(retraining)
    retraining.world.objectives = (ACCURACY,)
    assert retraining.remind() == 0
    assert retraining.tasks() == []
    (row,) = retraining.world.story("retrain_closed")
    assert "has left the specs" in row.decision.reason


def test_a_webhook_starts_the_pipeline_once_somebody_else_approves(
    retraining: Retraining,
) -> None:
    world = retraining.world
    retraining.outside = Outside(hooks={"trainer": TRAINER})
    aged(retraining)
    assert "somebody else approves".lower() in retraining.start("UADA").lower()
    (request,) = [one for one in world.pending() if one.wish is Wish.RETRAIN]
    assert retraining.tasks()[0].request == request.id
    with pytest.raises(UserError, match="asked already") as twice:
        retraining.start("UADA")
    assert "approve" not in twice.value.example
    assert not world.vote(request, "UADA").counts
    assert world.story("retrain_granted") == []
    assert world.vote(request, "UBEN").state is RequestState.APPROVED
    (row,) = world.story("retrain_granted")
    evidence = row.decision.evidence
    assert (evidence["task"], evidence["service"]) == (1, "ranker")
    assert evidence["said"]["rows"][0]["value"] == 0.31


def test_a_denied_pipeline_is_not_started_and_may_be_asked_for_again(
    retraining: Retraining,
) -> None:
    retraining.outside = Outside(hooks={"trainer": TRAINER})
    aged(retraining)
    retraining.start("UADA")
    (request,) = [one for one in retraining.world.pending() if one.wish is Wish.RETRAIN]
    retraining.world.vote(request, "UBEN", Choice.DENY)
    assert retraining.world.story("retrain_granted") == []
    assert "request" in retraining.start("UADA")


def test_without_a_webhook_nothing_can_be_started(retraining: Retraining) -> None:
    aged(retraining)
    with pytest.raises(UserError, match="No Webhook"):
        retraining.start("UADA")


def test_the_list_has_the_open_tasks_of_a_scope_with_how_they_stand(
    retraining: Retraining,
) -> None:
    assert retraining.listed() == []
    aged(retraining)
    (row,) = retraining.listed("ranker")
    assert (row["task"], row["now"]) == (1, "burning")
    assert retraining.listed("team:search") == [row]
