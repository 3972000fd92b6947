"""What the API takes: shapes, and limits of each field."""

import re
from typing import Annotated, Any, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from bot.decide.change import MAX_VERSION, Change, ChangeKind
from bot.decide.override import Run
from bot.flow.gate.decide import Asking

NAME = r"^[A-Za-z0-9][A-Za-z0-9_.:/@-]*$"
LINE = r"^[^\x00-\x1f\x7f\u0085\u2028\u2029]*$"
"""Anything that fits in one line."""
VERSION = r"^[!-~]+$"
KEY = r"^[\x21-\x7e]+$"
COMMIT = r"^([0-9a-f]{40}|[0-9a-f]{64})?$"
DIGEST = r"^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})?$"

Name = Annotated[str, StringConstraints(pattern=NAME, max_length=128)]


def _some(value: Any) -> Any:
    """Left out is one thing, null another."""
    if value is None:
        raise ValueError("is null; leave it out instead")
    return value


Given = Annotated[
    Name | None,
    BeforeValidator(_some),
    WithJsonSchema({"type": "string", "pattern": NAME, "maxLength": 128}),
]
"""A name that may be left out."""
Line = Annotated[str, StringConstraints(pattern=LINE, max_length=200)]
Key = Annotated[str, StringConstraints(pattern=KEY, min_length=1, max_length=200)]


_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def _written(value: Any) -> Any:
    """As RFC 3339 has it; a bare number would be taken for seconds since 1970."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("is no time with a zone, such as 2026-03-01T12:00:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
"""An instant."""


class Shape(BaseModel):
    """No field that is not known: a typing error is told, not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SubjectIn(Shape):
    """What is to be released: a service by its name, or a model in an environment."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["service"]}, {"required": ["model"]}]}
    )

    service: Given = None
    model: Given = None
    model_version: Annotated[str, StringConstraints(pattern=LINE, max_length=MAX_VERSION)] = ""
    environment: Given = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.service is None and self.model is None:
            raise ValueError("names neither a service nor a model")
        return self


class ChangeIn(Shape):
    """What kind of change it is, and by what it can be told from others."""

    kind: ChangeKind = ChangeKind.OTHER
    commit: Annotated[str, StringConstraints(pattern=COMMIT)] = ""
    digest: Annotated[str, StringConstraints(pattern=DIGEST)] = ""
    ticket: Line = ""


class ActorIn(Shape):
    """Who releases, as the caller says."""

    id: Line = ""
    type: Line = ""


def _not_null(schema: dict[str, Any]) -> None:
    """Only what is there is described: null is refused."""
    (one,) = (each for each in schema.pop("anyOf") if each.get("type") != "null")
    schema.update(one)
    schema.pop("default", None)


class RunIn(Shape):
    """One run of one pipeline: the same run may ask again."""

    system: Name
    id: Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=200)]
    attempt: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class ReleaseIn(Shape):
    """A release: what, of what kind, by whom, in which run."""

    subject: SubjectIn
    change: ChangeIn = ChangeIn()
    actor: ActorIn = ActorIn()
    run: Annotated[RunIn | None, BeforeValidator(_some)] = Field(None, json_schema_extra=_not_null)

    def asking(self, once: str) -> Asking:
        """As the flow takes it."""
        subject, change, run = self.subject, self.change, self.run
        return Asking(
            Change(
                subject.service or "",
                subject.model_version,
                change.commit,
                change.digest,
                change.kind,
                change.ticket,
            ),
            Run(run.system, run.id, run.attempt) if run is not None else None,
            self.actor.id,
            subject.model or "",
            subject.environment or "",
            once,
        )


class QuestionIn(ReleaseIn):
    """May this release go now?"""


class PassageIn(ReleaseIn):
    """A release that went without an answer."""

    passed_at: AwareDatetime
    why: Line = ""
