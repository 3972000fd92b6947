"""Commands, modals, channels and tabs on the page, used as people use it, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.playground.seed import GUEST, ONCALL, OPS_CHANNEL, SCIENTIST
from bot.playground.server import PlaygroundServer
from tests.contract.playground.page.conftest import ROOM, enter, plain, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


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

pytestmark = pytest.mark.browser


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


def test_today_is_the_day_that_is_replayed(
    page: Page, server: PlaygroundServer, slack: WebClient
) -> None:
    noon, day = 1_772_539_200, 86_400
    server.workspace.set_banner("a replayed day", now=noon)
    page.get_by_text("a replayed day").wait_for()
    days = [noon + days * day for days in (-2, -1, 0, 1)]
    text = ", ".join(f"<!date^{at}^{{date_short_pretty}}|then>" for at in days)
    slack.chat_postMessage(channel=ROOM, text=f"it was {text}")
    page.get_by_text("it was Mar 1, 2026, yesterday, today, tomorrow").wait_for()


def test_all_times_are_those_of_the_reader_s_own_clock(
    chromium: Browser, server: PlaygroundServer, slack: WebClient
) -> None:
    """Those of the banner and of messages as they are shown, and those that people write as the
    app understands them."""
    noon = 1_772_539_200
    server.workspace.set_banner(f"<!date^{noon}^{{time}}|12:00 UTC>, a replayed day", now=noon)
    away = chromium.new_page(timezone_id="Asia/Tokyo", locale="de-DE")
    enter(away, server, SCIENTIST.id)
    slack.chat_postMessage(channel=ROOM, text=f"it was <!date^{noon}^{{time}}|then>")
    away.get_by_text("21:00, a replayed day").wait_for()
    away.get_by_text("it was 21:00").wait_for()
    away.close()
    assert slack.users_info(user=SCIENTIST.id)["user"]["tz"] == "Asia/Tokyo"


def test_a_guest_sees_only_the_channels_of_a_guest(page: Page, server: PlaygroundServer) -> None:
    names = page.get_by_test_id("channels").locator(".name")
    assert names.all_inner_texts() == ["ml-ranking", "burnban-ops", "general"]
    enter(page, server, GUEST.id)
    assert names.all_inner_texts() == ["ml-ranking", "general"]


def test_the_home_tab_of_the_app_is_shown(page: Page, slack: WebClient) -> None:
    page.get_by_test_id("app-home").click()
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("Your services")}]}
    slack.views_publish(user_id=SCIENTIST.id, view=home)
    page.get_by_text("Your services").wait_for()
