"""Making a message fit: long texts are cut, empty parts vanish, lists end where Slack ends them.

A warning that is cut is better than one that Slack refuses. What our own program gets back (values,
ids) is never cut: a part whose value is too long goes whole.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.notify import sizes
from bot.notify.escape import cut
from bot.notify.sizes import find, is_text, role, text_size

_DROPPED = object()
_STEPS = (1_500, 700, 300, 150, 75)
"""Ever shorter texts, until the whole fits."""


def words_of(part: Any) -> Iterator[str]:
    """The texts in a structure, in the order in which they are read."""
    if is_text(part):
        yield part["text"]
    elif isinstance(part, Mapping | list):
        for entry in part.values() if isinstance(part, Mapping) else part:
            yield from words_of(entry)


def fit_text(text: str) -> str:
    """The top-level text of a message."""
    return cut(" ".join(text.split()), sizes.TEXT)


def fit_blocks(blocks: list[Any], most: int, whole: int = sizes.WHOLE) -> list[dict[str, Any]]:
    """At most `most` blocks, of at most `whole` characters together."""
    fitted = _blocks(blocks, most)
    for longest in _STEPS:
        if text_size(fitted) <= whole:
            return fitted
        fitted = [_shrink(block, longest) for block in fitted]
    return _without_middle(fitted, whole)


def _without_middle(blocks: list[dict[str, Any]], whole: int) -> list[dict[str, Any]]:
    """The head says what happened, the end has the buttons: what is missing is said between."""
    gone, kept = 0, list(blocks)
    while kept and text_size(kept) + (_NOTE if gone else 0) > whole:
        middle = len(kept) // 2
        del kept[middle]
        gone += 1
    return [*kept[: len(kept) // 2], *([_missing(gone)] if gone else []), *kept[len(kept) // 2 :]]


_NOTE = 80
"""Characters of the line that says what is missing, at most."""


def _missing(count: int) -> dict[str, Any]:
    note = f"… and {count} more that {'does' if count == 1 else 'do'} not fit into one message."
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": note, "verbatim": True}]}


def fit_view(view: Mapping[str, Any]) -> dict[str, Any]:
    """A view whose parts all fit."""
    kind = str(view.get("type"))
    fields = ((name, value) for name, value in view.items() if name != "blocks")
    fitted = {name: _field(kind, name, value) for name, value in fields}
    head = {name: value for name, value in fitted.items() if value is not _DROPPED}
    if kind == "modal":
        head.setdefault("title", {"type": "plain_text", "text": "Burnban"})
    most = sizes.BLOCKS.get(kind, 100)
    blocks = fit_blocks(list(view.get("blocks") or ()), most, whole=sizes.VIEW_BYTES)
    return {**head, "blocks": blocks}


def _blocks(blocks: list[Any], most: int) -> list[dict[str, Any]]:
    kept = [part for block in blocks if (part := _part(block, "")) is not _DROPPED]
    if len(kept) <= most:
        return kept
    return [*kept[: most - 1], _missing(len(kept) - most + 1)]


def _part(part: Any, key: str) -> Any:
    """The part with all below it fitted, or _DROPPED if nothing useful is left of it."""
    if not isinstance(part, Mapping):
        return part
    kind = role(part, key)
    fitted = {}
    for name, value in part.items():
        most = find(sizes.DATA, kind, name)
        if most is not None and sizes.units(str(value)) > most:
            return _DROPPED
        new = _field(kind, name, value)
        if new is not _DROPPED:
            fitted[name] = new
    for choice in sizes.NEEDED.get(kind, ()):
        if not any(fitted.get(name) for name in choice):
            return _DROPPED
    return _without_stray_choice(fitted)


def _field(kind: str, name: str, value: Any) -> Any:
    most = find(sizes.TEXTS, kind, name)
    if isinstance(value, list):
        every = [_entry(entry, name, most) for entry in value]
        kept = [entry for entry in every if entry is not _DROPPED]
        return kept[: find(sizes.LISTS, kind, name)] if kept else _DROPPED
    return _entry(value, name, most)


def _entry(value: Any, name: str, most: int | None) -> Any:
    if is_text(value):
        return _text(value, most or sizes.TEXT)
    if isinstance(value, str) and most is not None:
        return cut(value, most) or _DROPPED
    return _part(value, name)


def _text(value: Mapping[str, Any], most: int) -> Any:
    text = cut(str(value.get("text", "")).strip(), most)
    if not text:
        return _DROPPED
    # verbatim: Slack links no address and no name that stands in the text by itself.
    extra = {"verbatim": True} if value["type"] == "mrkdwn" else {}
    return {**extra, **value, "text": text}


def _without_stray_choice(part: dict[str, Any]) -> dict[str, Any]:
    """An option picked beforehand must be among those offered."""
    if "initial_option" not in part:
        return part
    groups = part.get("option_groups") or [part]
    offered = [option for group in groups for option in group.get("options", ())]
    if part["initial_option"] in offered:
        return part
    return {name: value for name, value in part.items() if name != "initial_option"}


def _shrink(part: Any, longest: int) -> Any:
    if is_text(part):
        return {**part, "text": cut(part["text"], longest)}
    if isinstance(part, Mapping):
        return {name: _shrink(value, longest) for name, value in part.items()}
    return [_shrink(value, longest) for value in part] if isinstance(part, list) else part
