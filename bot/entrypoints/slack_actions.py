"""Buttons and modals: each click handed to its flow, answered to the person alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.decide.approval import Wish
from bot.decide.freeze import Ending
from bot.entrypoints.grammar import page_number
from bot.entrypoints.grammar_history import history
from bot.entrypoints.moments import whole
from bot.entrypoints.plain import plain, visible
from bot.entrypoints.slack_body import (
    Misfilled,
    actor,
    field_of,
    number_of,
    url_of,
    value_of,
)
from bot.entrypoints.slack_commands import Commands
from bot.entrypoints.slack_reply import Desk, request_key
from bot.errors import UserError
from bot.flow.ask.request import Plea
from bot.flow.poll.acknowledge import Acknowledge
from bot.flow.show.answer import Answer
from bot.flow.show.browse import Browse


@dataclass(frozen=True)
class Actions:
    """What happens behind each button."""

    desk: Desk
    commands: Commands
    answer: Answer
    browse: Browse
    acknowledge: Acknowledge

    def acknowledged(self, body: Mapping[str, Any]) -> None:
        """A click on Acknowledge."""
        episode = number_of(value_of(body), "warning")
        sentence = self.acknowledge.run(episode, actor(body), request_key(body))
        self.desk.tell(url_of(body), sentence)

    def details(self, body: Mapping[str, Any]) -> None:
        """A click on Details: a modal that opens at once and is filled when the figures are in."""

        def fill() -> Mapping[str, Any]:
            self._admit(body)
            facts = self.answer.details(number_of(value_of(body), "warning"))
            return self.desk.renderer.view("details_modal", facts)

        self.desk.modal(str(body.get("trigger_id", "")), url_of(body), "Details", fill)

    def ask_freeze(self, body: Mapping[str, Any]) -> None:
        """A click on "Request a freeze": the form, with the service or the scope filled in."""
        value = value_of(body)
        preset = value if value.startswith(("service:", "team:")) else f"service:{value}"
        trigger, url = str(body.get("trigger_id", "")), url_of(body)
        user = str(body["user"]["id"])
        self.commands.open_form(Wish.FREEZE, trigger, url, user, preset)

    def page(self, body: Mapping[str, Any]) -> None:
        """Another page of the status table, in place of the present one."""
        self._admit(body)
        word, _, number = value_of(body).partition("|")
        read = partial(self.answer.status, word or "all", page_number(number))
        self.desk.show(url_of(body), "status", read, replace=True)

    def filter(self, body: Mapping[str, Any]) -> None:
        """Another part of the status table."""
        self._admit(body)
        read = partial(self.answer.status, value_of(body) or "all")
        self.desk.show(url_of(body), "status", read, replace=True)

    def older(self, body: Mapping[str, Any]) -> None:
        """Another page of the history: the button bears the words that ask for it."""
        self._admit(body)
        words = value_of(body).replace("|", " before ").split()
        try:
            asked = history(words, self.desk.now()).question
        except UserError:
            raise UserError("I do not know this page any more.", "/budget history") from None
        self.desk.show(url_of(body), "history", partial(self.browse.page, asked), replace=True)

    def _admit(self, body: Mapping[str, Any]) -> None:
        self.commands.readers.admit(str(body["user"]["id"]))

    def form(self, body: Mapping[str, Any], wish: Wish, zone: str) -> Callable[[], Plea]:
        """What a submitted form asks for. Raises Misfilled naming the field; what needs the
        database is left to the returned function, which is called after the acknowledgement."""
        state = body["view"]["state"]["values"]
        reason = plain(field_of(state, "reason")).strip()
        if not visible(reason):
            raise Misfilled("reason", "Others will read it: say why in a few words.")
        if wish is Wish.UNFREEZE:
            chosen = field_of(state, "freeze")
            if not chosen:
                raise Misfilled("freeze", "Choose the freeze to lift.")
            return lambda: self._lift(number_of(chosen, "freeze"), reason)
        if not (word := field_of(state, "scope")):
            raise Misfilled("scope", "Choose what is to stop.")
        until = self._ending(field_of(state, "until"), zone)
        return lambda: Plea(wish, self.commands.catalog().scope(word), reason, until)

    def _lift(self, number: int, reason: str) -> Plea:
        freeze = self.commands.record.read(lambda books: books.freezes.get(number))
        if freeze is None:
            raise UserError("I do not know this freeze any more.", "/budget status")
        return Plea(Wish.UNFREEZE, freeze.scope, reason, freeze=number)

    def _ending(self, text: str, zone: str) -> Ending | None:
        words = text.split()
        if words and words[0].lower() in ("for", "until"):
            words = words[1:]
        if not words:
            return None
        try:
            return whole(words, self.desk.now(), zone)
        except UserError as error:
            sentence = error.sentence.replace("`", "'")  # plain text, without marks
            raise Misfilled("until", f"{sentence} These work: {error.example}.") from error
