"""`/override` in Slack: its words, its form, and the button that opens it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.decide.change import ChangeKind, read_release
from bot.decide.override import binds
from bot.decide.people import Actor
from bot.entrypoints.grammar_dispute import DisputeWords
from bot.entrypoints.grammar_override import Asking, Looking, OverridesOf, OverrideWords
from bot.entrypoints.override_words import OverrideFlows
from bot.entrypoints.plain import plain, visible
from bot.entrypoints.slack_body import Misfilled, actor, field_of, url_of, value_of
from bot.entrypoints.slack_readers import Readers
from bot.entrypoints.slack_reply import Desk, request_key
from bot.errors import UserError

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Overrides:
    """What happens behind them."""

    desk: Desk
    flows: OverrideFlows
    readers: Readers

    def handle(
        self, words: Asking | DisputeWords | Looking, who: Actor, url: str, once: str
    ) -> None:
        """What was typed."""
        if isinstance(words, Looking):
            self.look(words, who.id, url)
        else:
            self.obey(words, who, url, once)

    def obey(self, words: Asking | DisputeWords, who: Actor, url: str, once: str) -> None:
        """Do what the words say, and say what came of it."""
        outcome = self.flows.obey(words, who, once)
        self.desk.tell(url, outcome.sentence, then=outcome.next)

    def look(self, question: Looking, user: str, url: str) -> None:
        """Answer a question."""
        self.readers.admit(user)
        listing = self.flows.listing
        if isinstance(question, OverridesOf):
            self.desk.show(url, "overrides", partial(listing.overrides, question.word))
        else:
            self.desk.show(url, "reviews", listing.reviews)

    def button(self, body: Body) -> None:
        """A click on "Ask for an override": the form, with the service filled in if it is one, and
        with the release where a single one was stopped."""
        trigger, user = str(body.get("trigger_id", "")), str(body["user"]["id"])
        service, _, release = value_of(body).partition("|")
        self.open_form(trigger, url_of(body), user, service, release)

    def open_form(
        self, trigger: str, url: str, user: str, preset: str = "", release: str = ""
    ) -> None:
        """The modal; its private metadata is the way back to the person."""

        def fill() -> Mapping[str, Any]:
            self.readers.admit(user)
            facts = {
                "services": self._frozen(preset),
                "kinds": [str(kind) for kind in ChangeKind],
                "preset": preset,
                "release": release,
            }
            view = self.desk.renderer.view("override_modal", facts)
            return {**view, "private_metadata": url}

        self.desk.modal(trigger, url, "Ask for an override", fill)

    def submitted(self, body: Body) -> Callable[[], None]:
        """A submitted form: the request, to be made after the acknowledgement. Raises Misfilled."""
        state = body["view"]["state"]["values"]
        url = str(body["view"].get("private_metadata") or "")
        words = _read(state)
        who, key = actor(body), request_key(body)
        return partial(self.desk.later, url, partial(self.obey, words, who, url, key))

    def _frozen(self, first: str) -> list[str]:
        """The services whose releases a freeze stops now; the one that is asked for first."""
        now, catalog = self.desk.now(), self.flows.catalog()
        standing = self.flows.record.read(lambda books: books.freezes.standing(now))
        scopes = [freeze.scope for freeze in standing if binds(freeze, now)]
        found = (n for n in catalog.services if any(catalog.covers(s, n) for s in scopes))
        return sorted(found, key=lambda name: (name != first, name))


def _read(state: Mapping[str, Any]) -> OverrideWords:
    reason = plain(field_of(state, "reason")).strip()
    if not visible(reason):
        raise Misfilled("reason", "Others will read it: say why in a few words.")
    service, release = field_of(state, "service"), field_of(state, "release").strip()
    if not service:
        raise Misfilled("service", "Choose the service.")
    kind = field_of(state, "kind")
    if kind not in list(ChangeKind):
        raise Misfilled("kind", "Choose what kind of change it is.")
    try:
        read_release(service, release, ChangeKind(kind))
    except UserError as error:
        raise Misfilled("release", error.sentence.replace("`", "'")) from error
    ticket = plain(field_of(state, "ticket")).strip()
    return OverrideWords(f"service:{service}", release, reason, ChangeKind(kind), ticket)
