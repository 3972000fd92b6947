"""What people do on the page: type, click, submit, dismiss."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from bot.playground.model import Json
from bot.playground.sender import Outcome, Sender
from bot.playground.state import Entered
from bot.playground.web import from_this_page
from bot.playground.workspace import Workspace


class Act(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    user: str


class Said(Act):
    channel: str
    text: str
    thread_ts: str = ""


class Click(Act):
    """A click in a message (`channel` and `ts`) or in a view (`view_id`)."""

    action_id: str
    block_id: str = ""
    channel: str = ""
    ts: str = ""
    view_id: str = ""
    value: str | list[str] | None = None
    entered: Entered = {}


class Submit(Act):
    view_id: str
    entered: Entered = {}


class Close(Act):
    view_id: str


class Dismiss(Act):
    ts: str


def act_routes(workspace: Workspace, sender: Callable[[], Sender]) -> APIRouter:
    """`sender` is asked for at each act, because it is made after the routes."""
    router = APIRouter(prefix="/web", dependencies=[Depends(from_this_page)])

    @router.post("/say")
    def say(said: Said) -> Json:
        return _told(sender().say(said.user, said.channel, said.text, said.thread_ts))

    @router.post("/click")
    def click(act: Click) -> Json:
        return _told(_click(sender(), act))

    @router.post("/submit")
    def submit(act: Submit) -> Json:
        return _told(sender().submit(act.user, act.view_id, act.entered))

    @router.post("/close")
    def close(act: Close) -> Json:
        return _told(sender().close(act.user, act.view_id))

    @router.post("/dismiss")
    def dismiss(act: Dismiss) -> Json:
        workspace.dismiss(act.user, act.ts)
        return _told(Outcome())

    @router.post("/home")
    def home(act: Act) -> Json:
        sender().open_home(act.user)
        return _told(Outcome())

    return router


def _click(sender: Sender, act: Click) -> Outcome:
    if act.view_id:
        return sender.click_in_view(
            act.user,
            act.view_id,
            act.action_id,
            block_id=act.block_id,
            value=act.value,
            entered=act.entered,
        )
    return sender.click(
        act.user,
        act.channel,
        act.ts,
        act.action_id,
        block_id=act.block_id,
        value=act.value,
        entered=act.entered,
    )


def _told(outcome: Outcome) -> Json:
    return {"ok": outcome.ok, "error": outcome.error, "notes": outcome.notes}
