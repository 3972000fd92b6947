"""The slash commands: understood, handed to a flow, answered to the person alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.people import Actor, Door
from bot.entrypoints.grammar import (
    AskWords,
    Command,
    Form,
    Help,
    ReadHistory,
    Show,
    Status,
    parse,
)
from bot.entrypoints.slack_reply import Desk
from bot.errors import DeliveryError
from bot.flow.answer import Answer
from bot.flow.ask import AskFor, Plea
from bot.flow.facts import scope_words
from bot.ports import Directory, Record


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A slash command as the manifest and the help describe it."""

    name: str
    summary: str
    usage: str


COMMANDS = (
    CommandSpec(
        "/budget", "See error budgets, their history, and help", "status | show <service> | history"
    ),
    CommandSpec(
        "/freeze", "Stop releases of a service, a team or all", "<scope> [for 2h] <reason>"
    ),
    CommandSpec("/unfreeze", "Ask for a freeze to be lifted", "<scope> <reason>"),
)


@dataclass(frozen=True)
class Commands:
    """What happens behind each slash command."""

    desk: Desk
    answer: Answer
    ask: AskFor
    directory: Directory
    record: Record
    catalog: Callable[[], Catalog]

    def handle(self, body: Mapping[str, Any]) -> None:
        """One slash command; called after the acknowledgement."""
        url = str(body.get("response_url", ""))
        user, text = str(body["user_id"]), str(body.get("text", ""))
        zone = self._zone(user) if "until" in text.lower() else "UTC"
        command = parse(str(body["command"]), text, self.desk.now(), zone)
        actor = Actor(user, str(body.get("user_name", user)), Door.SLACK)
        self.run(command, actor, url, str(body.get("trigger_id", "")))

    def run(self, command: Command, actor: Actor, url: str, trigger: str) -> None:
        """Carry out an understood command."""
        match command:
            case Status():
                self.desk.say(url, "status", self.answer.status(command.word, command.page))
            case Show():
                self.desk.say(url, "show", self.answer.show(command.service))
            case ReadHistory():
                self.desk.say(url, "history", self.answer.history(command.word))
            case Help():
                self.desk.say(url, "help", help_facts())
            case Form():
                self.open_form(command.wish, trigger, url, actor.id)
            case AskWords():
                scope = self.catalog().scope(command.word)
                self.put(Plea(command.wish, scope, command.reason, command.until), actor, url)

    def put(self, plea: Plea, actor: Actor, url: str) -> None:
        """Ask, and say what came of it."""
        outcome = self.ask.run(plea, actor)
        self.desk.tell(url, outcome.sentence, then=outcome.next)

    def open_form(self, wish: Wish, trigger: str, url: str, user: str, preset: str = "") -> None:
        """The modal; its private metadata carries the person's zone and the way back to them."""
        catalog = self.catalog()
        zone = self._zone(user) if wish is Wish.FREEZE else "UTC"
        back = f"{zone}|{url}"
        if wish is Wish.FREEZE:
            facts = {
                "services": sorted(catalog.services),
                "teams": sorted(catalog.teams),
                "preset": preset,
                "zone": zone,
            }
            view = self.desk.renderer.view("freeze_modal", facts)
            self.desk.views.open(trigger, {**view, "private_metadata": back})
            return
        # The trigger lives three seconds; the database may take longer.
        waiting = self.desk.renderer.view("loading_modal", {"title": "Lift a freeze"})
        opened = self.desk.views.open(trigger, waiting)
        now = self.desk.now()
        freezes = self.record.read(lambda books: books.freezes.standing(now))
        rows = [{"id": f.id, "scope": scope_words(f.scope), "reason": f.reason} for f in freezes]
        view = self.desk.renderer.view("unfreeze_modal", {"freezes": rows})
        self.desk.views.update(opened, {**view, "private_metadata": back})

    def _zone(self, user: str) -> str:
        """The zone in which the person means their times; UTC if Slack does not say."""
        try:
            return self.directory.person(user).zone
        except DeliveryError:
            return "UTC"


def help_facts() -> dict[str, Any]:
    """What `/budget help` shows."""
    return {
        "commands": [
            {"name": c.name, "usage": f"{c.name} {c.usage}", "summary": c.summary} for c in COMMANDS
        ],
        "examples": [
            "/budget status",
            "/budget show ranker",
            "/freeze ranker for 2h version 38 looks wrong",
            "/unfreeze ranker version 38 is rolled back",
        ],
    }
