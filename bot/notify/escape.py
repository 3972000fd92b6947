"""Slack's escaping; cleaning of text from outside; cutting that leaves no half mark behind."""

import re

from bot.notify.sizes import units

_CODES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL = re.compile(r"[&<>]")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_PLAIN = {"amp": "&", "lt": "<", "gt": ">"}
_ATOM = re.compile(r"&(?:amp|lt|gt);|<[^<>]*>|.", re.DOTALL)
_MARK = re.compile(r"<([^<>]*)>")
_FENCE = "```"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Bidirectional controls: they make a text read otherwise than it is."""
_SURROGATES = re.compile("[\ud800-\udfff]")
"""Half characters: JSON may carry them, UTF-8 cannot."""


def escape(text: str) -> str:
    """The three characters that Slack reads as marks, as entities: no `<!channel>`, no `<@U…>`, no
    link survives."""
    return _SPECIAL.sub(lambda found: _CODES[found[0]], text)


def unescape(text: str) -> str:
    """The inverse of `escape`."""
    return _ENTITY.sub(lambda found: _PLAIN[found[1]], text)


def clean(text: str) -> str:
    """One line of text from outside: no line breaks (a reason cannot forge lines of ours), no
    control characters, nothing that cannot be sent."""
    text = _SURROGATES.sub("\ufffd", _TURNS.sub("", text))
    return _CONTROLS.sub(" ", text)


def shorten(text: str, most: int) -> str:
    """At most `most` units of text that is not escaped yet, ending in "…" where it was cut."""
    return text if units(text) <= most else _head(text, most - 1, re.compile(".", re.DOTALL)) + "…"


def cut(text: str, most: int) -> str:
    """At most `most` units of escaped text: entities and `<…>` marks stay whole, an opened code
    block is closed."""
    if units(text) <= most:
        return text
    head = _head(text, most - 1, _ATOM)
    if head.count(_FENCE) % 2:
        head = _head(text, most - 2 - len(_FENCE), _ATOM)
        return head + ("…" if head.count(_FENCE) % 2 == 0 else f"…\n{_FENCE}")
    return head + "…"


def unmark(text: str) -> str:
    """Escaped text for a place that knows no marks (`plain_text`): dates, people, channels and
    links as words."""
    return _MARK.sub(lambda found: _word(found[1]), text)


def _word(mark: str) -> str:
    body, _, label = mark.partition("|")
    if label:
        return label
    return body if body[:1] in ("@", "#") else body.removeprefix("!")


def _head(text: str, most: int, atom: re.Pattern[str]) -> str:
    kept: list[str] = []
    room = most
    for found in atom.finditer(text):
        room -= units(found[0])
        if room < 0:
            break
        kept.append(found[0])
    return "".join(kept)
