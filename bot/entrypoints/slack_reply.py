"""How an answer gets back to the person who asked, and only to them."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.errors import BurnbanError, Doubtful, RecordError, UserError
from bot.ports import Clock, Record, Rendered, Renderer

log = logging.getLogger(__name__)

Facts = Mapping[str, Any]


class Respond(Protocol):
    """Bring a message to a response_url."""

    def __call__(self, url: str, message: Rendered, *, replace: bool) -> None: ...


class Views(Protocol):
    """Open and change modals."""

    def open(self, trigger: str, view: Mapping[str, Any]) -> str:
        """The id of the opened view. Raises DeliveryError."""
        ...

    def update(self, view_id: str, view: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class Desk:
    """What every handler needs: acknowledge at once, work on a thread of its own, answer."""

    renderer: Renderer
    respond: Respond
    views: Views
    record: Record
    clock: Clock
    workers: ThreadPoolExecutor

    def later(self, url: str, work: Callable[[], None]) -> None:
        """Run `work` after the acknowledgement; whatever goes wrong is told to the person."""
        self.workers.submit(self._guarded, url, work)

    def once(self, key: str, url: str, work: Callable[[], None]) -> None:
        """The same for what changes something: a second delivery of one request does nothing."""

        def first_time_only() -> None:
            now = self.clock.now()
            if self.record.write(lambda books: books.receipts.first_time(key, now)):
                work()
            else:
                log.info("a repeated request was ignored")

        self.later(url, first_time_only)

    def say(self, url: str, template: str, facts: Facts, *, replace: bool = False) -> None:
        """Answer with a message that only the person sees."""
        if url:
            self.respond(url, self.renderer.message(template, facts), replace=replace)

    def tell(
        self, url: str, text: str, *, ok: bool = True, example: str = "", then: str = ""
    ) -> None:
        """Answer in a sentence."""
        self.say(url, "answer", {"text": text, "ok": ok, "example": example, "next": then})

    def now(self) -> datetime:
        """The time of the domain."""
        return self.clock.now()

    def _guarded(self, url: str, work: Callable[[], None]) -> None:
        try:
            work()
        except UserError as error:
            self._apologise(url, error.sentence, error.example)
        except Doubtful as error:
            log.warning("the outcome of a request is not known: %s", error)
            sentence = "The database went away while it stored this: it may have taken effect."
            self._apologise(url, sentence, "look at `/budget history` before you try again")
        except RecordError as error:
            log.warning("a request met a database that does not answer: %s", error)
            sentence = "The database does not answer, so nothing has changed."
            self._apologise(url, sentence, "try again in a minute")
        except BurnbanError as error:
            log.warning("a request failed: %s", error)
            self._apologise(url, f"That did not work: {error}", "")
        except Exception:
            log.exception("a request failed in a way nobody foresaw")
            self._apologise(url, "Something went wrong on my side; nothing has changed.", "")

    def _apologise(self, url: str, sentence: str, example: str) -> None:
        try:
            self.tell(url, sentence, ok=False, example=example)
        except BurnbanError as error:
            log.warning("an answer could not be delivered: %s", error)
