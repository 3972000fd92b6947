"""The page of the playground, used as people use it, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground.limits import Limits
from bot.playground.model import Channel, Command
from bot.playground.seed import (
    GENERAL,
    GUEST,
    LEAD,
    ONCALL,
    OPS_CHANNEL,
    SCIENTIST,
    TEAM_CHANNEL,
    small_workspace,
)
from bot.playground.server import PlaygroundServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TEMPLATES = Path(__file__).parents[2] / "templates"
ROOM = TEAM_CHANNEL.id
COMMANDS = (
    Command("/budget", "How much error budget is left", "status"),
    Command("/freeze", "Stop releases", "<service> <reason>"),
)


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


FREEZE = {
    "type": "button",
    "action_id": "freeze",
    "style": "danger",
    "text": plain("Freeze"),
    "confirm": {
        "title": plain("Freeze ranker?"),
        "text": mrkdwn("Releases *wait*."),
        "confirm": plain("Freeze it"),
        "deny": plain("Not now"),
    },
}
WARNING: list[dict[str, Any]] = [
    {"type": "header", "text": plain(":fire: ranker burns")},
    {"type": "section", "fields": [mrkdwn("*Left*\n41 %"), mrkdwn("*Burn*\n14.8")]},
    {"type": "section", "text": mrkdwn("See <https://example.com/38|v38> by <@U0MIRA> & `p99`")},
    {"type": "actions", "elements": [FREEZE]},
]
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "ask",
    "title": plain("Freeze releases"),
    "submit": plain("Ask"),
    "blocks": [
        {
            "type": "input",
            "block_id": "scope",
            "label": plain("Scope"),
            "element": {
                "type": "static_select",
                "action_id": "service",
                "options": [{"text": plain(name), "value": name} for name in ("ranker", "search")],
            },
        },
        {
            "type": "input",
            "block_id": "reason",
            "label": plain("Reason"),
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        },
    ],
}


@pytest.fixture
def server() -> Iterator[PlaygroundServer]:
    hidden = Channel("C0SECRET", "secret", frozenset({LEAD.id}), is_private=True)
    workspace = small_workspace(
        time.time,
        commands=COMMANDS,
        channels=(TEAM_CHANNEL, OPS_CHANNEL, GENERAL, hidden),
        limits=Limits.none(),
    )
    with PlaygroundServer(workspace, TEMPLATES, ping_interval=0.05) as running:
        yield running


@pytest.fixture
def slack(server: PlaygroundServer) -> WebClient:
    return WebClient(server.workspace.keys.bot, base_url=server.api_url, retry_handlers=[])


@pytest.fixture
def app(server: PlaygroundServer, slack: WebClient) -> Iterator[App]:
    bolt = App(client=slack, signing_secret="none", token_verification_enabled=False)
    web = WebClient(base_url=server.api_url, retry_handlers=[])
    handler = SocketModeHandler(bolt, server.workspace.keys.app, web_client=web)
    handler.connect()
    assert server.sockets.wait_connected()
    yield bolt
    handler.close()


@pytest.fixture
def page(chromium: Browser, server: PlaygroundServer) -> Iterator[Page]:
    window = chromium.new_page(viewport={"width": 1280, "height": 800})
    wrong: list[str] = []
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("console", lambda note: wrong.append(note.text) if note.type == "error" else None)
    enter(window, server, SCIENTIST.id)
    yield window
    window.close()
    assert wrong == []


def enter(page: Page, server: PlaygroundServer, user: str) -> None:
    page.goto(f"{server.url}/?as={user}&channel={ROOM}")
    page.get_by_test_id(f"channel-{ROOM}").wait_for()


def write(page: Page, text: str, box: str = "composer") -> None:
    page.get_by_test_id(box).fill(text)
    page.get_by_test_id(box).press("Enter")


pytestmark = pytest.mark.browser


def test_a_message_is_drawn_from_its_blocks(page: Page, slack: WebClient) -> None:
    slack.chat_postMessage(channel=ROOM, text="t", blocks=WARNING)
    message = page.get_by_test_id("message")
    message.wait_for()
    assert message.locator("h3").inner_text().strip() == "ranker burns"
    assert message.locator("h3 svg").get_attribute("aria-label") == "fire"
    assert message.locator(".fields > *").all_inner_texts() == ["Left\n41 %", "Burn\n14.8"]
    assert message.locator("a").get_attribute("href") == "https://example.com/38"
    assert message.locator(".mention").inner_text() == "@mira"
    assert message.locator("code").inner_text() == "p99"
    assert message.locator(".tag").inner_text() == "APP"


def test_text_is_never_markup(page: Page, slack: WebClient) -> None:
    evil = "<img src=x onerror=alert(1)> &lt;b&gt;bold&lt;/b&gt; <javascript:alert(1)|click>"
    slack.chat_postMessage(channel=ROOM, text=evil)
    message = page.get_by_test_id("message")
    message.wait_for()
    assert "<b>bold</b>" in message.locator(".rich").inner_text()
    assert message.locator(".rich img, .rich b, .rich a").count() == 0


def test_a_click_asks_first_and_the_message_changes_in_place(
    page: Page, slack: WebClient, app: App
) -> None:
    @app.action("freeze")
    def freeze(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        who = body["user"]["id"]
        ts = body["message"]["ts"]
        done = [{"type": "section", "text": mrkdwn(f"Frozen by <@{who}>")}]
        client.chat_update(channel=ROOM, ts=ts, text="t", blocks=done)

    slack.chat_postMessage(channel=ROOM, text="t", blocks=WARNING)
    page.get_by_test_id("action-freeze").click()
    page.get_by_test_id("confirm-no").click()
    assert page.get_by_test_id("edited").count() == 0
    page.get_by_test_id("action-freeze").click()
    page.get_by_test_id("confirm-yes").click()
    page.get_by_test_id("edited").wait_for()
    assert "Frozen by @mira" in page.get_by_test_id("message").inner_text()
    assert page.get_by_test_id("message").count() == 1


def test_an_app_that_does_not_run_is_told(page: Page, slack: WebClient) -> None:
    slack.chat_postMessage(channel=ROOM, text="t", blocks=WARNING)
    page.get_by_test_id("action-freeze").click()
    page.get_by_test_id("confirm-yes").click()
    page.get_by_text("The app did not respond. Is it running?").wait_for()


def test_a_command_is_hinted_and_its_answer_is_for_one_person(page: Page, app: App) -> None:
    app.command("/budget")(lambda ack, command: ack(f"*41 %* left: {command['text']}"))
    page.get_by_test_id("composer").press_sequentially("/b")
    page.get_by_test_id("hint-/budget").wait_for()
    page.get_by_test_id("composer").press("Tab")
    page.get_by_test_id("composer").press_sequentially("status")
    page.get_by_test_id("composer").press("Enter")
    whisper = page.get_by_test_id("ephemeral")
    whisper.wait_for()
    assert "41 % left: status" in whisper.inner_text()
    assert "Only visible to you" in whisper.inner_text()
    page.get_by_test_id(f"act-as-{ONCALL.id}").check(force=True)
    page.locator(f"[data-testid=act-as-{ONCALL.id}]:checked").wait_for(state="attached")
    page.get_by_test_id("ephemeral").wait_for(state="detached")
    page.get_by_test_id(f"act-as-{SCIENTIST.id}").check(force=True)
    page.get_by_test_id("dismiss").click()
    page.get_by_test_id("ephemeral").wait_for(state="detached")


def test_a_modal_shows_its_errors_keeps_its_values_and_closes(page: Page, app: App) -> None:
    seen: list[dict[str, Any]] = []

    @app.command("/freeze")
    def freeze(ack: Any, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=MODAL)

    @app.view("ask")
    def ask(ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if len(values["reason"]["text"]["value"]) < 5:
            ack(response_action="errors", errors={"reason": "Say more."})
            return
        seen.append(values)
        ack()

    write(page, "/freeze")
    page.get_by_test_id("modal-submit").click()
    page.locator(".note").first.wait_for()
    assert page.locator(".note").all_inner_texts() == ["This is a required field"] * 2
    page.get_by_test_id("action-service").select_option("ranker")
    page.get_by_test_id("action-text").fill("bad")
    page.get_by_test_id("modal-submit").click()
    page.get_by_text("Say more.").wait_for()
    assert page.get_by_test_id("action-service").input_value() == "ranker"
    page.get_by_test_id("action-text").fill("v38 doubles the errors")
    page.get_by_test_id("modal-submit").click()
    page.get_by_test_id("modal-title").wait_for(state="hidden")
    assert seen[0]["scope"]["service"]["selected_option"]["value"] == "ranker"


def test_escape_closes_a_modal(page: Page, server: PlaygroundServer) -> None:
    with server.workspace.lock:
        server.workspace.modals.open(SCIENTIST.id, MODAL)
    page.get_by_test_id("modal-title").wait_for()
    page.keyboard.press("Escape")
    page.get_by_test_id("modal-title").wait_for(state="hidden")
    assert server.workspace.modals.top(SCIENTIST.id) is None


def test_a_thread_opens_beside_and_takes_a_reply(page: Page, slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel=ROOM, text="parent")["ts"]
    slack.chat_postMessage(channel=ROOM, text="first", thread_ts=ts)
    page.get_by_test_id("replies").click()
    write(page, "second", "thread-composer")
    page.get_by_text("2 replies").wait_for()
    thread = page.get_by_test_id("thread").locator("article .rich")
    assert thread.all_inner_texts() == ["parent", "first", "second"]
    assert page.get_by_test_id("messages").locator("article").count() == 1
    page.keyboard.press("Escape")
    page.get_by_test_id("thread").wait_for(state="hidden")


def test_a_reply_that_is_shown_in_the_channel_too_leads_to_its_thread(
    page: Page, slack: WebClient
) -> None:
    ts = slack.chat_postMessage(channel=ROOM, text="parent")["ts"]
    slack.chat_postMessage(channel=ROOM, text="worse", thread_ts=ts, reply_broadcast=True)
    shown = page.get_by_test_id("messages").locator("article")
    shown.nth(1).wait_for()
    assert "replied to a thread" in shown.nth(1).inner_text()
    page.get_by_test_id("to-thread").click()
    page.get_by_test_id("thread").locator("article").nth(1).wait_for()
    assert page.get_by_test_id("thread").get_by_test_id("to-thread").count() == 0


def test_another_channel_is_marked_unread_until_it_is_opened(page: Page, slack: WebClient) -> None:
    slack.chat_postMessage(channel=OPS_CHANNEL.id, text="Prometheus is slow")
    entry = page.get_by_test_id(f"channel-{OPS_CHANNEL.id}")
    entry.locator(".badge").wait_for()
    entry.click()
    page.get_by_text("Prometheus is slow").wait_for()
    entry.locator(".badge").wait_for(state="detached")


def test_a_banner_is_shown_live(page: Page, server: PlaygroundServer) -> None:
    server.workspace.set_banner("08:40 of a replayed day, 60×")
    page.get_by_text("08:40 of a replayed day, 60×").wait_for()
    server.workspace.set_banner("")
    page.get_by_test_id("banner").wait_for(state="hidden")


def test_a_guest_sees_only_the_channels_of_a_guest(page: Page, server: PlaygroundServer) -> None:
    names = page.get_by_test_id("channels").locator(".name")
    assert names.all_inner_texts() == ["ml-ranking", "burnban-ops", "general"]
    enter(page, server, GUEST.id)
    assert names.all_inner_texts() == ["ml-ranking", "general"]


def test_the_page_works_in_a_narrow_window(page: Page, slack: WebClient) -> None:
    page.set_viewport_size({"width": 700, "height": 800})
    slack.chat_postMessage(channel=ROOM, text="t", blocks=WARNING)
    page.get_by_test_id("message").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    page.get_by_test_id("menu").click()
    page.get_by_test_id(f"channel-{GENERAL.id}").click()
    assert page.get_by_test_id("place-name").inner_text() == "# general"


def test_the_home_tab_of_the_app_is_shown(page: Page, slack: WebClient) -> None:
    page.get_by_test_id("app-home").click()
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("Your services")}]}
    slack.views_publish(user_id=SCIENTIST.id, view=home)
    page.get_by_text("Your services").wait_for()
