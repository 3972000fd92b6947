"""The parts that speak with Slack."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from slack_bolt import App
from slack_sdk import WebClient

from bot.clock import SystemClock, monotonic
from bot.config import Settings, need_slack, templates_folder
from bot.entrypoints.slack_actions import Actions
from bot.entrypoints.slack_app import build_app
from bot.entrypoints.slack_budgets import Budgets
from bot.entrypoints.slack_commands import Commands
from bot.entrypoints.slack_freezes import FreezeWords
from bot.entrypoints.slack_overrides import Overrides
from bot.entrypoints.slack_policies import PolicyWords
from bot.entrypoints.slack_readers import Readers
from bot.entrypoints.slack_releases import Releases
from bot.entrypoints.slack_reply import Desk
from bot.entrypoints.slack_votes import Votes
from bot.flow.adjust.request import AskToAdjust
from bot.flow.ask.all import VoteOnAll
from bot.flow.ask.vote import CastVote
from bot.flow.freeze.edit import EditFreeze
from bot.flow.poll.acknowledge import Acknowledge
from bot.flow.show.explain import Explain
from bot.flow.show.waiting import ShowWaiting
from bot.flow.tell.deliver import Deliver
from bot.flow.tell.sweep import Sweep
from bot.notify.oncall import OnCallDirectory
from bot.notify.render import TemplateRenderer
from bot.notify.replying import Modals, Responder
from bot.notify.slack import SlackMessenger, build_client
from bot.ports import Directory
from bot.wiring.advising import model_words
from bot.wiring.core import Core
from bot.wiring.deciding import override_flows, take_back
from bot.wiring.outside import with_hooks
from bot.wiring.people import live, remembered
from bot.wiring.policy_commands import backtest_of, tried

TIMEOUT = 5
"""Seconds for one request to Slack; a third of an outbox lease."""

WORKERS, OPENERS = 4, 4
"""Threads that work out answers, and that open modals. More of them take the interpreter away from
acknowledgements: with 16 workers their p99 was a quarter longer."""


@dataclass(frozen=True)
class Chat:
    """Slack, ready to talk to and to listen."""

    client: WebClient
    renderer: TemplateRenderer
    directory: OnCallDirectory
    """Live: what it says is decided upon."""
    shown: Directory
    """The same as it was at most five minutes ago."""
    deliver: Deliver
    sweep: Sweep
    workers: ThreadPoolExecutor
    openers: ThreadPoolExecutor


def renderer(settings: Settings) -> TemplateRenderer:
    """The built-in templates, with the user's own in front of them."""
    own = [settings.templates] if settings.templates else []
    return TemplateRenderer([*own, templates_folder()])


def chat(core: Core) -> Chat:
    """Build what delivers and asks. Raises ConfigError without a token."""
    need_slack(core.settings)
    client = client_of(core.settings)
    rendering = renderer(core.settings)
    rendered, messenger = with_hooks(core, rendering, SlackMessenger(client))
    # Leases and pauses are a matter of the machine's time, also when the day is replayed.
    wall = SystemClock()
    worker = f"{socket.gethostname()}:{os.getpid()}"
    ops = core.settings.ops_channel
    directory = live(client, core.catalog, core.clock.now)
    return Chat(
        client,
        rendering,
        directory,
        remembered(directory),
        Deliver(core.record, wall, rendered, messenger, worker, ops, monotonic),
        Sweep(core.record, wall, messenger),
        ThreadPoolExecutor(WORKERS, "work"),
        ThreadPoolExecutor(OPENERS, "open"),
    )


def client_of(settings: Settings) -> WebClient:
    """A client that never posts twice by itself."""
    token = settings.slack_bot_token
    return build_client(token.get_secret_value() if token else "", settings.slack_api_url, TIMEOUT)


def bolt(core: Core, parts: Chat) -> App:
    """The Bolt app with everything behind its buttons."""
    settings = core.settings
    desk = Desk(
        parts.renderer,
        Responder(settings.slack_api_url),
        Modals(parts.client),
        core.clock,
        parts.workers,
        parts.openers,
    )
    ops = settings.ops_channel
    ask = core.ask(parts.directory)
    readers = Readers(parts.directory, monotonic)
    commands = Commands(
        desk, core.answer, core.browse, ask, parts.directory, readers, core.record, core.catalog,
        FreezeWords(desk, core.survey, EditFreeze(ask), readers),
        Budgets(desk, AskToAdjust(ask), core.adjustments, core.reports),
        Overrides(desk, override_flows(core, parts.directory), readers),
        core.gate.words, policy_words(core, parts, desk),
        model_words(core, parts.directory, desk),
        Releases(desk, core.releases, core.gate.api.note, readers, core.tradeoff),
    )  # fmt: skip
    cast = CastVote(core.record, core.clock, core.catalog, parts.directory, ops)
    listing = ShowWaiting(core.record, core.clock, core.catalog)
    votes = Votes(desk, cast, take_back(core), VoteOnAll(cast), listing, readers)
    acknowledge = Acknowledge(
        core.record, core.clock, core.catalog, parts.directory, core.answer, ops
    )
    actions = Actions(desk, commands, core.answer, core.browse, acknowledge)
    return build_app(parts.client, signing_secret(settings), desk, commands, actions, votes)


def policy_words(core: Core, parts: Chat, desk: Desk) -> PolicyWords:
    """What policies say and would have done; tried ones are read from the files as they are."""
    folder = core.settings.specs
    return PolicyWords(
        desk, Explain(core.catalog), backtest_of(core), lambda name: tried(folder, name),
        core.catalog, parts.directory,
    )  # fmt: skip


def signing_secret(settings: Settings) -> str:
    """What Slack signs its requests with; empty where Socket Mode needs none."""
    secret = settings.slack_signing_secret
    return secret.get_secret_value() if secret else ""
