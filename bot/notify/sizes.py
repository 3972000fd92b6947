"""Slack's sizes as tables. A *role* is a part's `type`, or what it is to the part around it."""

from collections.abc import Mapping
from typing import Any

TEXT = 3_000
"""The top-level text of a message; Slack splits what is over 4,000."""
WHOLE = 12_000
"""All texts of a message together; Slack refuses some 13,200 (undocumented, bolt-js 2509)."""
VIEW_BYTES = 240_000
"""Slack takes 250 kB."""
BLOCKS = {"message": 50, "modal": 100, "home": 100}

ANY = "*"
TEXTS: dict[tuple[str, str], int] = {
    ("section", "text"): 3_000,
    ("section", "fields"): 2_000,
    ("context", "elements"): 2_000,
    ("header", "text"): 150,
    ("button", "text"): 75,
    ("input", "label"): 2_000,
    ("input", "hint"): 2_000,
    ("image", "title"): 2_000,
    ("image", "alt_text"): 2_000,
    ("option", "text"): 75,
    ("option", "description"): 75,
    ("group", "label"): 75,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
    (ANY, "placeholder"): 150,
}
"""Characters that people read: what is longer is cut."""

DATA: dict[tuple[str, str], int] = {
    ("button", "value"): 2_000,
    ("option", "value"): 150,
    ("modal", "private_metadata"): 3_000,
    ("plain_text_input", "initial_value"): 3_000,
    (ANY, "action_id"): 255,
    (ANY, "block_id"): 255,
    (ANY, "callback_id"): 255,
    (ANY, "external_id"): 255,
    (ANY, "url"): 3_000,
    (ANY, "image_url"): 3_000,
}
"""Characters that come back to us: half a name is another name, so what is longer goes whole."""

LISTS: dict[tuple[str, str], int] = {
    ("section", "fields"): 10,
    ("context", "elements"): 10,
    ("actions", "elements"): 25,
    ("overflow", "options"): 5,
    ("checkboxes", "options"): 10,
    ("radio_buttons", "options"): 10,
    (ANY, "options"): 100,
    (ANY, "option_groups"): 100,
}

NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "section": (("text", "fields"),),
    "header": (("text",),),
    "context": (("elements",),),
    "actions": (("elements",),),
    "input": (("label",), ("element",)),
    "image": (("alt_text",), ("image_url", "slack_file")),
    "button": (("text",),),
    "static_select": (("options", "option_groups"),),
    "multi_static_select": (("options", "option_groups"),),
    "overflow": (("options",),),
    "checkboxes": (("options",),),
    "radio_buttons": (("options",),),
    "option": (("text",), ("value",)),
    "group": (("label",), ("options",)),
    "confirm": (("title",), ("text",), ("confirm",), ("deny",)),
    "modal": (("title",),),
}
"""One of each tuple is needed, or the part means nothing."""

_ROLES = {
    "options": "option",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "group",
    "confirm": "confirm",
}


def role(part: Mapping[str, Any], key: str = "") -> str:
    """What a part is, when it stands under `key` of the part around it."""
    return str(part["type"]) if "type" in part else _ROLES.get(key, "")


def find(table: Mapping[tuple[str, str], int], part: str, key: str) -> int | None:
    """The limit of a field of a part."""
    return table.get((part, key), table.get((ANY, key)))


def is_text(value: Any) -> bool:
    """Whether it is a text object."""
    return isinstance(value, Mapping) and value.get("type") in ("mrkdwn", "plain_text")


def text_size(value: Any) -> int:
    """The characters of all texts in a structure."""
    if isinstance(value, Mapping):
        own = value.get("text")
        inside = sum(text_size(entry) for entry in value.values())
        return inside + (units(own) if isinstance(own, str) else 0)
    return sum(text_size(entry) for entry in value) if isinstance(value, list | tuple) else 0


def units(text: str) -> int:
    """Length in UTF-16 units: the most that Slack can count it for."""
    return len(text) + sum(char > "\uffff" for char in text)
