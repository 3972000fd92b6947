"""The fakes satisfy the ports: mypy checks the assignments, the run checks that they stand."""

from bot.ports import Clock, Directory, Messenger, Source
from tests.fakes import FakeClock, FakeDirectory, FakeMessenger, FakeSource

CLOCK: Clock = FakeClock()
SOURCE: Source = FakeSource()
MESSENGER: Messenger = FakeMessenger()
DIRECTORY: Directory = FakeDirectory()


def test_a_fake_clock_stands_still_until_it_is_moved() -> None:
    clock = FakeClock()
    before = CLOCK.now()
    assert clock.now() == clock.now()
    assert (clock.advance(90) - before).total_seconds() == 90
