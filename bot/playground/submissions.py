"""What an app's answer to a submitted modal does to it."""

from __future__ import annotations

from bot.playground.modals import View
from bot.playground.model import Json, SlackError
from bot.playground.rules.surfaces import check_view
from bot.playground.workspace import Workspace


def apply_reply(workspace: Workspace, view: View, body: Json) -> dict[str, str]:
    """Carry out `response_action`; the answer maps block ids to their faults."""
    action = body.get("response_action")
    modals = workspace.modals
    with workspace.lock:
        if action is None:
            _close(workspace, view)
        elif action == "clear":
            modals.close(view.user, everything=True)
        elif action == "errors":
            return _errors(view, body.get("errors"))
        elif action == "update":
            modals.update(modals.find(view.id), check_view(body.get("view"), "modal"))
        elif action == "push":
            modals.push(view.user, check_view(body.get("view"), "modal"))
        else:
            raise SlackError("invalid_response_action")
    return {}


def _close(workspace: Workspace, view: View) -> None:
    top = workspace.modals.top(view.user)
    if top and top.id == view.id:
        workspace.modals.close(view.user)


def _errors(view: View, errors: object) -> dict[str, str]:
    inputs = {b["block_id"] for b in view.content["blocks"] if b.get("type") == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        # Slack shows only a general failure for a fault of a block that is no input.
        raise SlackError("invalid_errors")
    return {str(block): str(fault) for block, fault in errors.items()}
