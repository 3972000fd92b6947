"""What a rollout tells of itself goes into the journal. POST /gates/flagger/SERVICE/event: a
webhook of Flagger of type event (docs.flagger.app/usage/webhooks). POST
/gates/rollouts/SERVICE/event: what the notifications of Argo Rollouts post with our template
(integrations/argo-rollouts): that a step is over, and which steps there are."""

import re
from fractions import Fraction
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from bot.decide.noted import Word
from bot.decide.release import NoteKind
from bot.entrypoints.api.faults import status_of
from bot.entrypoints.api.shapes import Name
from bot.entrypoints.kubernetes.parts import ClusterParts, Stage, who
from bot.errors import Forbidden, RecordError, Undecidable, UserError


class Steps(Stage):
    """A stage of Argo Rollouts: `metadata.step` is the place of the step that is over."""

    steps: list[dict[str, Any]] | None = None
    """Of the canary, as the Rollout has them."""

    @property
    def weight(self) -> int | None:
        """Per cent of the traffic: what the newest step that set it said."""
        step = self.metadata.get("step", "")
        done = (self.steps or [])[: int(step) + 1] if _STEP.fullmatch(step) else []
        weights = [one["setWeight"] for one in done if isinstance(one.get("setWeight"), int)]
        return weights[-1] if weights else None


_STEP = re.compile(r"\d{1,4}")
_WEIGHT = re.compile(r"canary weight (\d{1,3})\b", re.IGNORECASE)
_ALL = 100
_PHASES = {"Succeeded": NoteKind.BEGAN, "Failed": NoteKind.FAILED}


def add_events(web: FastAPI, parts: ClusterParts) -> None:
    """Put the door where those of the stages are."""

    async def flagger(service: Name, stage: Stage, request: Request) -> Response:
        said = stage.metadata.get("eventMessage", ""), stage.metadata.get("timestamp", "")
        return await _told(parts, word_of(service, stage), stage, request, *said)

    async def rollouts(service: Name, stage: Steps, request: Request) -> Response:
        # A notification that is tried again bears the same version of the Rollout.
        said = str(stage.weight), stage.metadata.get("resourceVersion", "")
        return await _told(parts, step_of(service, stage), stage, request, *said)

    web.post("/flagger/{service}/event")(flagger)
    web.post("/rollouts/{service}/event")(rollouts)


async def _told(
    parts: ClusterParts, word: Word | None, stage: Stage, request: Request, *said: str
) -> Response:
    service = request.path_params["service"]
    try:
        caller = await who(parts, request.headers, stage.metadata.get("token", ""))
        if not caller.rights.may_note(service):
            sentence = f"This token may not tell of releases of {service}."
            raise Forbidden(sentence, f"a token with the scope releases:note:{service}")
        if word is None:
            return PlainTextResponse("nothing of the traffic", status_code=202)
        place = service, stage.namespace, stage.name  # alike in staging and in production
        once = " ".join((*place, stage.version, stage.phase, *said))
        note = partial(parts.note.run, alone=True)  # a rollout shifts to one new version
        found = await run_in_threadpool(note, word, caller.actor, once)
    except UserError as error:
        return PlainTextResponse(error.sentence, status_code=status_of(error))
    except (RecordError, Undecidable) as error:
        return PlainTextResponse(str(error), status_code=503, headers={"Retry-After": "10"})
    return PlainTextResponse(found.sentence)


def step_of(service: str, stage: Steps) -> Word | None:
    """The same of Argo Rollouts."""
    return _word(service, stage, stage.weight, "argo-rollouts")


def word_of(service: str, stage: Stage) -> Word | None:
    """None for what tells nothing of the traffic. A weight is a share; that the new version serves
    everything is told by the promotion, once it is over."""
    found = _WEIGHT.search(stage.metadata.get("eventMessage", ""))
    return _word(service, stage, None if found is None else int(found[1]), "flagger")


def _word(service: str, stage: Stage, weight: int | None, actor: str) -> Word | None:
    if stage.phase == "Progressing" and weight is not None and 0 < weight < _ALL:
        share = Fraction(weight, _ALL)
        return Word(service, stage.version, NoteKind.SHARE, share=share, actor=actor)
    kind = _PHASES.get(stage.phase)
    if kind is None or not stage.version:
        return None
    return Word(service, stage.version, kind, actor=actor)
