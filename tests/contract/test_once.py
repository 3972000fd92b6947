"""One whole cycle, and what is said of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.wiring.core import core
from bot.wiring.once import Cycle, cycle
from tests.e2e.counts import burning
from tests.e2e.slack import Slack, slack
from tests.rooms import settings


def test_the_lines_name_each_source_that_gave_no_answer_and_why() -> None:
    done = Cycle(9, 8, {("prom", "cannot be reached"): 3}, delivered=2, waiting=1)
    assert not done.sound
    assert list(done.lines()) == [
        "5 objectives evaluated, 3 without an answer, 2 messages delivered, "
        "1 message not yet delivered to Slack.",
        "  prom: cannot be reached (3 objectives)",
        "  1 is in the hands of another process just now.",
    ]


def test_a_reason_that_names_its_source_is_not_named_twice() -> None:
    done = Cycle(1, 1, {("prom", "prom cannot be reached"): 1})
    assert list(done.lines())[1:] == ["  prom cannot be reached (1 objective)"]


def test_a_sound_cycle_needs_one_line() -> None:
    assert list(Cycle(4, 4, {}).lines()) == ["4 objectives evaluated."]


@pytest.fixture
def people() -> Iterator[Slack]:
    with slack(limits=Limits.none()) as found:
        yield found


def test_a_cycle_measures_judges_and_tells(people: Slack, tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    with core(settings(tmp_path, burning(tmp_path / "slos"), people)) as built:
        done = cycle(built, lambda *at: progress.append(at))
    assert (done.objectives, done.evaluated, done.delivered, done.waiting) == (1, 1, 1, 0)
    assert done.sound
    assert progress == sorted(progress)
    first, burns, sent = done.lines()
    assert first == "1 objective evaluated, 1 message delivered."
    assert burns.startswith("  burns: ranker/availability (page, 9")
    assert sent.startswith("  sent: ranker: the budget of “")
    assert not set("<>&") & set(sent), "no marks of Slack's in a terminal"


def test_without_a_slack_it_is_said_what_waits_and_what_is_missing(
    people: Slack, tmp_path: Path
) -> None:
    mute = settings(tmp_path, burning(tmp_path / "slos"), people)
    with core(mute.model_copy(update={"slack_bot_token": None})) as built:
        done = cycle(built, lambda *_: None)
    assert done.sound
    first, burns, waits = done.lines()
    assert first == "1 objective evaluated, 1 message not yet delivered to Slack."
    assert burns.startswith("  burns: ranker/")
    assert waits == "  a message waits for Slack: SLACK_BOT_TOKEN is not set (`burnban doctor`)."


def test_of_very_many_that_burn_the_worst_are_named_and_the_rest_counted() -> None:
    done = Cycle(30, 30, {}, burning=[f"one/{n}" for n in range(30)])
    assert list(done.lines())[1:3] == ["  burns: one/0", "  burns: one/1"]
    assert list(done.lines())[11:] == ["  burns: 20 more: `burnban status` shows them all"]


def test_what_slack_does_not_take_is_still_waiting(people: Slack, tmp_path: Path) -> None:
    people.space.faults.arm("chat.postMessage", Fault.RATE_LIMITED, times=9, seconds=60)
    with core(settings(tmp_path, burning(tmp_path / "slos"), people)) as built:
        done = cycle(built, lambda *_: None, patience=0.3)
    assert (done.delivered, done.waiting) == (0, 1)
    assert done.sound


@pytest.mark.parametrize("code", ["not_in_channel", "invalid_auth"])
def test_what_slack_refuses_is_named_with_the_remedy_and_is_not_sound(
    people: Slack, tmp_path: Path, code: str
) -> None:
    people.space.faults.arm("chat.postMessage", Fault.ERROR_CODE, times=9, code=code)
    with core(settings(tmp_path, burning(tmp_path / "slos"), people)) as built:
        done = cycle(built, lambda *_: None, patience=0.3)
    assert not done.sound
    assert done.delivered == 0
    assert done.waiting >= 1
    (line,) = [line for line in done.lines() if line.startswith("  #ml-ranking: ")]
    assert line.startswith(f"  #ml-ranking: {code} (")
    assert ("/invite @Burnban" in line) is (code == "not_in_channel")
    assert ("SLACK_BOT_TOKEN" in line) is (code == "invalid_auth")
