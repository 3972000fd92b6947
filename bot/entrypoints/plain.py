"""Text from outside, made fit for a terminal and for one line."""

import unicodedata

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They change the order in which a line is shown."""

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by category, but nothing is drawn for them."""


def plain(text: object) -> str:
    """The text without control characters (escape sequences of terminals begin with one) and
    without what turns the reading order; each stretch of them is one space."""
    kept = "".join(" " if _unfit(each) else each for each in str(text))
    return kept if kept == str(text) else " ".join(kept.split())


def visible(text: str) -> bool:
    """Whether there is anything to see: spaces, joiners, marks on nothing and fillers are not."""
    return any(unicodedata.category(each)[0] not in "ZCM" and each not in _BLANK for each in text)


def _unfit(each: str) -> bool:
    return unicodedata.category(each) in ("Cc", "Zl", "Zp", "Cs") or each in _TURNING
