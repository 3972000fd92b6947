"""Works that run at the same time, again and again."""

import threading
from collections.abc import Callable


def together(times: int, *works: Callable[[int], None]) -> None:
    """Each so many times (given its number, from 0 on), all at the same time; an error of one is an
    error here."""
    gate = threading.Barrier(len(works))
    errors: list[Exception] = []

    def run(work: Callable[[int], None]) -> None:
        gate.wait(10)
        try:
            for number in range(times):
                work(number)
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
