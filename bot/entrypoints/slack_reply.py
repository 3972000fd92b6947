"""How an answer gets back to the person who asked, and only to them."""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from bot.errors import BurnbanError, DeliveryError, Doubtful, RecordError, Repeated, UserError
from bot.ports import Clock, Rendered, Renderer

log = logging.getLogger(__name__)

Facts = Mapping[str, Any]
View = Mapping[str, Any]
Tell = Callable[[str, str], None]
"""Say a sentence, with an example or what to do next."""


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
    """What every handler needs: work on a thread after the acknowledgement, and answer.

    `openers` do nothing but open modals, whose triggers live three seconds: they never wait for a
    database, nor behind those who do. Answers are worked out one at a time (`turn`): several at
    once take the interpreter away from acknowledgements (measured with 32 commands at once: p99
    157 ms instead of 35 ms), and none is ready sooner for it."""

    renderer: Renderer
    respond: Respond
    views: Views
    clock: Clock
    workers: ThreadPoolExecutor
    openers: ThreadPoolExecutor
    turn: threading.Lock = field(default_factory=threading.Lock)

    def later(self, url: str, work: Callable[[], None]) -> None:
        """Run `work` after the acknowledgement; whatever goes wrong is told to the person."""
        self.workers.submit(_guarded, partial(self._apologise, url), work)

    def modal(self, trigger: str, url: str, title: str, fill: Callable[[], View]) -> None:
        """Open a modal at once; what `fill` comes to, or why it cannot, follows into it."""

        def opening() -> None:
            try:
                view_id = self.views.open(trigger, self._waiting(title))
            except DeliveryError as error:
                raise UserError(f"Slack did not open the form ({error}).", "try again") from error
            tell = partial(self._explain, view_id, title)
            self.workers.submit(_guarded, tell, lambda: self.views.update(view_id, fill()))

        self.openers.submit(_guarded, partial(self._apologise, url), opening)

    def say(self, url: str, template: str, facts: Facts, *, replace: bool = False) -> None:
        """Answer with a message that only the person sees. An answer that does not arrive is no
        failure of what was asked for: it is logged."""
        self.show(url, template, lambda: facts, replace=replace)

    def show(
        self, url: str, template: str, read: Callable[[], Facts], *, replace: bool = False
    ) -> None:
        """The same with facts that have to be read first."""
        if not url:
            return
        with self.turn:
            message = self.renderer.message(template, read())
        try:
            self.respond(url, message, replace=replace)
        except DeliveryError as error:
            log.warning("an answer could not be delivered: %s", error)

    def tell(
        self, url: str, text: str, *, ok: bool = True, example: str = "", then: str = ""
    ) -> None:
        """Answer in a sentence."""
        self.say(url, "answer", {"text": text, "ok": ok, "example": example, "next": then})

    def now(self) -> datetime:
        """The time of the domain."""
        return self.clock.now()

    def _apologise(self, url: str, sentence: str, example: str) -> None:
        self.tell(url, sentence, ok=False, example=example)

    def _explain(self, view_id: str, title: str, sentence: str, example: str) -> None:
        text = f"{sentence} ({example})" if example else sentence
        self.views.update(view_id, self._waiting(title, text))

    def _waiting(self, title: str, text: str = "") -> View:
        return self.renderer.view("loading_modal", {"title": title, "text": text})


def request_key(body: Mapping[str, Any]) -> str:
    """What makes a request that one request: Slack repeats it unchanged."""
    user = body.get("user_id") or body.get("user", {}).get("id", "")
    mark = body.get("trigger_id") or body.get("view", {}).get("id", "") or str(sorted(body.items()))
    return hashlib.sha256(f"{user}:{mark}".encode()).hexdigest()


def _guarded(tell: Tell, work: Callable[[], None]) -> None:
    """Run `work`; an error becomes a sentence. The last stop before the thread's end."""
    try:
        problem = _problem(work)
        if problem is not None:
            tell(*problem)
    except BurnbanError as error:
        log.warning("an answer could not be delivered: %s", error)
    except Exception:
        log.exception("an answer could not be made")


def _problem(work: Callable[[], None]) -> tuple[str, str] | None:
    try:
        work()
    except UserError as error:
        return error.sentence, error.example
    except Repeated:
        log.info("a repeated request was ignored")
    except Doubtful as error:
        log.warning("the outcome of a request is not known: %s", error)
        sentence = "The database went away while it stored this: it may have taken effect."
        return sentence, "look at `/budget history` before you try again"
    except RecordError as error:
        log.warning("a request met a database that does not answer: %s", error)
        return "The database does not answer, so nothing has changed.", "try again in a minute"
    except DeliveryError as error:
        log.warning("an answer could not be delivered: %s", error)
    except BurnbanError as error:
        log.warning("a request failed: %s", error)
        return f"That did not work: {error}", ""
    except Exception:
        log.exception("a request failed in a way nobody foresaw")
        sentence = "Something went wrong on my side; the operators find it in the log."
        return sentence, "look at `/budget history` to see whether it took effect"
    return None
