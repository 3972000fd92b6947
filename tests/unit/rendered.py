"""Every message and view with its sample facts, and what can be read in them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.notify.render import TemplateRenderer
from bot.ports.tell import Rendered
from tests.unit.message_samples import MESSAGES, VIEWS

TEMPLATES = Path(__file__).parents[2] / "templates"
RENDERER = TemplateRenderer([TEMPLATES])
CASES = [(name, facts) for name, every in MESSAGES.items() for facts in every]
VIEW_CASES = [(name, facts) for name, every in VIEWS.items() for facts in every]
IDS = [f"{name}-{n}" for name, every in MESSAGES.items() for n, _ in enumerate(every)]
VIEW_IDS = [f"{name}-{n}" for name, every in VIEWS.items() for n, _ in enumerate(every)]


def texts(part: Any) -> Iterator[str]:
    """Everything in a structure that people read."""
    if isinstance(part, Mapping):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from texts(value)


def read(message: Rendered) -> str:
    return "\n".join([message.text, *texts(message.blocks)])


def actions(message: Rendered) -> dict[str, Mapping[str, Any]]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return {element["action_id"]: element for row in rows for element in row}
