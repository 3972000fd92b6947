"""What Slack refuses in the blocks of a message, one law a test."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.model import SlackError
from bot.playground.rules.surfaces import check_message, message_report
from tests.unit.blocks import (
    actions,
    button,
    confirm,
    entry,
    mrkdwn,
    option,
    plain,
    section,
    select,
    table,
)

FINE = {
    "a section at its longest": section(text=mrkdwn("x" * 3000)),
    "ten fields at their longest": {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
    "a header at its longest": {"type": "header", "text": plain("x" * 150)},
    "a context of ten": {"type": "context", "elements": [mrkdwn("x")] * 10},
    "an image in a context": {
        "type": "context",
        "elements": [{"type": "image", "image_url": "https://example.com/i.png", "alt_text": "i"}],
    },
    "twenty-five buttons": actions(*(button(action_id=f"a{n}") for n in range(25))),
    "a button at its longest": actions(
        button(text=plain("x" * 75), value="x" * 2000, action_id="x" * 255)
    ),
    "a button with a confirm dialog": actions(button(confirm=confirm(style="danger"))),
    "a select of a hundred": actions(select(options=[option(f"v{n}") for n in range(100)])),
    "an overflow of five": actions({"type": "overflow", "options": [option()] * 5}),
    "a plain input in a message": entry(),
    "a picker": section(accessory={"type": "datepicker", "initial_date": "2026-02-01"}),
    "a multi select": section(accessory=select(type="multi_static_select", max_selected_items=2)),
    "a table at its largest": table(100, 20),
    "rich text": {"type": "rich_text", "elements": []},
    "markdown at its longest": {"type": "markdown", "text": "x" * 12_000},
}

REFUSED = {
    "an unknown block": ({"type": "banner"}, "/blocks/0/type"),
    "a block without a type": ({}, "/blocks/0"),
    "a block that is no object": ("words", "/blocks/0"),
    "an unknown field": (section(colour="red"), "/blocks/0"),
    "a section text over 3000": (section(text=mrkdwn("x" * 3001)), "/blocks/0/text/text"),
    "an empty text": (section(text=mrkdwn("")), "/blocks/0/text/text"),
    "a section without text or fields": ({"type": "section"}, "/blocks/0"),
    "a text of an unknown type": (
        section(text={"type": "html", "text": "x"}),
        "/blocks/0/text/type",
    ),
    "emoji on mrkdwn": (section(text=mrkdwn("x") | {"emoji": True}), "/blocks/0/text"),
    "eleven fields": ({"type": "section", "fields": [mrkdwn("x")] * 11}, "/blocks/0/fields"),
    "a field over 2000": (
        {"type": "section", "fields": [mrkdwn("x" * 2001)]},
        "/blocks/0/fields/0/text",
    ),
    "a header over 150": ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
    "a header in mrkdwn": ({"type": "header", "text": mrkdwn("x")}, "/blocks/0/text/type"),
    "eleven context elements": (
        {"type": "context", "elements": [mrkdwn("x")] * 11},
        "/blocks/0/elements",
    ),
    "an empty context": ({"type": "context", "elements": []}, "/blocks/0/elements"),
    "a button in a context": (
        {"type": "context", "elements": [button()]},
        "/blocks/0/elements/0/type",
    ),
    "twenty-six actions": (
        actions(*(button(action_id=f"a{n}") for n in range(26))),
        "/blocks/0/elements",
    ),
    "an unknown element": (actions({"type": "slider"}), "/blocks/0/elements/0/type"),
    "an input element among actions": (
        actions({"type": "plain_text_input"}),
        "/blocks/0/elements/0/type",
    ),
    "a button text over 75": (
        actions(button(text=plain("x" * 76))),
        "/blocks/0/elements/0/text/text",
    ),
    "a button text in mrkdwn": (
        actions(button(text=mrkdwn("x"))),
        "/blocks/0/elements/0/text/type",
    ),
    "a button value over 2000": (actions(button(value="x" * 2001)), "/blocks/0/elements/0/value"),
    "a button url over 3000": (actions(button(url="x" * 3001)), "/blocks/0/elements/0/url"),
    "an unknown button style": (actions(button(style="loud")), "/blocks/0/elements/0/style"),
    "an unknown button field": (actions(button(color="red")), "/blocks/0/elements/0"),
    "an action id over 255": (
        actions(button(action_id="x" * 256)),
        "/blocks/0/elements/0/action_id",
    ),
    "two equal action ids in a block": (
        actions(button(action_id="a"), button(action_id="a")),
        "/blocks/0/elements/1/action_id",
    ),
    "a block id over 255": (section(block_id="x" * 256), "/blocks/0/block_id"),
    "an option text over 75": (
        actions(select(options=[option(text="x" * 76)])),
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "an option value over 150": (
        actions(select(options=[option("x" * 151)])),
        "/blocks/0/elements/0/options/0/value",
    ),
    "a select of a hundred and one": (
        actions(select(options=[option(f"v{n}") for n in range(101)])),
        "/blocks/0/elements/0/options",
    ),
    "a select without options": (
        actions({"type": "static_select", "action_id": "s"}),
        "/blocks/0/elements/0",
    ),
    "an initial option that is no option": (
        actions(select(initial_option=option("other"))),
        "/blocks/0/elements/0",
    ),
    "an overflow of six": (
        actions({"type": "overflow", "options": [option()] * 6}),
        "/blocks/0/elements/0/options",
    ),
    "eleven checkboxes": (
        actions({"type": "checkboxes", "options": [option()] * 11}),
        "/blocks/0/elements/0/options",
    ),
    "a confirm title over 100": (
        actions(button(confirm=confirm(title=plain("x" * 101)))),
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "a confirm text over 300": (
        actions(button(confirm=confirm(text=plain("x" * 301)))),
        "/blocks/0/elements/0/confirm/text/text",
    ),
    "a confirm button over 30": (
        actions(button(confirm=confirm(confirm=plain("x" * 31)))),
        "/blocks/0/elements/0/confirm/confirm/text",
    ),
    "a deny button over 30": (
        actions(button(confirm=confirm(deny=plain("x" * 31)))),
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    "a confirm without a deny button": (
        actions(button(confirm={k: v for k, v in confirm().items() if k != "deny"})),
        "/blocks/0/elements/0/confirm",
    ),
    "a placeholder over 150": (
        actions(select(placeholder=plain("x" * 151))),
        "/blocks/0/elements/0/placeholder/text",
    ),
    "an image without alt text": (
        {"type": "image", "image_url": "https://example.com/i.png"},
        "/blocks/0",
    ),
    "an alt text over 2000": (
        {"type": "image", "image_url": "https://example.com/i.png", "alt_text": "x" * 2001},
        "/blocks/0/alt_text",
    ),
    "an image without a source": ({"type": "image", "alt_text": "i"}, "/blocks/0"),
    "an input without a label": (
        {"type": "input", "element": {"type": "plain_text_input"}},
        "/blocks/0",
    ),
    "a button as an input": (entry(button()), "/blocks/0/element/type"),
    "a picker with a wrong date": (
        section(accessory={"type": "datepicker", "initial_date": "1.2.2026"}),
        "/blocks/0/accessory/initial_date",
    ),
    "a table of a hundred and one rows": (table(101, 1), "/blocks/0/rows"),
    "a table of twenty-one columns": (table(1, 21), "/blocks/0/rows/0"),
    "a data table without a caption": (
        {"type": "data_table", "rows": [[{}], [{}]]},
        "/blocks/0",
    ),
    "a data table of unequal rows": (
        {"type": "data_table", "caption": "c", "rows": [[{}], [{}, {}]]},
        "/blocks/0/rows",
    ),
    "a markdown block over 12000": ({"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text"),
    "an alert in a message": ({"type": "alert", "text": plain("x")}, "/blocks/0/type"),
}


@pytest.mark.parametrize("block", FINE.values(), ids=FINE.keys())
def test_slack_takes(block: dict[str, Any]) -> None:
    assert message_report([block]).messages() == []


@pytest.mark.parametrize(("block", "pointer"), REFUSED.values(), ids=REFUSED.keys())
def test_slack_refuses(block: Any, pointer: str) -> None:
    assert [flaw.pointer for flaw in message_report([block]).flaws] == [pointer]


def test_a_message_holds_fifty_blocks_and_not_one_more() -> None:
    assert not message_report([section()] * 50).flaws
    assert message_report([section()] * 51).messages() == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_a_block_id_is_used_once_in_a_message() -> None:
    report = message_report([section(block_id="b"), section(block_id="b")])
    assert [flaw.pointer for flaw in report.flaws] == ["/blocks/1/block_id"]


def test_the_same_action_id_may_stand_in_two_blocks() -> None:
    assert not message_report([actions(button(action_id="a"))] * 2).flaws


def test_a_message_holds_one_table() -> None:
    assert message_report([table(1, 1), table(1, 1)]).flaws


def test_markdown_blocks_share_their_limit() -> None:
    assert message_report([{"type": "markdown", "text": "x" * 7000}] * 2).flaws


def test_all_blocks_together_stay_below_the_hidden_limit() -> None:
    check_message("t", [section(text=mrkdwn("x" * 3000))] * 4)
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message("t", [section(text=mrkdwn("x" * 3000))] * 5)


def test_a_text_over_forty_thousand_is_too_long() -> None:
    check_message("x" * 40_000, [])
    with pytest.raises(SlackError, match="msg_too_long"):
        check_message("x" * 40_001, [])


def test_a_message_of_nothing_has_no_text() -> None:
    with pytest.raises(SlackError, match="no_text"):
        check_message("  ", [])


def test_every_fault_is_named_with_its_place_as_slack_does() -> None:
    with pytest.raises(SlackError) as refusal:
        check_message("t", [section(text=mrkdwn("x" * 3001)), {"type": "banner"}])
    assert refusal.value.body == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [
            "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
            "unsupported type: banner [json-pointer:/blocks/1/type]",
        ],
        "response_metadata": {
            "messages": [
                "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
                "[ERROR] unsupported type: banner [json-pointer:/blocks/1/type]",
            ]
        },
    }
