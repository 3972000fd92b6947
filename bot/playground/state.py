"""The `state.values` that Slack sends: what people entered, completed with the initial values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.playground.model import Json

# raw values as a page or a test gives them: block id -> action id -> text, or a list of texts
Entered = dict[str, dict[str, Any]]

_FIELD = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
REQUIRED = "This is a required field"


def elements(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with the block that holds it."""
    for block in blocks:
        held = [block.get("element"), block.get("accessory")]
        if block.get("type") == "actions":
            held = list(block.get("elements", ()))
        for element in held:
            if isinstance(element, dict) and element.get("type") != "image":
                yield block, element


def state_values(blocks: Iterable[Json], entered: Entered) -> Json:
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] in _FIELD:
            given = entered.get(block["block_id"], {})
            raw = given.get(element["action_id"], initial(element))
            values.setdefault(block["block_id"], {})[element["action_id"]] = {
                "type": element["type"],
                **chosen(element, raw),
            }
    return values


def chosen(element: Json, raw: Any) -> Json:
    """What an element says of itself once `raw` was entered into it."""
    field = "selected_option" if element["type"] == "overflow" else _FIELD.get(element["type"])
    if field is None:
        return {}
    if field == "selected_option":
        return {field: _option(element, raw)}
    if field == "selected_options":
        return {field: [o for one in raw or () if (o := _option(element, one))]}
    if field.startswith("selected_") and field.endswith("s"):
        return {field: list(raw or ())}
    return {field: raw or None}


def initial(element: Json) -> Any:
    """The initial value of an element, in the raw form."""
    if option := element.get("initial_option"):
        return option["value"]
    if options := element.get("initial_options"):
        return [option["value"] for option in options]
    found = [value for key, value in element.items() if key.startswith("initial_")]
    return found[0] if found else None


def missing(blocks: Iterable[Json], values: Json) -> dict[str, str]:
    """The input blocks that a person must still fill, as the client checks before it sends."""
    lacking = {}
    for block, element in elements(blocks):
        if block.get("type") != "input" or block.get("optional"):
            continue
        held = values.get(block["block_id"], {}).get(element["action_id"], {})
        if not any(value for key, value in held.items() if key != "type"):
            lacking[block["block_id"]] = REQUIRED
    return lacking


def _option(element: Json, raw: Any) -> Json | None:
    groups = element.get("option_groups") or [{"options": element.get("options", ())}]
    for group in groups:
        for option in group["options"]:
            if option["value"] == raw:
                return dict(option)
    return None
