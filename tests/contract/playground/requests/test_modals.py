"""Modals as Bolt knows them: submitted, refused, changed, closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from slack_sdk import WebClient

from bot.playground.seed import LEAD
from tests.contract.playground.requests.conftest import ROOM, Room, both_ways, plain

REASON = {
    "type": "input",
    "block_id": "reason",
    "label": plain("Why"),
    "element": {"type": "plain_text_input", "action_id": "text"},
}


def modal(title: str, **fields: Any) -> dict[str, Any]:
    base = {"type": "modal", "callback_id": "ask", "title": plain(title), "submit": plain("Ask")}
    return {**base, "blocks": [REASON], **fields}


def opened(room: Room, view: dict[str, Any]) -> str:
    @room.app.command("/freeze")
    def freeze(ack: Any, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=view)

    room.sender.say(LEAD.id, ROOM, "/freeze")
    modals = room.workspace.modals
    assert room.workspace.wait_until(lambda: modals.top(LEAD.id) is not None)
    return modals.stack(LEAD.id)[-1].id


@both_ways
def test_a_submitted_modal_tells_what_was_entered_and_closes(room: Room) -> None:
    heard: list[dict[str, Any]] = []

    @room.app.view("ask")
    def ask(ack: Any, view: dict[str, Any]) -> None:
        heard.append(view)
        ack()

    view_id = opened(room, modal("First", private_metadata="m"))
    assert room.sender.submit(LEAD.id, view_id, {"reason": {"text": "because"}}).ok
    assert heard[0]["state"]["values"]["reason"]["text"]["value"] == "because"
    assert heard[0]["private_metadata"] == "m"
    assert room.top(LEAD.id) is None


def test_an_empty_required_input_is_not_sent(room: Room) -> None:
    view_id = opened(room, modal("First"))
    outcome = room.sender.submit(LEAD.id, view_id, {})
    assert outcome.notes == {"reason": "This is a required field"}


@both_ways
def test_errors_stay_in_the_modal(room: Room) -> None:
    room.app.view("ask")(lambda ack: ack(response_action="errors", errors={"reason": "More."}))
    view_id = opened(room, modal("First"))
    outcome = room.sender.submit(LEAD.id, view_id, {"reason": {"text": "x"}})
    assert (outcome.ok, outcome.notes) == (False, {"reason": "More."})
    assert room.top(LEAD.id) == "First"


def test_errors_of_a_block_that_is_no_input_fail(room: Room) -> None:
    room.app.view("ask")(lambda ack: ack(response_action="errors", errors={"else": "More."}))
    view_id = opened(room, modal("First"))
    assert room.sender.submit(LEAD.id, view_id, {"reason": {"text": "x"}}).error == "invalid_errors"


def test_a_modal_may_be_updated_pushed_and_cleared(room: Room) -> None:
    answers: Iterator[dict[str, Any]] = iter(
        [
            {"response_action": "update", "view": modal("Second")},
            {"response_action": "push", "view": modal("Third")},
            {"response_action": "clear"},
        ]
    )
    room.app.view("ask")(lambda ack: ack(**next(answers)))
    opened(room, modal("First"))
    titles = []
    for _ in range(3):
        top = room.workspace.modals.stack(LEAD.id)[-1]
        room.sender.submit(LEAD.id, top.id, {"reason": {"text": "x"}})
        titles.append(room.top(LEAD.id))
    assert titles == ["Second", "Third", None]


def test_a_closed_modal_is_told_if_it_asks_for_it(room: Room) -> None:
    closed = threading.Event()

    @room.app.view_closed("ask")
    def gone(ack: Any) -> None:
        ack()
        closed.set()

    room.sender.close(LEAD.id, opened(room, modal("First", notify_on_close=True)))
    assert closed.wait(5)
    assert room.top(LEAD.id) is None
