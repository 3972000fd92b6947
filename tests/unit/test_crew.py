"""A pool of threads that keeps no process from ending."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from bot.crew import Crew

FOREVER = 60.0


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What hangs, hangs until it is opened."""
    made = threading.Event()
    yield made
    made.set()


def test_what_is_submitted_is_done_and_its_error_is_told() -> None:
    crew = Crew(2, "crew", FOREVER)
    assert [crew.submit(pow, 2, n).result(10) for n in range(5)] == [1, 2, 4, 8, 16]
    with pytest.raises(ZeroDivisionError):
        crew.submit(lambda: 1 // 0).result(10)
    assert crew.submit(pow, 3, 2).result(10) == 9, "an error ends no thread"
    crew.shutdown()


def test_no_more_work_is_under_way_than_there_are_threads(gate: threading.Event) -> None:
    crew, begun = Crew(2, "crew", FOREVER), threading.Semaphore(0)

    def work() -> str:
        begun.release()
        gate.wait(10)
        return threading.current_thread().name

    asked = [crew.submit(work) for _ in range(4)]
    assert begun.acquire(timeout=10)
    assert begun.acquire(timeout=10), "two at once"
    assert not any(one.done() for one in asked)
    assert sum(one.running() for one in asked) == 2
    gate.set()
    assert {one.result(10) for one in asked} <= {"crew-1", "crew-2"}
    crew.shutdown()


def insist(crew: Crew) -> None:
    """Give it work until it takes no more."""
    while True:
        crew.submit(bool)


def test_a_shutdown_waits_for_what_was_begun_and_for_what_was_in_line(
    gate: threading.Event,
) -> None:
    crew = Crew(1, "crew", FOREVER)
    asked = [crew.submit(gate.wait, 10), crew.submit(pow, 2, 3)]
    found: list[bool] = []

    def close() -> None:
        crew.shutdown()
        found.extend(one.done() for one in asked)

    closer = threading.Thread(target=close)
    closer.start()
    with pytest.raises(RuntimeError, match="takes no more work"):
        insist(crew)
    assert found == [], "it waits"
    gate.set()
    closer.join(10)
    assert found == [True, True]


def test_a_shutdown_leaves_what_hangs_and_says_so(
    gate: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    crew = Crew(1, "looks", 0.01)
    hangs = crew.submit(gate.wait, 10)
    crew.shutdown()
    assert not hangs.done()
    assert caplog.messages == ["looks: left after 0.01 s: 1"]


def test_what_is_in_line_can_be_cancelled(gate: threading.Event) -> None:
    crew = Crew(1, "crew", FOREVER)
    begun = threading.Event()

    def work() -> bool:
        begun.set()
        return gate.wait(10)

    first = crew.submit(work)
    assert begun.wait(10)
    second = crew.submit(pow, 2, 3)
    crew.shutdown(wait=False, cancel_futures=True)
    gate.set()
    assert first.result(10)
    with pytest.raises(CancelledError):
        second.result(10)


def test_a_process_ends_while_work_hangs() -> None:
    lines = (
        "import threading",
        "from bot.crew import Crew",
        "begun = threading.Event()",
        "hang = lambda: (begun.set(), threading.Event().wait())",
        "crew = Crew(1, 'crew', 0.0)",
        "crew.submit(hang)",
        "begun.wait()",
        "crew.shutdown(wait=False)",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], timeout=60, check=False)
    assert done.returncode == 0
