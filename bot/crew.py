"""Threads that keep no process from ending: what hangs in them hangs alone."""

import logging
import threading
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class Crew(futures.Executor):
    """As ThreadPoolExecutor, whose threads every process waits for as it ends; these are left."""

    def __init__(self, most: int, name: str, patience: float) -> None:
        """At most so many threads. `patience`: seconds for which `shutdown` waits."""
        self._most = most
        self._name = name
        self._patience = patience
        self._todo: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._idle = threading.Semaphore(0)
        self._threads = 0
        self._open: set[Future[Any]] = set()
        self._over = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See Executor. Raises RuntimeError after `shutdown`."""
        with self._lock:
            if self._over:
                raise RuntimeError(f"{self._name} takes no more work")
            future: Future[T] = Future()
            self._open.add(future)
            self._todo.put((future, partial(fn, *args, **kwargs)))
            if not self._idle.acquire(blocking=False) and self._threads < self._most:
                self._threads += 1
                name = f"{self._name}-{self._threads}"
                threading.Thread(target=self._work, name=name, daemon=True).start()
        future.add_done_callback(self._open.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See Executor; what is not done by then goes on until the process ends."""
        with self._lock:
            self._over = True
            begun = set(self._open)
        if cancel_futures:
            for one in begun:
                one.cancel()
        self._todo.put(None)
        left = futures.wait(begun, self._patience).not_done if wait else ()
        if left:
            log.warning("%s: left after %g s: %d", self._name, self._patience, len(left))

    def _work(self) -> None:
        while self._one():
            pass

    def _one(self) -> bool:
        """One piece of work; False if there will be none any more."""
        try:
            piece = self._todo.get_nowait()
        except Empty:
            self._idle.release()
            piece = self._todo.get()
        if piece is None:
            self._todo.put(None)  # for the next thread
            return False
        future, work = piece
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - whoever asks for the result is told
                future.set_exception(error)
        return True
