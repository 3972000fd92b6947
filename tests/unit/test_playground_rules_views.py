"""What Slack refuses in a view, one law a test."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.model import SlackError
from bot.playground.rules.surfaces import check_view, view_report
from tests.unit.blocks import entry, mrkdwn, plain, section, table


def modal(**fields: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Title"), "blocks": [section()], **fields}


REFUSED_VIEWS = {
    "an unknown type": ({"type": "page", "blocks": []}, "/view/type"),
    "a modal without a title": ({"type": "modal", "blocks": []}, "/view"),
    "a modal without blocks": ({"type": "modal", "title": plain("t")}, "/view"),
    "a title over 24": (modal(title=plain("x" * 25)), "/view/title/text"),
    "a submit over 24": (modal(submit=plain("x" * 25)), "/view/submit/text"),
    "a close over 24": (modal(close=plain("x" * 25)), "/view/close/text"),
    "private metadata over 3000": (modal(private_metadata="x" * 3001), "/view/private_metadata"),
    "a callback id over 255": (modal(callback_id="x" * 256), "/view/callback_id"),
    "an unknown field": (modal(footer="x"), "/view"),
    "an input without a submit": (modal(blocks=[entry()]), "/view"),
    "a table in a modal": (modal(blocks=[table(1, 1)]), "/view/blocks/0/type"),
    "a home with a submit": (
        {"type": "home", "blocks": [], "submit": plain("x")},
        "/view",
    ),
}


@pytest.mark.parametrize(("view", "pointer"), REFUSED_VIEWS.values(), ids=REFUSED_VIEWS.keys())
def test_slack_refuses_the_view(view: dict[str, Any], pointer: str) -> None:
    assert [flaw.pointer for flaw in view_report(view).flaws] == [pointer]


def test_a_modal_holds_a_hundred_blocks_and_not_one_more() -> None:
    assert not view_report(modal(blocks=[section()] * 100)).flaws
    assert view_report(modal(blocks=[section()] * 101)).flaws


def test_a_view_over_250_kilobytes_is_too_large() -> None:
    blocks = [section(text=mrkdwn("x" * 3000)) for _ in range(90)]
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(blocks=blocks))


def test_a_home_is_no_modal() -> None:
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view({"type": "home", "blocks": []}, "modal")
