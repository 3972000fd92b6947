"""Works that run at the same time."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def together(*works: Callable[[], T]) -> list[T]:
    """Run all at the same moment; their answers, as they came. An error of one is an error here."""
    gate = threading.Barrier(len(works))
    answers: list[T] = []
    errors: list[Exception] = []

    def run(work: Callable[[], T]) -> None:
        gate.wait(20)
        try:
            answers.append(work())
        except Exception as error:  # noqa: BLE001 # raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]
    assert not any(thread.is_alive() for thread in threads), "a work hangs"
    return answers


def over_and_over(times: int, *works: Callable[[int], None]) -> None:
    """Each so many times (given its number, from 0 on), all at the same time."""

    def rounds(work: Callable[[int], None]) -> Callable[[], None]:
        def run() -> None:
            for number in range(times):
                work(number)

        return run

    together(*(rounds(work) for work in works))
