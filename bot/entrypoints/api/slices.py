"""POST /v1/slices: what feeds say of stretches of time."""

import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response
from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from bot.entrypoints.api.faults import DESCRIBED, fault
from bot.entrypoints.api.parts import Parts, Who
from bot.entrypoints.api.shapes import LINE, Key, Name, Shape
from bot.entrypoints.api.wording import in_words
from bot.entrypoints.plain import plain
from bot.flow.poll.receive import Batch, Refusal, Refused, Row
from bot.judge.observation import FIGURES, Observation

router = APIRouter()
MOST = 10_000
"""Slices of one batch."""
_LISTED = 100
"""Faults that are listed where nothing was taken."""
Number = Annotated[float, Field(strict=True)]
Word = Annotated[str, StringConstraints(pattern=LINE, max_length=128)]


class SliceIn(Shape):
    """One stretch of time and one version: confusion counts, plain counts, or a score."""

    start: AwareDatetime
    end: AwareDatetime
    version: Word = ""
    tp: Number | None = None
    fp: Number | None = None
    fn: Number | None = None
    tn: Number | None = None
    positives: Number | None = None
    negatives: Number | None = None
    eligible: Number | None = None
    bad: Number | None = None
    value: Number | None = None
    n: Number | None = None
    low: Number | None = None
    high: Number | None = None
    tool: Word = ""
    metric: Word = ""
    threshold: Number | None = None

    def observation(self) -> Observation:
        """As the feeds keep it: whole seconds."""
        figures = {name: getattr(self, name) for name in FIGURES}
        return Observation(
            int(self.start.timestamp()),
            int(self.end.timestamp()),
            self.version,
            tool=self.tool,
            metric=self.metric,
            **figures,
        )


_ABOUT = (
    "`start` and `end` with a zone; `version`; and one of: `tp`, `fp`, `fn`, `tn` (with `positives`"
    " and `negatives`, the predictions made of each class) | `eligible`, `bad` | `value`, `n` (with"
    " `low`, `high`, `tool`, `metric`, `threshold`). Each row is judged by itself: what is wrong"
    " with it is said under `refused`."
)


class BatchIn(Shape):
    """What a feed says. The newest word on a stretch and version counts; counts only grow."""

    feed: Name
    atomic: bool = False
    """All or nothing; else the sound rows are taken."""
    slices: Annotated[
        list[dict[str, Any]],
        Field(min_length=1, max_length=MOST),
        WithJsonSchema(
            {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST,
                "items": {"type": "object", "description": _ABOUT},
            }
        ),
    ]


class RefusedOut(BaseModel):
    """A row that was not taken."""

    index: int
    field: str
    rule: str


class RestatedOut(BaseModel):
    """An objective whose account was corrected, and in how many slices."""

    objective: str
    slices: int


class ReceiptOut(BaseModel):
    """What became of a batch."""

    feed: str
    taken: int
    changed: int
    """How many of them say something new."""
    refused: list[RefusedOut]
    restated: list[RestatedOut]


@router.post("/slices", response_model=ReceiptOut, responses=DESCRIBED, tags=["feeds"])
def push(
    batch: BatchIn,
    parts: Parts,
    who: Who,
    idempotency_key: Annotated[Key | None, Header()] = None,
) -> Response:
    """Say what a feed says of some stretches of time: counts of labelled predictions, plain counts,
    or scores. Saying it again changes nothing; with an `Idempotency-Key` the very same request gets
    the very same answer for a day."""
    once = idempotency_key or ""
    rows, refused = read_rows(batch.slices)
    # Not as pydantic writes JSON: half a character, in a row that is refused, has no UTF-8.
    told = hashlib.sha256(json.dumps(batch.model_dump()).encode()).hexdigest() if once else ""
    try:
        found = parts.receive.run(Batch(batch.feed, rows, refused, batch.atomic, once, told), who)
    except Refused as error:
        return _refused(error)
    return JSONResponse(found)


def read_rows(said: list[dict[str, Any]]) -> tuple[list[Row], list[Refusal]]:
    """Rows as the flow takes them, and those that cannot be read."""
    rows: list[Row] = []
    refused: list[Refusal] = []
    for index, one in enumerate(said):
        try:
            rows.append((index, SliceIn.model_validate(one).observation()))
        except ValidationError as error:
            refused += _wrongs(index, error)
    return rows, refused


def _wrongs(index: int, error: ValidationError) -> Iterator[Refusal]:
    for one in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in one["loc"])
        yield Refusal(index, plain(name)[:100], plain(in_words(one)))


def _refused(error: Refused) -> Response:
    fields = [
        {"field": f"slices[{one.index}].{one.field}", "problem": one.rule}
        for one in error.refusals[:_LISTED]
    ]
    return fault(422, "refused", plain(error.sentence), plain(error.example), fields)
