"""Interactive elements: buttons, menus, pickers, inputs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.playground.model import Json
from bot.playground.rules import objects
from bot.playground.rules.report import Report

_Check = Callable[[Report, str, Json], None]

_MENU = "action_id placeholder confirm focus_on_load"
_FOUND = "initial_conversation initial_conversations default_to_current_conversation filter"


def _button(report: Report, at: str, e: Json) -> None:
    report.has_fields(at, e, "text", "action_id url value style confirm accessibility_label")
    objects.plain(report, at, e, "text", 75)
    objects.identifier(report, at, e, "url", 3000)
    if "value" in e:
        report.is_string(f"{at}/value", e["value"], 2000, least=0)
    objects.identifier(report, at, e, "accessibility_label", 75)
    if "style" in e:
        report.is_one_of(f"{at}/style", e["style"], ("primary", "danger"))


def image(report: Report, at: str, e: Json) -> None:
    """An image as an element, and what an image block shares with it."""
    report.has_fields(at, e, "alt_text", "image_url slack_file title block_id")
    if "alt_text" in e:
        report.is_string(f"{at}/alt_text", e["alt_text"], 2000)
    objects.identifier(report, at, e, "image_url", 3000)
    if ("image_url" in e) == ("slack_file" in e):
        report.add(at, "exactly one of image_url and slack_file is required")


def _static_menu(report: Report, at: str, e: Json) -> None:
    multi = str(e["type"]).startswith("multi_")
    own = "initial_options max_selected_items" if multi else "initial_option"
    report.has_fields(at, e, "", f"{_MENU} options option_groups {own}")
    if ("options" in e) == ("option_groups" in e):
        report.add(at, "exactly one of options and option_groups is required")
    if "options" in e:
        objects.options(report, f"{at}/options", e["options"], 100)
    if "option_groups" in e:
        objects.option_groups(report, f"{at}/option_groups", e["option_groups"])
    _initial(report, at, e)


def _found_menu(report: Report, at: str, e: Json) -> None:
    kind = str(e["type"]).removeprefix("multi_").removesuffix("s_select")
    own = f"initial_{kind} initial_{kind}s max_selected_items"
    extra = _FOUND if kind in {"conversation", "channel"} else ""
    report.has_fields(at, e, "", f"{_MENU} {own} {extra} response_url_enabled")


def _external_menu(report: Report, at: str, e: Json) -> None:
    own = "initial_option initial_options min_query_length max_selected_items"
    report.has_fields(at, e, "", f"{_MENU} {own}")


def _overflow(report: Report, at: str, e: Json) -> None:
    report.has_fields(at, e, "options", "action_id confirm")
    objects.options(report, f"{at}/options", e.get("options"), 5)


def _choices(report: Report, at: str, e: Json) -> None:
    own = "initial_options" if e["type"] == "checkboxes" else "initial_option"
    report.has_fields(at, e, "options", f"action_id confirm focus_on_load {own}")
    objects.options(report, f"{at}/options", e.get("options"), 10, objects.ANY_TEXT)
    _initial(report, at, e)


def _initial(report: Report, at: str, e: Json) -> None:
    groups = e.get("option_groups") or [{"options": e.get("options")}]
    known = [o for g in groups if isinstance(g, dict) for o in g.get("options") or []]
    given = e.get("initial_options") or [e[k] for k in ("initial_option",) if k in e]
    if any(entry not in known for entry in given):
        report.add(at, "initial option is not among the options")


def _picker(pattern: str, field: str) -> _Check:
    shape = re.compile(pattern)

    def check(report: Report, at: str, e: Json) -> None:
        report.has_fields(at, e, "", f"{_MENU} {field} timezone")
        if field in e and not shape.fullmatch(str(e[field])):
            report.add(f"{at}/{field}", "has an invalid format", "invalid_format")

    return check


def _plain_input(report: Report, at: str, e: Json) -> None:
    own = "action_id placeholder focus_on_load initial_value dispatch_action_config"
    report.has_fields(at, e, "", f"{own} multiline min_length max_length")
    if "initial_value" in e:
        report.is_string(f"{at}/initial_value", e["initial_value"], 3000, least=0)
    for field in ("min_length", "max_length"):
        if field in e:
            report.is_between(f"{at}/{field}", e[field], 0, 3000)


def _typed_input(report: Report, at: str, e: Json) -> None:
    own = "action_id placeholder focus_on_load initial_value dispatch_action_config"
    number = "is_decimal_allowed min_value max_value" if e["type"] == "number_input" else ""
    report.has_fields(at, e, "is_decimal_allowed" if number else "", f"{own} {number}")


def _anything(report: Report, at: str, e: Json) -> None:
    """Elements that are let through: this workspace does not draw them."""


_FOUND_KINDS = ("users", "conversations", "channels")
_SINGLE: dict[str, _Check] = {
    "static_select": _static_menu,
    "external_select": _external_menu,
    **{f"{kind}_select": _found_menu for kind in _FOUND_KINDS},
}
_MULTI: dict[str, _Check] = {f"multi_{kind}": check for kind, check in _SINGLE.items()}
_PICKERS: dict[str, _Check] = {
    "datepicker": _picker(r"\d{4}-\d{2}-\d{2}", "initial_date"),
    "timepicker": _picker(r"\d{2}:\d{2}", "initial_time"),
    "datetimepicker": _picker(r"\d{10}", "initial_date_time"),
    "checkboxes": _choices,
    "radio_buttons": _choices,
}
_INPUTS: dict[str, _Check] = {
    "plain_text_input": _plain_input,
    "email_text_input": _typed_input,
    "url_text_input": _typed_input,
    "number_input": _typed_input,
    "rich_text_input": _anything,
    "file_input": _anything,
}
_ACTING: dict[str, _Check] = {
    "button": _button,
    "overflow": _overflow,
    "workflow_button": _anything,
    **_SINGLE,
    **_MULTI,
    **_PICKERS,
}
ACCESSORIES: dict[str, _Check] = {**_ACTING, "image": image}
ACTIONS: dict[str, _Check] = _ACTING
INPUTS: dict[str, _Check] = {**_SINGLE, **_MULTI, **_PICKERS, **_INPUTS}


def element(report: Report, at: str, value: Any, allowed: dict[str, _Check]) -> None:
    if not report.is_object(at, value):
        return
    kind = value.get("type")
    if kind not in allowed:
        report.add(f"{at}/type", f"unsupported type: {kind}", "unsupported_type")
        return
    allowed[kind](report, at, value)
    if kind == "image":
        return
    objects.identifier(report, at, value, "action_id")
    objects.plain(report, at, value, "placeholder", 150)
    if "confirm" in value:
        objects.confirm(report, f"{at}/confirm", value["confirm"])
