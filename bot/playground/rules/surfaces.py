"""Whole messages and views: what they may hold, and in which form Slack refuses them."""

from __future__ import annotations

import json
from typing import Any

from bot.playground.model import Json, SlackError
from bot.playground.rules import objects
from bot.playground.rules.blocks import HOME, MESSAGE, MODAL, check_blocks
from bot.playground.rules.report import Report

_TEXT = 40_000
# Undocumented; what the maintainers of bolt-js measured (issue 2509).
_ALL_BLOCKS = 13_200
_VIEW_BYTES = 250_000
_VIEW_FIELDS = "callback_id private_metadata external_id"
_MODAL_FIELDS = "submit close clear_on_close notify_on_close submit_disabled"


def check_message(text: str, blocks: Any, attachments: Any = None) -> None:
    """Raise what Slack answers to a message that it would not take."""
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    if len(text) > _TEXT:
        raise SlackError("msg_too_long")
    report = message_report(blocks or [])
    if report.flaws:
        found = report.messages()
        raise SlackError("invalid_blocks", messages=found, errors=found)
    if text_size(blocks or []) > _ALL_BLOCKS:
        raise SlackError("msg_blocks_too_long")


def message_report(blocks: Any, at: str = "/blocks") -> Report:
    report = Report()
    check_blocks(report, at, blocks, 50, MESSAGE)
    return report


def check_view(view: Any, kind: str | None = None) -> Json:
    """The view, or the refusal of views.open, push, update and publish."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", messages=["must be an object [json-pointer:/view]"])
    if len(json.dumps(view)) > _VIEW_BYTES:
        raise SlackError("view_too_large")
    report = view_report(view, kind)
    if report.flaws:
        raise SlackError("invalid_arguments", messages=report.messages())
    return view


def view_report(view: Json, kind: str | None = None, at: str = "/view") -> Report:
    report = Report()
    kinds = (kind,) if kind else ("modal", "home")
    if not report.is_one_of(f"{at}/type", view.get("type"), kinds):
        return report
    modal = view["type"] == "modal"
    required = "title blocks" if modal else "blocks"
    report.has_fields(at, view, required, f"{_VIEW_FIELDS} {_MODAL_FIELDS if modal else 'title'}")
    for field in ("title", "submit", "close") if modal else ():
        if view.get(field) is not None:
            objects.plain(report, at, view, field, 24)
    for field, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if field in view:
            report.is_string(f"{at}/{field}", view[field], most, least=0)
    blocks = view.get("blocks")
    if "blocks" in view:
        check_blocks(report, f"{at}/blocks", blocks, 100, MODAL if modal else HOME)
    if modal and _has_input(blocks) and not view.get("submit"):
        report.add(at, "missing required field: submit (the view has input blocks)")
    return report


def text_size(value: Any) -> int:
    """The characters that people read, over all blocks."""
    if isinstance(value, list):
        return sum(text_size(entry) for entry in value)
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    inside = sum(text_size(entry) for entry in value.values())
    return inside + (len(own) if isinstance(own, str) else 0)


def _has_input(blocks: Any) -> bool:
    if not isinstance(blocks, list):
        return False
    return any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
