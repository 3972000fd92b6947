"""What the playground sends at a command or a click is what Bolt takes for Slack."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient

from bot.playground.seed import LEAD, ONCALL, SCIENTIST
from tests.contract.playground.requests.conftest import BUTTONS, ROOM, Room, both_ways


@both_ways
def test_a_command_is_acknowledged_with_words_for_its_user_only(room: Room) -> None:
    @room.app.command("/budget")
    def budget(ack: Any, command: dict[str, str]) -> None:
        ack(f"{command['text']} for {command['user_name']} in {command['channel_name']}")

    assert room.sender.say(SCIENTIST.id, ROOM, "/budget status all").ok
    assert room.whispers(SCIENTIST.id) == ["status all for mira in ml-ranking"]
    assert room.whispers(LEAD.id) == []


def test_a_command_may_be_answered_in_the_channel(room: Room) -> None:
    room.app.command("/budget")(
        lambda ack: ack(response_type="in_channel", text="t", blocks=BUTTONS)
    )
    room.sender.say(SCIENTIST.id, ROOM, "/budget")
    assert room.workspace.messages(ROOM)[0].blocks[0]["block_id"] == "row"


def test_an_escaped_command_carries_ids(room: Room) -> None:
    room.app.command("/freeze")(lambda ack, command: ack(command["text"]))
    room.sender.say(SCIENTIST.id, ROOM, "/freeze ask @jonas <now>")
    assert room.whispers(SCIENTIST.id) == [f"ask <@{ONCALL.id}|jonas> &lt;now&gt;"]


@both_ways
def test_a_command_that_nobody_acknowledges_fails_aloud(room: Room) -> None:
    assert not room.sender.say(SCIENTIST.id, ROOM, "/budget").ok
    assert "/budget failed" in room.whispers(SCIENTIST.id)[0]


def test_an_unknown_command_is_no_command(room: Room) -> None:
    room.sender.say(SCIENTIST.id, ROOM, "/nonsense")
    assert room.whispers(SCIENTIST.id) == ["`/nonsense` is not a valid command."]


def test_a_command_does_not_work_in_a_thread(room: Room) -> None:
    room.sender.say(SCIENTIST.id, ROOM, "/budget", thread_ts=room.post())
    assert room.whispers(SCIENTIST.id) == ["`/budget` is not supported in threads. Sorry!"]


@both_ways
def test_a_click_tells_the_message_and_the_button(room: Room) -> None:
    heard: list[dict[str, Any]] = []

    @room.app.action("go")
    def go(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        heard.append(body)
        ts = body["container"]["message_ts"]
        client.chat_update(channel=body["channel"]["id"], ts=ts, text="done", blocks=[])

    ts = room.post(blocks=BUTTONS)
    assert room.sender.click(ONCALL.id, ROOM, ts, "go").ok
    said = room.workspace
    assert said.wait_until(lambda: said.message(ROOM, ts).text == "done")
    action = heard[0]["actions"][0]
    assert (action["action_id"], action["value"], action["block_id"]) == ("go", "7", "row")
    assert heard[0]["message"]["ts"] == ts
    assert heard[0]["user"]["id"] == ONCALL.id


def test_a_click_in_an_ephemeral_leaves_its_message_out(room: Room) -> None:
    heard: list[dict[str, Any]] = []

    @room.app.action("go")
    def go(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        ack()

    room.slack.chat_postEphemeral(channel=ROOM, user=ONCALL.id, text="t", blocks=BUTTONS)
    room.sender.click(ONCALL.id, ROOM, room.workspace.ephemerals(ONCALL.id)[0].ts, "go")
    assert heard[0]["container"]["is_ephemeral"]
    assert "message" not in heard[0]


@both_ways
def test_the_response_url_of_a_click_replaces_or_deletes_the_message(room: Room) -> None:
    @room.app.action("go")
    def go(ack: Any, respond: Any) -> None:
        ack()
        respond("replaced")
        respond(text="beside", replace_original=False)
        respond(delete_original=True)

    room.slack.chat_postEphemeral(channel=ROOM, user=ONCALL.id, text="t", blocks=BUTTONS)
    room.sender.click(ONCALL.id, ROOM, room.workspace.ephemerals(ONCALL.id)[0].ts, "go")
    assert room.workspace.wait_until(lambda: room.whispers(ONCALL.id) == ["beside"])
