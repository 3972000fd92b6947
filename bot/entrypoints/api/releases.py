"""/v1/releases: somebody tells of a release, and what came of them is read."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, StringConstraints

from bot.decide.change import MAX_VERSION
from bot.decide.noted import Word
from bot.decide.release import NoteKind
from bot.entrypoints.api.faults import DESCRIBED
from bot.entrypoints.api.parts import Parts, Who
from bot.entrypoints.api.shapes import (
    COMMIT,
    DIGEST,
    VERSION,
    Key,
    Line,
    Moment,
    Name,
    Shape,
)
from bot.errors import Forbidden, NoSuch

router = APIRouter(responses=DESCRIBED, tags=["releases"])


class NoteIn(Shape):
    """What became of a version: it was announced, it serves everything (`began`) or a `share` of
    the traffic, it `ended`, was `rolled_back`, or never came to serve (`failed`)."""

    service: Name
    version: Annotated[str, StringConstraints(pattern=VERSION, max_length=MAX_VERSION)]
    kind: NoteKind
    at: Moment | None = None
    """When that was; left out: now. At most 300 s ahead, at most 400 days ago."""
    share: Annotated[float, Field(ge=0, le=1, strict=True)] | None = None
    """Of the traffic: said with the kind `share`, and with no other."""
    commit: Annotated[str, StringConstraints(pattern=COMMIT)] = ""
    digest: Annotated[str, StringConstraints(pattern=DIGEST)] = ""
    committed: Moment | None = None
    """When the change was written: the lead time counts from there."""
    actor: Line = ""
    """Who released."""

    def word(self) -> Word:
        """As the flow takes it. A tenth is a tenth, and not the double next to it."""
        share = None if self.share is None else Fraction(str(self.share))
        return Word(
            self.service, self.version, self.kind, self.at, share, self.commit, self.digest,
            self.committed, self.actor,
        )  # fmt: skip


class NotedOut(BaseModel):
    """What stands in the journal."""

    recorded: bool
    """False: it stood there already."""
    id: int
    service: str
    version: str
    kind: Literal["announced", "began", "share", "ended", "rolled_back", "failed"]
    at: str
    sentence: str


@router.post("/releases", response_model=NotedOut)
def tell(
    note: NoteIn,
    parts: Parts,
    who: Who,
    idempotency_key: Annotated[Key | None, Header()] = None,
) -> Response:
    """Tell the journal of a release. Needs the scope `releases:note:SERVICE`. Told again it changes
    nothing; with an `Idempotency-Key` the same request is told once, whenever it comes."""
    if not who.rights.may_note(note.service):
        sentence = f"This token may not tell of releases of {note.service}."
        raise Forbidden(sentence, f"a token with the scope releases:note:{note.service}")
    found = parts.note.run(note.word(), who.actor, idempotency_key or "")
    kept = found.note
    said = {
        "recorded": found.fresh,
        "id": kept.id,
        "service": kept.service,
        "version": kept.version,
        "kind": str(kept.kind),
        "at": kept.at.isoformat(),
        "sentence": found.sentence,
    }
    return JSONResponse(said)


class ReleasesQuery(Shape):
    """A page of the releases of a service, newest first."""

    service: Name
    before: Moment | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ReleasesOut(BaseModel):
    """Releases with what each did to the budgets; `next` is the `before` of the next page."""

    items: list[dict[str, Any]]
    next: str | None


@router.get("/releases", response_model=ReleasesOut)
def read(asked: Annotated[ReleasesQuery, Query()], parts: Parts, who: Who) -> Response:
    """When each version was live, how that ended, and for each objective what it burned (its part
    of the consumption), how much more than it had earned (`excess`), and what it `caused` against
    its control, with the 95 % interval; 1 is the whole budget."""
    if not who.rights.may_see(asked.service):
        sentence = f"This token may not see {asked.service}."
        raise Forbidden(sentence, f"the scope read, or gate:decide:{asked.service}")
    if asked.service not in parts.catalog().services:
        raise NoSuch(f"There is no service {asked.service}.")
    rows = parts.releases.listing(asked.service, asked.before, asked.limit + 1)
    shown = rows[: asked.limit]
    last = shown[-1]["began"] if len(rows) > asked.limit else None
    following = None if last is None else datetime.fromtimestamp(last, UTC).isoformat()
    return JSONResponse({"items": shown, "next": following})
