"""Buttons and modals: each click handed to its flow, answered to the person alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.decide.approval import Choice, Wish
from bot.decide.freeze import Ending
from bot.decide.people import Actor, Door
from bot.entrypoints.grammar import page_number
from bot.entrypoints.grammar_history import history
from bot.entrypoints.moments import whole
from bot.entrypoints.plain import plain, visible
from bot.entrypoints.slack_commands import Commands
from bot.entrypoints.slack_reply import Desk, request_key
from bot.errors import UserError
from bot.flow.acknowledge import Acknowledge
from bot.flow.answer import Answer
from bot.flow.ask import Plea
from bot.flow.browse import Browse
from bot.flow.vote import CastVote


@dataclass(frozen=True)
class Actions:
    """What happens behind each button."""

    desk: Desk
    commands: Commands
    answer: Answer
    browse: Browse
    vote: CastVote
    acknowledge: Acknowledge

    def approve(self, body: Mapping[str, Any]) -> None:
        """A click on Approve."""
        self._vote(body, Choice.APPROVE)

    def deny(self, body: Mapping[str, Any]) -> None:
        """A click on Deny."""
        self._vote(body, Choice.DENY)

    def _vote(self, body: Mapping[str, Any], choice: Choice) -> None:
        request = _number(_value(body), "request")
        ruling = self.vote.run(request, str(body["user"]["id"]), choice, request_key(body))
        facts = {"text": ruling.sentence, "ok": ruling.counts, "example": "", "next": ""}
        self.desk.say(_url(body), "answer", facts)

    def acknowledged(self, body: Mapping[str, Any]) -> None:
        """A click on Acknowledge."""
        episode = _number(_value(body), "warning")
        sentence = self.acknowledge.run(episode, actor(body), request_key(body))
        self.desk.tell(_url(body), sentence)

    def details(self, body: Mapping[str, Any]) -> None:
        """A click on Details: a modal that opens at once and is filled when the figures are in."""

        def fill() -> Mapping[str, Any]:
            self._admit(body)
            facts = self.answer.details(_number(_value(body), "warning"))
            return self.desk.renderer.view("details_modal", facts)

        self.desk.modal(str(body.get("trigger_id", "")), _url(body), "Details", fill)

    def ask_freeze(self, body: Mapping[str, Any]) -> None:
        """A click on "Request a freeze": the form, with the service or the scope filled in."""
        value = _value(body)
        preset = value if value.startswith(("service:", "team:")) else f"service:{value}"
        trigger, url = str(body.get("trigger_id", "")), _url(body)
        user = str(body["user"]["id"])
        self.commands.open_form(Wish.FREEZE, trigger, url, user, preset)

    def page(self, body: Mapping[str, Any]) -> None:
        """Another page of the status table, in place of the present one."""
        self._admit(body)
        word, _, number = _value(body).partition("|")
        read = partial(self.answer.status, word or "all", page_number(number))
        self.desk.show(_url(body), "status", read, replace=True)

    def filter(self, body: Mapping[str, Any]) -> None:
        """Another part of the status table."""
        self._admit(body)
        read = partial(self.answer.status, _value(body) or "all")
        self.desk.show(_url(body), "status", read, replace=True)

    def older(self, body: Mapping[str, Any]) -> None:
        """Another page of the history: the button bears the words that ask for it."""
        self._admit(body)
        words = _value(body).replace("|", " before ").split()
        asked = history(words, self.desk.now()).question
        self.desk.show(_url(body), "history", partial(self.browse.page, asked), replace=True)

    def _admit(self, body: Mapping[str, Any]) -> None:
        self.commands.readers.admit(str(body["user"]["id"]))

    def form(self, body: Mapping[str, Any], wish: Wish, zone: str) -> Callable[[], Plea]:
        """What a submitted form asks for. Raises Misfilled naming the field; what needs the
        database is left to the returned function, which is called after the acknowledgement."""
        state = body["view"]["state"]["values"]
        reason = plain(_field(state, "reason")).strip()
        if not visible(reason):
            raise Misfilled("reason", "Others will read it: say why in a few words.")
        if wish is Wish.UNFREEZE:
            chosen = _field(state, "freeze")
            if not chosen:
                raise Misfilled("freeze", "Choose the freeze to lift.")
            return lambda: self._lift(_number(chosen, "freeze"), reason)
        if not (word := _field(state, "scope")):
            raise Misfilled("scope", "Choose what is to stop.")
        until = self._ending(_field(state, "until"), zone)
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


class Misfilled(UserError):
    """A field of a form needs another look; the modal stays open and says so beside it."""

    def __init__(self, block: str, sentence: str) -> None:
        self.block = block
        super().__init__(sentence)


def actor(body: Mapping[str, Any]) -> Actor:
    """Who clicked."""
    user = body["user"]
    name = plain(user.get("name") or user.get("username") or "")
    return Actor(str(user["id"]), name, Door.SLACK)


def _value(body: Mapping[str, Any]) -> str:
    action = body["actions"][0]
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or "")


def _url(body: Mapping[str, Any]) -> str:
    return str(body.get("response_url") or "")


def _number(value: str, what: str) -> int:
    if not value.isdecimal() or len(value) > 18:
        raise UserError(f"I do not know this {what} any more.", "/budget status")
    return int(value)


def _field(state: Mapping[str, Any], block: str) -> str:
    """The value of an input, whichever element it is."""
    for element in state.get(block, {}).values():
        chosen = element.get("selected_option") or {}
        return str(element.get("value") or chosen.get("value") or "")
    return ""
