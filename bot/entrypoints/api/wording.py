"""What is wrong with a field, in words for people. The checking library has words of its own for
programmers, and shows regular expressions."""

from collections.abc import Mapping
from typing import Any

from bot.entrypoints.api.shapes import COMMIT, DIGEST, KEY, LINE, NAME, VERSION

_TIME = "is no time with a zone, such as 2026-03-01T12:00:00Z"
_SAYS = {
    "missing": "is missing",
    "extra_forbidden": "is no field that is known here",
    "string_type": "must be a text",
    "string_unicode": "is no text: half of a character stands in it",
    "string_too_long": "has more than {max_length} characters",
    "string_too_short": "has fewer characters than {min_length}",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "too_long": "has more than {max_length} entries",
    "too_short": "has fewer entries than {min_length}",
    "json_invalid": "is no JSON, or only a part of it",
    "dict_type": "must be an object with fields",
    "model_type": "must be an object with fields",
    "model_attributes_type": "must be an object with fields",
    "list_type": "must be a list",
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": "has no zone: write it like 2026-03-01T12:00:00Z",
}
"""By the library's kind of fault."""
_FORMS = {
    LINE: "must be one line, without control characters",
    NAME: "has letters, figures and any of . _ : / @ -, and begins with a letter or a figure",
    KEY: "has letters, figures and signs, and no space",
    VERSION: "has letters, figures and signs, and no space",
    COMMIT: "is no commit: 40 or 64 figures from 0 to f",
    DIGEST: "is no digest, such as sha256: and 64 figures from 0 to f",
}
"""By the pattern that a text does not have."""


def in_words(error: Mapping[str, Any]) -> str:
    """The rule that a field breaks, as a sentence goes on after its name. `error`: as pydantic
    gives it, with its context."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        return _FORMS.get(context["pattern"], "is not of the form that is wanted")
    if kind in _SAYS:
        return _SAYS[kind].format_map(context)
    return str(error["msg"]).removeprefix("Value error, ")
