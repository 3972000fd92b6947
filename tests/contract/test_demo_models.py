"""The demo's day, put together as the processes are: what pipelines and jobs tell leads to a
rollback that is proposed, a trade-off that can be asked, a task to retrain that opens and closes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.decide.decision import Event
from bot.flow.canary.outcome import FollowAdvice
from bot.flow.canary.propose import WatchCanaries
from bot.flow.suspects import suspect_facts
from bot.playground.fleet import day, feed, story
from bot.playground.fleet.happenings import BEFORE, CANARY, CAUGHT_UP, RELEASES, RETRAINED, V38
from bot.playground.fleet.serving import words
from bot.ports import Books, HistoryFilter
from bot.wiring.advising import list_tasks, show_canary
from bot.wiring.core import Core, core
from bot.wiring.demo_told import Telling
from tests.fakes import FakeClock

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
OPS = "#burnban-ops"


@dataclass
class Seen:
    """What was answered, by the minute of the day."""

    canary: dict[int, Any] = field(default_factory=dict)
    tradeoff: dict[int, Any] = field(default_factory=dict)
    tasks: dict[int, Any] = field(default_factory=dict)
    verdicts: dict[int, set[str]] = field(default_factory=dict)
    history: dict[int, list[tuple[Event, str]]] = field(default_factory=dict)
    suspects: dict[int, dict[str, str | None]] = field(default_factory=dict)
    """By objective the version that most likely burned its budget."""


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Core, FakeClock]]:
    """The house of the demo, without Slack, at the beginning of the day."""
    day.lay_out(folder, START)
    settings = Settings.model_construct(
        specs=folder / day.SPECS,
        database_url=SecretStr(f"sqlite:///{folder / 'burnban.db'}"),
        slack_bot_token=None, slack_signing_secret=None, slack_app_token=None, slack_api_url="",
        ops_channel=OPS, templates=None, public_url="", port=0,
    )  # fmt: skip
    clock = FakeClock(START)
    with core(settings, clock) as built:
        yield built, clock


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Core, FakeClock]]:
    with opened(tmp_path_factory.mktemp("day")) as found:
        yield found


MINUTES = (
    0, V38.at + 10, CAUGHT_UP - 1, CAUGHT_UP + 1, story.WEIGHED, story.AGED, CANARY.at,
    CANARY.at + 5, story.PROPOSED, RETRAINED.at, CANARY.over, RETRAINED.at + 150,
    RETRAINED.at + 220,
)  # fmt: skip


@pytest.fixture(scope="module")
def seen(house: tuple[Core, FakeClock]) -> Seen:
    built, clock = house
    telling, found = Telling(built, START), Seen()
    watch = WatchCanaries(built.record, clock, built.catalog, OPS)
    follow = FollowAdvice(built.record, clock, built.catalog, OPS)
    for minute in MINUTES:
        clock.time = START + timedelta(minutes=minute)
        telling.run()
        built.poll()
        watch.run()
        follow.run()
        found.canary[minute] = show_canary(built).facts("ranker")
        found.tasks[minute] = list_tasks(built).rows("all")
        rows = built.answer.rows(built.catalog().scope("all"))
        found.verdicts[minute] = {str(row["verdict"]) for row in rows}
        found.history[minute] = _history(built)
        named = built.record.read(lambda books: _named(books, built, clock.now()))
        found.suspects[minute] = named
        if minute == story.WEIGHED:
            found.tradeoff[minute] = built.tradeoff.facts("fraud", "f21")
    return found


def _named(books: Books, built: Core, now: datetime) -> dict[str, str | None]:
    found = {one.id: suspect_facts(books, one, now) for one in built.catalog().objectives}
    return {name: None if facts is None else facts["version"] for name, facts in found.items()}


def _history(built: Core) -> list[tuple[Event, str]]:
    rows = built.record.read(lambda books: books.history.find(HistoryFilter(limit=500)))
    return [(row.decision.event, row.decision.objective) for row in rows]


def events(history: Sequence[tuple[Event, str]], event: Event) -> int:
    return sum(1 for found, _ in history if found is event)


def test_the_day_begins_with_all_budgets_known_and_healthy(seen: Seen) -> None:
    assert seen.verdicts[0] == {"healthy"}


def test_each_release_is_on_record_once_it_has_happened(seen: Seen) -> None:
    noted = {minute: events(found, Event.RELEASE_NOTED) for minute, found in seen.history.items()}
    assert noted[0] == len(BEFORE)
    assert noted[V38.at + 10] == len(BEFORE) + 1
    assert noted[MINUTES[-1]] == len(words(START)) > len(BEFORE) + len(RELEASES)


def test_a_rollback_of_the_canary_is_proposed_with_both_counts_when_the_line_says_so(
    seen: Seen,
) -> None:
    assert not events(seen.history[CANARY.at], Event.ROLLBACK_ADVISED)
    assert events(seen.history[story.PROPOSED], Event.ROLLBACK_ADVISED) == 1
    facts = seen.canary[story.PROPOSED]
    assert (facts["release"], facts["to"], facts["advised"] is not None) == ("v41", "v39", True)
    (row,) = facts["rows"]
    assert row["e"] >= 20
    assert row["b1"] / row["n1"] > 5 * row["b0"] / row["n0"]


def test_no_other_release_of_the_day_is_advised_against(seen: Seen) -> None:
    assert events(seen.history[MINUTES[-1]], Event.ROLLBACK_ADVISED) == 1
    assert events(seen.history[CANARY.over], Event.ROLLBACK_ENDED) == 1


def test_what_fraud_s_new_version_costs_and_brings_can_be_asked(seen: Seen) -> None:
    facts = seen.tradeoff[story.WEIGHED]
    assert (facts["ruling"], facts["beside"]) == ("accept", "f20")
    assert facts["answers"] > facts["requests"] > 0
    costs = {row["objective"]: row for row in facts["rows"]}
    assert set(costs) == {"availability", "latency", "quality"}
    assert costs["availability"]["low"] > 0, "it fails more for certain"
    assert costs["quality"]["expected"] < 0


def test_labels_that_come_after_the_verdict_are_posted_and_on_record(seen: Seen) -> None:
    assert not events(seen.history[CAUGHT_UP - 1], Event.RESTATED)
    assert (Event.RESTATED, "fraud/quality") in seen.history[CAUGHT_UP + 1]


def test_the_drift_opens_one_task_with_an_owner_and_evidence(seen: Seen) -> None:
    assert seen.tasks[CAUGHT_UP + 1] == []
    (task,) = seen.tasks[story.AGED]
    assert (task["service"], task["owner"]) == ("fraud", "U0PRIYA")
    assert task["rows"][0]["metric"] == "PSI of the amount"
    assert task["rows"][0]["value"] > 0.2


def test_the_task_closes_by_itself_once_the_retrained_model_serves(seen: Seen) -> None:
    assert seen.tasks[RETRAINED.at]
    assert seen.tasks[MINUTES[-1]] == []
    assert events(seen.history[MINUTES[-1]], Event.RETRAIN_OPENED) == 1
    assert events(seen.history[MINUTES[-1]], Event.RETRAIN_CLOSED) == 1


def test_telling_all_of_it_again_after_a_restart_changes_nothing(
    house: tuple[Core, FakeClock], seen: Seen
) -> None:
    built, _ = house
    Telling(built, START).run()
    assert _history(built) == seen.history[MINUTES[-1]]


def test_the_bad_release_is_named_and_none_is_blamed_for_what_drifts(seen: Seen) -> None:
    assert seen.suspects[V38.at + 10]["ranker/availability"] == "v38"
    assert "fraud/drift" in {objective for _, objective in seen.history[story.AGED]}
    assert seen.suspects[story.AGED]["fraud/drift"] is None


def test_a_job_that_tells_some_minutes_late_leaves_no_verdict_unknown_and_restates_nothing(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as (built, clock):
        telling = Telling(built, START)
        telling.run()
        built.poll()
        for minute in range(feed.STEP, 5 * feed.STEP, feed.STEP):
            clock.time = START + timedelta(minutes=minute, seconds=10)
            built.poll()
            clock.time = START + timedelta(minutes=minute + 8)
            telling.run()
            for later in (9, 11):
                clock.time = START + timedelta(minutes=minute + later)
                built.poll()
        found = [event for event, objective in _history(built) if objective == "fraud/drift"]
    assert found == [Event.VERDICT_CHANGED], "only from not judged yet to healthy"
