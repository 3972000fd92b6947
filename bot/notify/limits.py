"""The check of every message and view before it is sent: would Slack take it?

slack_sdk's models know many sizes but speak only when asked; what they miss is checked here: counts
of blocks, ids given twice, the size of the whole, a missing text, an input without a submit button.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.views import View

from bot.notify import sizes
from bot.notify.sizes import find, is_text, role, text_size, units

_KNOWN = frozenset(["section", "divider", "image", "actions", "context", "input", "header"])
_Block = Mapping[str, Any]


class LimitError(Exception):
    """What Slack would refuse, all of it, a line each."""


def check_message(text: str, blocks: Sequence[_Block]) -> None:
    """Raises LimitError for a message that Slack would refuse or split."""
    faults = list(_blocks(blocks, sizes.BLOCKS["message"]))
    if not text.strip():
        faults.append("text: a message needs a top-level text (it is what notifications show)")
    if units(text) > sizes.TEXT:
        faults.append(f"text: {units(text)} characters, {sizes.TEXT} at most")
    if (whole := text_size(list(blocks))) > sizes.WHOLE:
        faults.append(f"blocks: {whole} characters in all texts together, {sizes.WHOLE} at most")
    _raise(faults)


def check_view(view: _Block) -> None:
    """Raises LimitError for a view that Slack would refuse."""
    kind, blocks = str(view.get("type")), view.get("blocks") or ()
    if kind not in ("modal", "home"):
        raise LimitError(f"type: {kind!r} is neither modal nor home")
    faults = list(_blocks(blocks, sizes.BLOCKS[kind]))
    head = {name: value for name, value in view.items() if name != "blocks"}
    faults += _part(head, "")
    if not blocks:
        faults.append("blocks: a view needs at least one")
    asks = any(block.get("type") == "input" for block in blocks)
    if kind == "modal" and asks and not view.get("submit"):
        faults.append("submit: a view with inputs needs a submit button")
    faults += _model(lambda: View(**{**view, "blocks": [DividerBlock()]}).to_dict())
    if (heavy := len(repr(view).encode())) > sizes.VIEW_BYTES:
        faults.append(f"view: {heavy} bytes, {sizes.VIEW_BYTES} at most")
    _raise(faults)


def _blocks(blocks: Sequence[_Block], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"blocks: {len(blocks)} of them, {most} at most"
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        where = f"blocks[{index}]"
        yield from (f"{where}: {fault}" for fault in _block(block))
        name = str(block.get("block_id") or "")
        if name in seen:
            yield f"{where}: the block_id {name!r} is given twice"
        seen.update([name] if name else [])


def _block(block: _Block) -> Iterator[str]:
    if str(block.get("type")) not in _KNOWN:
        yield f"type {block.get('type')!r}: known are {', '.join(sorted(_KNOWN))}"
        return
    yield from _part(block, "")
    yield from _model(lambda: Block.parse(dict(block)).to_dict())  # type: ignore[union-attr]
    parts = [part for part in block.get("elements", ()) if isinstance(part, Mapping)]
    given = [str(part["action_id"]) for part in parts if part.get("action_id")]
    if len(given) != len(set(given)):
        yield "an action_id is given twice in one block"


def _model(build: Any) -> Iterator[str]:
    """What slack_sdk's own models say."""
    try:
        build()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError) as wrong:
        yield str(wrong)


def _part(part: Any, key: str) -> Iterator[str]:
    if not isinstance(part, Mapping) or is_text(part):
        return
    kind = role(part, key)
    for choice in sizes.NEEDED.get(kind, ()):
        if not any(part.get(name) for name in choice):
            yield f"{kind}: {' or '.join(choice)} is missing"
    for name, value in part.items():
        yield from (f"{name}: {fault}" for fault in _field(kind, name, value))


def _field(kind: str, name: str, value: Any) -> Iterator[str]:
    most = find(sizes.DATA, kind, name)
    if most is not None and units(str(value)) > most:
        yield f"{units(str(value))} characters, {most} at most"
    listed = find(sizes.LISTS, kind, name)
    if listed is not None and not 1 <= len(value) <= listed:
        yield f"{len(value)} entries; 1 to {listed} are allowed"
    for entry in value if isinstance(value, list | tuple) else (value,):
        yield from _text(entry, find(sizes.TEXTS, kind, name))
        yield from _part(entry, name)


def _text(value: Any, most: int | None) -> Iterator[str]:
    text = value.get("text") if is_text(value) else value if most is not None else None
    if text is None:
        return
    if not isinstance(text, str):
        if not isinstance(text, Mapping):
            yield f"a text object or a text is needed, not {text!r}"
    elif not text.strip():
        yield "an empty text"
    elif units(text) > (most or sizes.TEXT):
        yield f"{units(text)} characters, {most or sizes.TEXT} at most"


def _raise(faults: list[str]) -> None:
    if faults:
        raise LimitError("\n".join(faults))
