"""The block and action ids that Slack invents where an app gave none."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from bot.playground.model import Json

_ACTING = frozenset({"section", "actions", "input"})


def with_identifiers(blocks: Iterable[Json]) -> tuple[Json, ...]:
    return tuple(_identified(block) for block in blocks)


def _identified(block: Json) -> Json:
    block = {**block, "block_id": block.get("block_id") or secrets.token_hex(3)}
    if block.get("type") not in _ACTING:
        return block
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            block[key] = _named(block[key])
    if isinstance(block.get("elements"), list):
        block["elements"] = [_named(element) for element in block["elements"]]
    return block


def _named(element: Json) -> Json:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": secrets.token_hex(3)}
