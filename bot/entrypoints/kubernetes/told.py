"""POST /gates/flagger/SERVICE/event: a webhook of Flagger of type event. What it tells of a rollout
goes into the journal; payload: docs.flagger.app/usage/webhooks."""

import re
from fractions import Fraction
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from bot.decide.noted import Word
from bot.decide.release import NoteKind
from bot.entrypoints.api.faults import status_of
from bot.entrypoints.api.shapes import Name
from bot.entrypoints.kubernetes.parts import ClusterParts, Stage, who
from bot.errors import Forbidden, RecordError, Undecidable, UserError

_WEIGHT = re.compile(r"canary weight (\d{1,3})\b", re.IGNORECASE)
_ALL = 100
_PHASES = {"Succeeded": NoteKind.BEGAN, "Failed": NoteKind.FAILED}


def add_events(web: FastAPI, parts: ClusterParts) -> None:
    """Put the door where those of the stages are."""

    async def event(service: Name, stage: Stage, request: Request) -> Response:
        try:
            caller = await who(parts, request.headers, stage.metadata.get("token", ""))
            if not caller.rights.may_note(service):
                sentence = f"This token may not tell of releases of {service}."
                raise Forbidden(sentence, f"a token with the scope releases:note:{service}")
            word = word_of(service, stage)
            if word is None:
                return PlainTextResponse("nothing of the traffic", status_code=202)
            said = stage.metadata.get("eventMessage", ""), stage.metadata.get("timestamp", "")
            once = " ".join((stage.name, stage.version, stage.phase, *said))
            note = partial(parts.note.run, alone=True)  # a rollout shifts to one new version
            found = await run_in_threadpool(note, word, caller.actor, once)
        except UserError as error:
            return PlainTextResponse(error.sentence, status_code=status_of(error))
        except (RecordError, Undecidable) as error:
            return PlainTextResponse(str(error), status_code=503, headers={"Retry-After": "10"})
        return PlainTextResponse(found.sentence)

    web.post("/flagger/{service}/event")(event)


def word_of(service: str, stage: Stage) -> Word | None:
    """None for what tells nothing of the traffic. A weight is a share; that the new version serves
    everything is told by the promotion, once it is over."""
    weight = _WEIGHT.search(stage.metadata.get("eventMessage", ""))
    if stage.phase == "Progressing" and weight is not None and 0 < int(weight[1]) < _ALL:
        share = Fraction(int(weight[1]), _ALL)
        return Word(service, stage.version, NoteKind.SHARE, share=share, actor="flagger")
    kind = _PHASES.get(stage.phase)
    if kind is None or not stage.version:
        return None
    return Word(service, stage.version, kind, actor="flagger")
