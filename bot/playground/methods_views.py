"""views.*: open, push, update, publish."""

from __future__ import annotations

from typing import Any

from bot.playground.arguments import Args
from bot.playground.method import Method, method
from bot.playground.modals import View
from bot.playground.model import Json, SlackError
from bot.playground.rules.surfaces import check_view
from bot.playground.workspace import Workspace


def open_view(workspace: Workspace, args: Args) -> Json:
    content = _modal(args)
    user = workspace.modals.use_trigger(_trigger(args))
    return _answer(workspace, workspace.modals.open(user, content))


def push(workspace: Workspace, args: Args) -> Json:
    content = _modal(args)
    user = workspace.modals.use_trigger(_trigger(args))
    return _answer(workspace, workspace.modals.push(user, content))


def update(workspace: Workspace, args: Args) -> Json:
    content = check_view(_view(args))
    if not args.has("view_id") and not args.has("external_id"):
        raise SlackError("invalid_arguments", messages=["view_id or external_id is required"])
    view = workspace.modals.find(args.text("view_id"), args.text("external_id"))
    return _answer(workspace, workspace.modals.update(view, content, args.text("hash")))


def publish(workspace: Workspace, args: Args) -> Json:
    content = check_view(_view(args), "home")
    user = workspace.user(args.text("user_id"))
    return _answer(workspace, workspace.modals.publish(user.id, content, args.text("hash")))


def _modal(args: Args) -> Json:
    return check_view(_view(args), "modal")


def _view(args: Args) -> Any:
    return args.structure("view", "invalid_arguments")


def _trigger(args: Args) -> str:
    if not args.has("trigger_id"):
        raise SlackError("invalid_arguments", messages=["missing required field: trigger_id"])
    return args.text("trigger_id")


def _answer(workspace: Workspace, view: View) -> Json:
    bot = workspace.bot
    return {"view": view.as_slack(workspace.team.id, bot.bot_id, bot.app_id)}


_OPEN = "trigger_id interactivity_pointer"
METHODS: dict[str, Method] = {
    "views.open": method(open_view, "view", _OPEN, tier=4),
    "views.push": method(push, "view", _OPEN, tier=4),
    "views.update": method(update, "view", "view_id external_id hash", tier=4),
    "views.publish": method(publish, "view user_id", "hash", tier=4),
}
