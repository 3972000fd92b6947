"""The slash commands: understood, handed to a flow, answered to the person alone."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.decide.people import Actor, Door
from bot.entrypoints.grammar import AskGate, Help, Question, Show, Status, parse
from bot.entrypoints.grammar_adjust import AdjustWords, ReadAdjustments
from bot.entrypoints.grammar_dispute import DisputeWords
from bot.entrypoints.grammar_freeze import (
    AskWords,
    EditWords,
    Form,
    ListFreezes,
    PreviewFreeze,
)
from bot.entrypoints.grammar_history import ReadHistory
from bot.entrypoints.grammar_models import ReadCanary, ReadTasks
from bot.entrypoints.grammar_override import Asking, Looking
from bot.entrypoints.grammar_policy import ExplainPolicy, TryPolicy
from bot.entrypoints.grammar_release import ReadReleases, ReleasedWords
from bot.entrypoints.grammar_report import ReadReport
from bot.entrypoints.grammar_tradeoff import WeighTradeoff
from bot.entrypoints.mended import at_home, mended
from bot.entrypoints.moments import ending, known_zone
from bot.entrypoints.plain import plain
from bot.entrypoints.slack_body import as_typed
from bot.entrypoints.slack_budgets import Budgets
from bot.entrypoints.slack_examples import EXAMPLES
from bot.entrypoints.slack_freezes import FreezeWords
from bot.entrypoints.slack_models import Models
from bot.entrypoints.slack_overrides import Overrides
from bot.entrypoints.slack_policies import PolicyWords
from bot.entrypoints.slack_readers import Readers
from bot.entrypoints.slack_releases import Releases
from bot.entrypoints.slack_reply import Desk, request_key
from bot.errors import DeliveryError, UserError
from bot.flow.ask.request import AskFor, Plea
from bot.flow.facts import scope_words
from bot.flow.gate.words import GateWords
from bot.flow.named import plea_of
from bot.flow.show.answer import Answer
from bot.flow.show.browse import Browse
from bot.judge.dates import instant
from bot.ports import Directory, Record


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A slash command as the manifest and the help describe it."""

    name: str
    summary: str
    usage: str


COMMANDS = (
    CommandSpec(
        "/budget",
        "See error budgets, their history, and help",
        "status | show <service> | gate <service> | history | adjust <what> from … to …"
        " | adjustments | releases | released <service> <version>"
        " | tradeoff <service> <version> | report | policy <service>"
        " | canary <service> | tasks | backtest [policy] [30d]",
    ),
    CommandSpec(
        "/freeze",
        "Stop releases of a service, a team or all",
        "<scope> [for 2h] <reason> | list | preview <scope> | edit <number> … | dispute <number> …",
    ),
    CommandSpec("/unfreeze", "Ask for a freeze to be lifted", "<scope|number> <reason>"),
    CommandSpec(
        "/override",
        "Ask to let one release through a freeze",
        "<service> <version|commit> [kind] [ticket] <reason> | list | revoke … | break-glass …",
    ),
    CommandSpec(
        "/release",
        "Tell the journal that a version serves, or ended",
        "note <service> <version> [share 10%|ended|rolled back|failed] [at 10:04]",
    ),
)

FORMS = {
    ("/freeze", ""): Wish.FREEZE,
    ("/unfreeze", ""): Wish.UNFREEZE,
    ("/override", ""): Wish.OVERRIDE,
    ("/budget", "adjust"): Wish.ADJUST,
}
"""Commands and words that open a form."""
TITLES = {
    Wish.FREEZE: "Freeze releases",
    Wish.UNFREEZE: "Lift a freeze",
    Wish.ADJUST: "Adjust a budget",
}


@dataclass(frozen=True)
class Commands:
    """What happens behind each slash command."""

    desk: Desk
    answer: Answer
    browse: Browse
    ask: AskFor
    directory: Directory
    readers: Readers
    record: Record
    catalog: Callable[[], Catalog]
    freezes: FreezeWords
    budgets: Budgets
    overrides: Overrides
    gate: GateWords
    policies: PolicyWords
    models: Models
    releases: Releases

    def handle(self, body: Mapping[str, Any]) -> None:
        """One slash command, just acknowledged; returns at once."""
        url, text = str(body.get("response_url", "")), as_typed(str(body.get("text", "")))
        wish = FORMS.get((str(body["command"]), text.strip().lower()))
        if wish is not None:
            # No need to understand it: the trigger lives three seconds.
            self.open_form(wish, str(body.get("trigger_id", "")), url, str(body["user_id"]))
            return
        self.desk.later(url, lambda: self._do(body, url, text))

    def _do(self, body: Mapping[str, Any], url: str, text: str) -> None:
        try:
            self._work(body, url, text)
        except UserError as error:
            raise mended(error, f"{body['command']} {text}", self.catalog().services) from error

    def _work(self, body: Mapping[str, Any], url: str, text: str) -> None:
        user = str(body["user_id"])
        timed = any(word in f"{body['command']} {text}".lower() for word in _TIMED)
        zone = self.zone(user) if timed else "UTC"
        command = parse(str(body["command"]), text, self.desk.now(), zone)
        if isinstance(command, Asking | DisputeWords | Looking):
            self.overrides.handle(command, _actor(body), url, request_key(body))
            return
        match command:
            case AskWords():
                plea = plea_of(
                    self.record, self.catalog(), command.wish, command.word, command.reason,
                    command.until,
                )  # fmt: skip
                self.put(plea, _actor(body), url, request_key(body))
            case AdjustWords() | ReleasedWords():
                self._said(command, _actor(body), url, request_key(body))
            case EditWords():
                self.freezes.edit(command, _actor(body), url, request_key(body))
            case ListFreezes() | PreviewFreeze():
                self.freezes.look(command, user, url)
            case Form():
                self.open_form(command.wish, str(body.get("trigger_id", "")), url, user)
            case Help():
                facts = help_facts(self.catalog().services, command.about)
                self.desk.say(url, "help", facts)
            case _:
                self.readers.admit(user)
                self._tell(command, user, url)

    def _said(self, words: AdjustWords | ReleasedWords, who: Actor, url: str, once: str) -> None:
        if isinstance(words, AdjustWords):
            self.budgets.adjust(words.wanted, who, url, once)
        else:
            self.releases.tell(words, who, url, once)

    def _tell(self, question: Question, user: str, url: str) -> None:
        match question:
            case Status():
                read = partial(self.answer.status, question.word, question.page)
                self.desk.show(url, "status", read)
            case Show() | AskGate():
                self._one(question, url)
            case ReadHistory():
                self.desk.show(url, "history", partial(self.browse.page, question.question))
            case ReadAdjustments() | ReadReport():
                self.budgets.look(question, url)
            case ReadReleases() | WeighTradeoff():
                self.releases.look(question, url)
            case ReadCanary() | ReadTasks():
                self.models.look(question, url)
            case ExplainPolicy() | TryPolicy():
                self.policies.look(question, user, url)

    def _one(self, question: Show | AskGate, url: str) -> None:
        """What is asked about a single service."""
        if isinstance(question, Show):
            self.desk.show(url, "show", partial(self.answer.show, question.service))
        else:
            read = partial(self.gate.facts, question.service, question.release)
            self.desk.show(url, "gate", read)

    def put(self, plea: Plea, actor: Actor, url: str, once: str) -> None:
        """Ask, and say what came of it. `once`: what makes this request that one request."""
        outcome = self.ask.run(plea, actor, once)
        ends = "" if outcome.freeze is not None else ending(plea.until)
        self.desk.tell(url, f"{outcome.sentence} {ends}".strip(), then=outcome.next)

    def open_form(self, wish: Wish, trigger: str, url: str, user: str, preset: str = "") -> None:
        """The modal; its private metadata carries the person's zone and the way back to them."""
        if wish is Wish.OVERRIDE:
            self.overrides.open_form(trigger, url, user, preset)
            return

        def fill() -> Mapping[str, Any]:
            self.readers.admit(user)
            zone = self.zone(user) if wish is not Wish.UNFREEZE else "UTC"
            return {**self._form(wish, zone, preset), "private_metadata": f"{zone}|{url}"}

        self.desk.modal(trigger, url, TITLES[wish], fill)

    def _form(self, wish: Wish, zone: str, preset: str) -> Mapping[str, Any]:
        if wish is Wish.ADJUST:
            return self.budgets.form(self.catalog(), zone)
        return self._freeze_form(zone, preset) if wish is Wish.FREEZE else self._lift_form()

    def _freeze_form(self, zone: str, preset: str) -> Mapping[str, Any]:
        catalog = self.catalog()
        facts = {
            # First what is filled in: a menu that is cut must still hold it.
            "services": sorted(catalog.services, key=lambda n: (f"service:{n}" != preset, n)),
            "teams": sorted(catalog.teams, key=lambda n: (f"team:{n}" != preset, n)),
            "preset": preset,
            "zone": zone,
        }
        return self.desk.renderer.view("freeze_modal", facts)

    def _lift_form(self) -> Mapping[str, Any]:
        now = self.desk.now()
        rows = [
            {"id": f.id, "scope": f"{f.effect} of {scope_words(f.scope)}", "reason": _said(f, now)}
            for f in self.freezes.survey.standing()
            if not f.monitored
        ]
        return self.desk.renderer.view("unfreeze_modal", {"freezes": rows})

    def zone(self, user: str) -> str:
        """The zone in which the person means their times; UTC if Slack does not say, or says one
        that is not known here."""
        try:
            return known_zone(self.directory.person(user).zone)
        except DeliveryError:
            return "UTC"


def _actor(body: Mapping[str, Any]) -> Actor:
    user = str(body["user_id"])
    return Actor(user, plain(body.get("user_name", user)), Door.SLACK)


def _said(freeze: Freeze, now: datetime) -> str:
    """Why, and for one that is still to come from when."""
    if freeze.in_force(now):
        return freeze.reason
    return f"from {instant(freeze.starts_at)}: {freeze.reason}"


def help_facts(services: Collection[str] = (), about: str = "") -> dict[str, Any]:
    """What `/budget help` shows, with examples about a service that there is. `about`: the one
    command that was asked for; empty: all of them."""
    found = [c for c in COMMANDS if about in ("", c.name)]
    examples = (one for one in EXAMPLES if not about or one.split()[0] == about)
    return {
        "commands": [
            {"name": c.name, "usage": f"{c.name} {c.usage}", "summary": c.summary} for c in found
        ],
        "examples": [at_home(example, services) for example in examples],
    }


_TIMED = ("until", "since", "edit", "from", "released", "/release ")
"""Words and commands that may name a time."""
