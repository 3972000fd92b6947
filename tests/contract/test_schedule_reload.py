"""Schedules in a real process's parts: specs on disk, reloaded while freezes stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.freeze import Freeze
from bot.wiring.core import Core, core
from tests.builders import NOON, when
from tests.e2e.counts import burning
from tests.e2e.slack import Slack, slack
from tests.fakes import FakeClock
from tests.rooms import settings

HOUR = timedelta(hours=1)
NOW = when(NOON)


@pytest.fixture
def people() -> Iterator[Slack]:
    with slack() as found:
        yield found


def schedule(*starts: int, scope: str = "ranker") -> str:
    """Eight hours each, so many hours from NOW."""
    dates = "".join(
        f"    - {{start: {NOW + start * HOUR:%Y-%m-%d %H:%M}, duration: 8h}}\n" for start in starts
    )
    return (
        "apiVersion: burnban/v1\nkind: FreezeSchedule\nmetadata: {name: nights}\n"
        f"spec:\n  scopes: [{scope}]\n  reason: few are awake\n  timeZone: UTC\n  dates:\n{dates}"
    )


@contextmanager
def running(folder: Path, people: Slack, clock: FakeClock) -> Iterator[Core]:
    with core(settings(folder, folder / "slos", people), clock) as built:
        yield built


def standing(built: Core) -> list[Freeze]:
    return built.record.read(lambda books: books.freezes.standing(built.clock.now()))


def begins(built: Core) -> list[float]:
    return [(freeze.starts_at - NOW) / HOUR for freeze in standing(built)]


def test_a_schedule_is_followed_from_the_start_and_through_edits_and_restarts(
    tmp_path: Path, people: Slack
) -> None:
    clock = FakeClock(NOW)
    specs = burning(tmp_path / "slos")
    file = specs / "nights.yaml"
    file.write_text(schedule(1, 24))
    with running(tmp_path, people, clock) as built:
        built.poll(force=True)
        assert begins(built) == [1, 24]
        clock.advance(3_600)
        file.write_text(schedule(24, 48))
        assert built.reload() is not None
        built.schedule.run()
        assert begins(built) == [1, 24, 48], "what has begun is not lifted by an edit"
        assert [f.stops(clock.now()) for f in standing(built)] == [True, False, False]
    file.unlink()  # edited while nobody runs
    with running(tmp_path, people, clock) as built:
        built.schedule.run()
        assert begins(built) == [1]


def test_a_faulty_schedule_leaves_the_former_one_in_force(tmp_path: Path, people: Slack) -> None:
    clock = FakeClock(NOW)
    file = burning(tmp_path / "slos") / "nights.yaml"
    file.write_text(schedule(1))
    with running(tmp_path, people, clock) as built:
        built.schedule.run()
        file.write_text(schedule(1).replace("timeZone: UTC", "timeZone: Mars/Phobos"))
        assert built.reload() is None
        built.schedule.run()
        assert begins(built) == [1]


def test_freezes_that_are_still_to_come_keep_no_service_in_its_team(
    tmp_path: Path, people: Slack
) -> None:
    """An edit that would lift a freeze in force is refused; what only comes is scheduled anew."""
    clock = FakeClock(NOW)
    specs = burning(tmp_path / "slos")
    teams = {path: path.read_text() for path in specs.glob("*.yaml")}
    (owner,) = [path for path, text in teams.items() if "kind: Team" in text]
    name = teams[owner].split("kind: Team")[1].split("name: ")[1].split("\n")[0].strip("} ")
    (specs / "nights.yaml").write_text(schedule(1, scope=f"team:{name}"))
    with running(tmp_path, people, clock) as built:
        built.schedule.run()
        other = (
            "---\napiVersion: burnban/v1\nkind: Team\nmetadata: {name: others}\n"
            'spec: {channel: "#others", onCall: {users: [U0A1]}, services: [ranker]}\n'
        )
        owner.write_text(teams[owner].replace("services: [ranker]", "services: []") + other)
        clock.advance(1_800)
        assert built.reload() is not None
        assert built.catalog().services["ranker"].team == "others"


def test_a_look_from_the_terminal_schedules_nothing(tmp_path: Path, people: Slack) -> None:
    clock = FakeClock(NOW)
    (burning(tmp_path / "slos") / "nights.yaml").write_text(schedule(1))
    with core(settings(tmp_path, tmp_path / "slos", people), clock, looking=True) as built:
        assert built.survey.listing()["rows"] == []
        assert standing(built) == []
