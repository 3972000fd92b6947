"""What Slack sends with a click or a form, taken apart."""

from collections.abc import Mapping
from typing import Any

from bot.decide.people import Actor, Door
from bot.entrypoints.plain import plain
from bot.errors import UserError


class Misfilled(UserError):
    """A field of a form needs another look; the modal stays open and says so beside it."""

    def __init__(self, block: str, sentence: str) -> None:
        self.block = block
        super().__init__(sentence)


def actor(body: Mapping[str, Any]) -> Actor:
    """Who clicked."""
    user = body["user"]
    name = plain(user.get("name") or user.get("username") or "")
    return Actor(str(user["id"]), name, Door.SLACK)


def value_of(body: Mapping[str, Any]) -> str:
    """What the button bears, or what was chosen in the menu."""
    action = body["actions"][0]
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or "")


def url_of(body: Mapping[str, Any]) -> str:
    """The way back to whoever clicked."""
    return str(body.get("response_url") or "")


def number_of(value: str, what: str) -> int:
    """The number that a button bears. Raises UserError if it is none."""
    if not value.isdecimal() or len(value) > 18:
        raise UserError(f"I do not know this {what} any more.", "/budget status")
    return int(value)


def field_of(state: Mapping[str, Any], block: str) -> str:
    """The value of an input, whichever element it is."""
    for element in state.get(block, {}).values():
        chosen = element.get("selected_option") or {}
        return str(element.get("value") or chosen.get("value") or "")
    return ""


def as_typed(text: str) -> str:
    """The text of a command as the person typed it: Slack sends three of its characters as
    entities. It is escaped anew wherever it is shown."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text
