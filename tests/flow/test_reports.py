"""Months in figures, from the history; each team hears of its own once, by day, on one replica."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.decide.approval import Wish
from bot.decide.decision import Decision, Event
from bot.decide.month import Month
from bot.decide.noted import Word
from bot.decide.people import BURNBAN, Group
from bot.decide.release import NoteKind
from bot.errors import UserError
from bot.flow.gate.note import NoteRelease
from bot.flow.history.monthly import TellMonthly
from bot.flow.show.report import Reports
from bot.judge.expectation import Forecast
from bot.judge.score import Outcome, Score
from bot.ports import Books, Given, Ripe
from tests.builders import DAY, HOUR, NOON, actor
from tests.flow.conftest import OPS, SEARCH, World

MARCH = Month(2026, 3)


def reports(world: World, zone: str = "UTC") -> Reports:
    return Reports(world.record, world.clock, world.catalog, zone)


def month(world: World, team: str = "", which: Month | None = MARCH) -> dict[str, Any]:
    return reports(world).facts(which, team)


def frozen(world: World, word: str, hours: int) -> None:
    """Somebody freezes, somebody asks to lift it so many hours later, and it takes 20 minutes."""
    outcome = world.ask(Wish.FREEZE, "UADA", word)
    assert outcome.freeze is not None
    world.clock.advance(hours * HOUR)
    asked = world.ask(Wish.UNFREEZE, "UADA", word)
    world.clock.advance(1_200)
    world.vote(asked.request, "UBEN")


def test_a_month_adds_up_what_happened_in_it(world: World) -> None:
    frozen(world, "ranker", 3)
    found = month(world)
    assert found["frozen"] == [
        {
            "origin": "manual",
            "effect": "freeze",
            "monitored": False,
            "freezes": 1,
            "seconds": 3 * HOUR + 1_200,
        }
    ]
    assert found["stopped"] == 3 * HOUR + 1_200
    assert (found["decided"], found["median"], found["p90"]) == (1, 1_200, 1_200)
    assert (found["name"], found["scope"], found["running"]) == ("March 2026", "everything", True)


def test_a_request_that_nobody_decides_is_counted_as_expired(world: World) -> None:
    world.ask(Wish.FREEZE, "UEVE")
    world.clock.advance(5 * HOUR)
    world.tidy()
    assert month(world)["expired"] == 1


def test_a_past_month_stays_what_it_was(world: World) -> None:
    frozen(world, "ranker", 3)
    before = month(world)
    world.clock.advance(60 * 24 * HOUR)
    world.ask(Wish.FREEZE, "UADA", "ranker")
    after = month(world)
    assert before["running"]
    assert {**after, "running": True, "until": before["until"]} == before
    assert month(world, which=Month(2026, 2))["quiet"]


def test_what_is_not_on_record_is_not_called_quiet(world: World) -> None:
    assert month(world, which=Month(2026, 2))["unknown"]
    frozen(world, "ranker", 1)
    assert month(world, which=Month(2026, 2))["unknown"]
    begun = month(world)
    assert not begun["unknown"]
    assert begun["begins"] == int(at("2026-03-02 12:00").timestamp())
    world.clock.time = at("2026-05-02 12:00")
    assert month(world, which=Month(2026, 4))["begins"] is None


def test_without_a_month_the_last_one_that_is_over_is_meant(world: World) -> None:
    assert month(world, which=None)["month"] == "2026-02"
    with pytest.raises(UserError, match="2026-04 is still to come"):
        month(world, which=Month(2026, 4))


def two_teams(world: World) -> None:
    """Search has all services but one, risk that one."""
    risk = replace(world.teams["search"], name="risk", title="Risk", channel="#risk")
    world.teams = {**world.teams, "risk": risk}
    plain = world.catalog

    def catalog() -> Any:
        found = plain()
        services = {**found.services, "recs": replace(found.services["recs"], team="risk")}
        return replace(found, services=services)

    world.catalog = catalog  # type: ignore[method-assign]


def test_a_team_is_told_of_its_own_and_of_what_reached_it(world: World) -> None:
    two_teams(world)
    frozen(world, "ranker", 1)
    frozen(world, "recs", 2)
    world.directory.groups["S1"].add("ULEAD")
    frozen(world, "all", 4)
    assert month(world, "search")["stopped"] == 5 * HOUR + 2 * 1_200
    assert month(world, "team:risk")["stopped"] == 6 * HOUR + 2 * 1_200
    assert month(world)["stopped"] == 7 * HOUR + 3 * 1_200
    with pytest.raises(
        UserError, match=r"There is no team `serch`. The teams are: `risk`, `search`"
    ):
        month(world, "serch")


def note(world: World, event: Event, scope: str, objective: str = "", **evidence: Any) -> None:
    row = Decision(event, world.clock.now(), actor(), scope, "why", evidence, "v1", objective)
    world.record.write(lambda books: books.history.append(row))


def test_rows_belong_to_the_team_that_they_name_or_whose_service_they_are_about(
    world: World,
) -> None:
    two_teams(world)
    note(world, Event.GLASS_BROKEN, "service:gone", team="risk", service="gone", kind="rollback")
    note(world, Event.OVERRIDE_REQUESTED, "service:recs", service="recs", kind="bug-fix")
    note(world, Event.VERDICT_CHANGED, "service:ranker", "ranker/availability", verdict="exhausted")
    note(world, Event.REQUEST_EXPIRED, "source:prom")
    note(world, Event.REQUEST_EXPIRED, "team:risk")
    risk, search = month(world, "risk"), month(world, "search")
    assert [(row["team"], row["kind"]) for row in risk["overrides"]] == [
        ("risk", "bug-fix"),
        ("risk", "rollback"),
    ]
    assert (risk["exhausted"], risk["expired"]) == ([], 1)
    assert search["exhausted"] == [{"objective": "ranker/availability", "times": 1}]
    assert (search["overrides"], search["expired"]) == ([], 0)
    assert month(world)["expired"] == 2


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def tell(world: World, text: str, zone: str = "UTC") -> int:
    world.clock.time = at(text)
    return TellMonthly(reports(world, zone), OPS).run()


@pytest.mark.parametrize(
    ("text", "zone", "told"),
    [
        ("2026-04-01 08:59", "UTC", 0),
        ("2026-04-01 09:00", "UTC", 1),
        ("2026-04-01 16:59", "UTC", 1),
        ("2026-04-01 17:00", "UTC", 0),
        ("2026-04-01 07:00", "Europe/Berlin", 1),
        ("2026-04-01 06:59", "Europe/Berlin", 0),
        ("2026-04-20 10:00", "UTC", 1),
        ("2026-04-04 10:00", "UTC", 0),  # a Saturday
    ],
)
def test_a_team_is_told_in_working_hours_of_its_zone(
    world: World, text: str, zone: str, told: int
) -> None:
    frozen(world, "ranker", 3)
    assert tell(world, text, zone) == told


def test_each_month_is_told_once_over_all_replicas(world: World) -> None:
    frozen(world, "ranker", 3)
    assert [tell(world, "2026-04-01 09:00"), tell(world, "2026-04-01 09:05")] == [1, 0]
    assert tell(world, "2026-04-30 09:05") == 0
    assert tell(world, "2026-05-01 09:05") == 1
    world.deliver()
    first, second = (p for p in world.messenger.posted if p.key.startswith("report:"))
    assert first.channel == second.channel == SEARCH
    said = " ".join(first.message.text.split())
    assert said == "March 2026, team search: releases were stopped for 3 h 20 min."
    assert "April 2026, team search: no freeze stopped a release." in second.message.text


def test_replicas_that_come_at_once_tell_it_once(world: World) -> None:
    frozen(world, "ranker", 3)
    world.clock.time = at("2026-04-01 09:00")
    flow = TellMonthly(reports(world), OPS)
    due = world.record.read(lambda books: flow._due(books, MARCH))
    facts = month(world, "search")
    told = [flow._tell(team, facts, MARCH, world.clock.now()) for team in due * 2]
    assert told == [1, 0]


def test_of_a_month_before_the_history_begins_nothing_is_told(world: World) -> None:
    assert tell(world, "2026-04-01 09:00") == 0
    world.clock.advance(timedelta(hours=1).total_seconds())
    frozen(world, "ranker", 3)
    assert tell(world, "2026-04-02 09:00") == 0, "that was in April"
    assert tell(world, "2026-05-01 09:00") == 1


def test_a_team_without_a_channel_is_told_where_the_operators_listen(world: World) -> None:
    note(world, Event.FROZEN, "all", freeze=1)
    world.teams = {"search": replace(world.teams["search"], channel="", on_call=Group())}
    assert tell(world, "2026-04-01 09:00") == 1
    world.deliver()
    assert any("March 2026, team search" in text for text in world.heads(OPS))


def test_a_row_of_the_bot_itself_counts_like_any_other(world: World) -> None:
    row = Decision(Event.THAWED, world.clock.now(), BURNBAN, "service:ranker", "why", {}, "v1")
    note(world, Event.FROZEN, "service:ranker", "ranker/availability", origin="policy")
    world.clock.advance(HOUR)
    world.record.write(lambda books: books.history.append(replace(row, at=world.clock.now())))
    assert month(world)["frozen"][0]["seconds"] == HOUR


def test_a_month_says_how_often_was_released_and_how_that_turned_out(world: World) -> None:
    flow = NoteRelease(world.record, world.clock, world.catalog)
    for version, kind in (("37", NoteKind.BEGAN), ("38", NoteKind.BEGAN)):
        world.clock.advance(HOUR)
        flow.run(Word("ranker", version, kind), actor())
    world.clock.advance(HOUR)
    flow.run(Word("ranker", "38", NoteKind.ROLLED_BACK), actor())
    found = month(world)["delivery"]
    assert found["frequency"]["count"] == 2
    assert (found["failures"]["value"], found["failures"]["count"]) == (1.0, 1)
    assert found["restore"]["value"] == HOUR
    assert found["lead"]["reason"]
    assert month(world, "search")["delivery"] == found


def test_a_month_without_releases_says_nothing_of_them(world: World) -> None:
    flow = NoteRelease(world.record, world.clock, world.catalog)
    flow.run(Word("ranker", "37", NoteKind.BEGAN), actor())
    assert month(world, which=Month(2026, 2))["delivery"] is None


def came_true(world: World, name: str, until: int, left: float) -> None:
    """A forecast of 0.4 to 0.6 for that instant, and what was left then."""
    said = Forecast(
        until - DAY, until, 0.6, 0.5, 0.4, 0.6, 0.1, None, None, None, None, (), None, Score()
    )

    def work(books: Books) -> None:
        account = books.ledger.accounts([name])[name].id
        books.forecasts.give([Given(account, until - DAY, said, counts=True)])
        ripe = Ripe(account, until - DAY, said.issued)
        books.forecasts.score([(ripe, Outcome(said.issued, left, exhausted=False))])

    world.record.write(work)


def test_a_month_has_the_record_of_the_forecasts_that_were_for_it(world: World) -> None:
    assert month(world)["forecasts"] is None
    came_true(world, "ranker/availability", NOON - HOUR, 0.45)
    came_true(world, "ranker/availability", NOON - 2 * HOUR, 0.9)
    came_true(world, "ranker/availability", NOON - 3 * DAY, 0.5)  # in February
    found = month(world)["forecasts"]
    assert (found["count"], found["hits"], found["coverage"]) == (2, 1, 0.5)
    assert found["error"] == pytest.approx((0.05 + 0.4) / 2)
    assert month(world, which=Month(2026, 2))["forecasts"]["count"] == 1


def test_a_team_has_the_forecasts_of_its_own_services(world: World) -> None:
    two_teams(world)
    came_true(world, "recs/availability", NOON - HOUR, 0.45)
    assert month(world, "search")["forecasts"] is None
    assert month(world)["forecasts"]["count"] == 1


def test_a_month_says_what_became_of_overrides_by_their_advice(world: World) -> None:
    note(world, Event.OVERRIDE_REQUESTED, "service:ranker", advice="reject", request=1)
    note(world, Event.OVERRIDE_GRANTED, "service:ranker", advice="reject", request=1)
    assert month(world)["tradeoffs"] == [{"ruling": "reject", "asked": 1, "granted": 1}]
