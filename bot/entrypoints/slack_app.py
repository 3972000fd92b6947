"""The Bolt app: every request is acknowledged first and worked on afterwards."""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient

from bot.decide.approval import Wish
from bot.entrypoints.slack_actions import Actions
from bot.entrypoints.slack_body import Misfilled, actor
from bot.entrypoints.slack_commands import COMMANDS, Commands
from bot.entrypoints.slack_reply import Desk, request_key
from bot.entrypoints.slack_votes import Votes

log = logging.getLogger(__name__)

Body = dict[str, Any]


def build_app(
    client: WebClient,
    signing_secret: str,
    desk: Desk,
    commands: Commands,
    actions: Actions,
    votes: Votes,
) -> App:
    """The app with everything behind its commands, buttons and forms. `client` bears the token."""
    # Bolt's loggers take their level from this one. Below ERROR they repeat what was sent to us.
    quiet = logging.getLogger("burnban.bolt")
    quiet.setLevel(logging.ERROR)
    app = App(
        logger=quiet,
        client=client,  # asks auth.test once, here: no request waits for Slack before its ack
        signing_secret=signing_secret,
        request_verification_enabled=bool(signing_secret),
        process_before_response=True,  # they only hand over: no thread, and no wait for one
        raise_error_for_unhandled_request=False,
    )
    for spec in COMMANDS:
        app.command(spec.name)(_command(commands))
    for name, click in _clicks(commands, actions, votes).items():
        app.action(name)(_action(desk, click, opens=name in OPENS))
    for callback, wish in (("freeze", Wish.FREEZE), ("unfreeze", Wish.UNFREEZE)):
        app.view(callback)(_form(desk, commands, actions, wish))
    app.view("vote")(_submitted(votes.commented))
    app.view("override")(_submitted(commands.overrides.submitted))
    app.view("adjust")(_submitted(commands.budgets.submitted))
    app.error(_not_understood)
    return app


def _not_understood(error: Exception) -> BoltResponse:
    """A request whose listener failed before its acknowledgement: its form was not as expected."""
    log.error("a request could not be understood", exc_info=error)
    return BoltResponse(status=400, body="the request could not be understood")


OPENS = ("details", "ask_freeze", "ask_override", "more")
"""Buttons that open a modal."""


def _clicks(
    commands: Commands, actions: Actions, votes: Votes
) -> dict[str, Callable[[Body], None]]:
    return {
        "approve": votes.approve,
        "deny": votes.deny,
        "approve_all": votes.approve_all,
        "deny_all": votes.deny_all,
        "waiting": votes.waiting,
        "waiting_back": votes.waiting,
        "more": votes.more,
        "acknowledge": actions.acknowledged,
        "details": actions.details,
        "ask_freeze": actions.ask_freeze,
        "ask_override": commands.overrides.button,
        "page": actions.page,
        "page_back": actions.page,
        "filter": actions.filter,
        "take_task": commands.models.take,
        "start_pipeline": commands.models.start,
        "releases": commands.releases.page,
        "releases_back": commands.releases.page,
        "history": actions.older,
        "history_back": actions.older,
    }


def _command(commands: Commands) -> Callable[..., None]:
    def listener(ack: Callable[..., Any], body: Body) -> None:
        ack()
        commands.handle(body)

    return listener


def _action(desk: Desk, click: Callable[[Body], None], *, opens: bool) -> Callable[..., None]:
    def listener(ack: Callable[..., Any], body: Body) -> None:
        ack()
        if opens:
            click(body)  # only hands over
        else:
            desk.later(str(body.get("response_url") or ""), lambda: click(body))

    return listener


def _form(desk: Desk, commands: Commands, actions: Actions, wish: Wish) -> Callable[..., None]:
    def listener(ack: Callable[..., Any], body: Body) -> None:
        zone, _, url = str(body["view"].get("private_metadata") or "UTC|").partition("|")
        try:
            plea = actions.form(body, wish, zone)
        except Misfilled as error:
            ack(response_action="errors", errors={error.block: error.sentence})
            return
        ack()
        key = request_key(body)
        desk.later(url, lambda: commands.put(plea(), actor(body), url, key))

    return listener


def _submitted(read: Callable[[Body], Callable[[], None]]) -> Callable[..., None]:
    """A form: `read` takes it apart, or raises Misfilled; what it gives hands it over."""

    def listener(ack: Callable[..., Any], body: Body) -> None:
        try:
            hand_over = read(body)
        except Misfilled as error:
            ack(response_action="errors", errors={error.block: error.sentence})
            return
        ack()
        hand_over()

    return listener
