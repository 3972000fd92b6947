"""What /healthz says of polls, what the log keeps of the history, and who holds a database."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.record import hold, holder
from bot.wiring.anchor import leave_anchors
from bot.wiring.core import Core, core
from bot.wiring.health import GRACE, MISSED, health
from tests.e2e.counts import burning
from tests.e2e.slack import slack
from tests.fakes import FakeClock
from tests.record_samples import decision
from tests.rooms import settings


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Core, FakeClock]]:
    clock = FakeClock(datetime.now(UTC))
    specs = burning(tmp_path / "slos")
    with slack() as people, core(settings(tmp_path, specs, people), clock) as built:
        yield built, clock


def test_before_the_first_poll_there_is_time_and_then_a_problem(
    house: tuple[Core, FakeClock],
) -> None:
    built, clock = house
    look = health(built)
    assert look()["last_poll"] is None
    assert "problem" not in look()
    clock.advance(MISSED * 60 + GRACE + 1)
    assert "no objective was measured" in look()["problem"]


def test_a_poll_is_told_and_its_absence_for_five_is_a_problem(
    house: tuple[Core, FakeClock],
) -> None:
    built, clock = house
    look = health(built, lambda: {"slack": "reached"})
    built.poll(force=True)
    facts = look()
    assert facts["last_poll"] == int(clock.now().timestamp()) // 60 * 60
    assert facts["slack"] == "reached"
    assert facts["unsent_messages"] == 1
    clock.advance(MISSED * 60)
    assert "problem" not in look()
    clock.advance(GRACE + 60)
    assert "problem" in look()
    built.poll(force=True)
    assert "problem" not in look()


def test_the_newest_hash_is_logged_once_an_hour(
    house: tuple[Core, FakeClock], caplog: pytest.LogCaptureFixture
) -> None:
    built, clock = house
    stored = built.record.write(lambda books: books.history.append(decision()))
    with caplog.at_level(logging.INFO):
        leave_anchors(built).run()
        leave_anchors(built).run()
        assert caplog.text.count(f"decision 1 is the newest, its hash is {stored.hash}") == 1
        clock.advance(3_600)
        leave_anchors(built).run()
    assert caplog.text.count(stored.hash) == 2


def test_the_holder_of_a_sqlite_file_is_known_and_nothing_is_made_to_find_out(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'burnban.db'}"
    assert holder(url) == ""
    assert not list(tmp_path.iterdir())
    with hold(url):
        assert holder(url).isdecimal()
    assert holder(url) == ""
    assert holder("postgresql://somewhere/burnban") == ""
