"""Messages and threads on the page, used as people use it, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from tests.contract.playground.page.conftest import ROOM, WARNING, mrkdwn, write
from tests.team import GENERAL

if TYPE_CHECKING:
    from playwright.sync_api import Page

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


def test_the_page_works_in_a_narrow_window(page: Page, slack: WebClient) -> None:
    page.set_viewport_size({"width": 700, "height": 800})
    slack.chat_postMessage(channel=ROOM, text="t", blocks=WARNING)
    page.get_by_test_id("message").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    page.get_by_test_id("menu").click()
    page.get_by_test_id(f"channel-{GENERAL.id}").click()
    assert page.get_by_test_id("place-name").inner_text() == "# general"
