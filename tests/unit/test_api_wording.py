"""Rules that fields break are said in words for people, not in those of the checking library."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bot.entrypoints.api.releases import NoteIn, ReleasesQuery
from bot.entrypoints.api.shapes import PassageIn
from bot.entrypoints.api.slices import BatchIn, SliceIn, read_rows
from bot.entrypoints.api.wording import in_words

ROW = {"start": "2026-03-02T11:00:00Z", "end": "2026-03-02T12:00:00Z", "eligible": 9, "bad": 1}
NOTE = {"service": "ranker", "version": "38", "kind": "began"}
BATCH = {"feed": "ranker-labels", "slices": [ROW]}


def said(shape: type[BaseModel], **fields: Any) -> list[str]:
    with pytest.raises(ValidationError) as wrong:
        shape.model_validate(fields)
    return [in_words(one) for one in wrong.value.errors()]


@pytest.mark.parametrize(
    ("shape", "fields", "rule"),
    [
        (SliceIn, {**ROW, "bad": "many"}, "must be a number"),
        (SliceIn, {**ROW, "bad": True}, "must be a number"),
        (SliceIn, {**ROW, "start": "2026-03-02T11:00:00"}, "has no zone: write it like 2026-"),
        (SliceIn, {**ROW, "start": "yesterday"}, "is no time with a zone, such as 2026-"),
        (SliceIn, {**ROW, "start": None}, "is no time with a zone, such as 2026-"),
        (SliceIn, {"start": ROW["start"]}, "is missing"),
        (SliceIn, {**ROW, "colour": "red"}, "is no field that is known here"),
        (SliceIn, {**ROW, "version": "v" * 10_240}, "has more than 128 characters"),
        (SliceIn, {**ROW, "version": "38\n39"}, "must be one line, without control characters"),
        (SliceIn, {**ROW, "version": 38}, "must be a text"),
        (SliceIn, {**ROW, "version": json.loads('"\\ud800"')}, "half of a character"),
        (BatchIn, {**BATCH, "feed": "ranker labels"}, "begins with a letter or a figure"),
        (BatchIn, {**BATCH, "slices": []}, "has fewer entries than 1"),
        (BatchIn, {**BATCH, "slices": [{}] * 10_001}, "has more than 10000 entries"),
        (BatchIn, {**BATCH, "slices": {}}, "must be a list"),
        (BatchIn, {**BATCH, "slices": [5]}, "must be an object with fields"),
        (BatchIn, {**BATCH, "atomic": "perhaps"}, "must be true or false"),
        (NoteIn, {**NOTE, "version": "3 8"}, "letters, figures and signs, and no space"),
        (NoteIn, {**NOTE, "commit": "HEAD"}, "is no commit: 40 or 64 figures from 0 to f"),
        (NoteIn, {**NOTE, "digest": "latest"}, "is no digest, such as sha256:"),
        (NoteIn, {**NOTE, "kind": "gone"}, "must be one of 'announced', 'began', "),
        (NoteIn, {**NOTE, "share": 1.5}, "must be at most 1"),
        (NoteIn, {**NOTE, "share": -0.5}, "must be at least 0"),
        (NoteIn, {**NOTE, "at": 1_772_445_600}, "is no time with a zone, such as 2026-"),
        (ReleasesQuery, {"service": "ranker", "limit": "ten"}, "must be a whole number"),
        (PassageIn, {"subject": 5, "passed_at": ROW["start"]}, "must be an object with fields"),
        (PassageIn, {"subject": {}, "passed_at": ROW["start"]}, "names neither a service nor"),
    ],
)
def test_a_rule_is_told_in_plain_words(
    shape: type[BaseModel], fields: dict[str, Any], rule: str
) -> None:
    (found,) = said(shape, **fields)
    assert rule in found
    assert not any(word in found for word in ("Input", "String", "^", "Value error"))


def test_the_rows_of_a_batch_are_refused_in_those_words() -> None:
    rows, refused = read_rows([ROW, {**ROW, "version": "38\n39"}])
    assert len(rows) == 1
    assert [(one.index, one.field, one.rule) for one in refused] == [
        (1, "version", "must be one line, without control characters")
    ]


def test_what_has_no_words_of_ours_keeps_those_it_has() -> None:
    assert in_words({"type": "new_kind", "msg": "Not so"}) == "Not so"
    other = {"type": "string_pattern_mismatch", "ctx": {"pattern": "x"}, "msg": "y"}
    assert in_words(other) == "is not of the form that is wanted"
