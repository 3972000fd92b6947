"""Gates of progressive delivery, one shape of address for both: POST /gates/rollouts/SERVICE for a
web metric of Argo Rollouts (200 with a state, whatever it is), POST /gates/flagger/SERVICE for the
confirm-… webhooks of Flagger (200 goes, 4xx waits, the body is shown). The same body for both:
name, namespace, phase, checksum, metadata."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from bot.decide.change import Change
from bot.decide.gate_answer import Outcome
from bot.decide.override import Run
from bot.entrypoints.api import faults
from bot.entrypoints.api.asking import ask
from bot.entrypoints.api.body import READ_WITHIN, BoundedBodies
from bot.entrypoints.api.faults import status_of
from bot.entrypoints.api.shapes import Name
from bot.entrypoints.kubernetes.parts import ClusterParts, Stage, who
from bot.entrypoints.kubernetes.rollbacks import add_rollbacks
from bot.entrypoints.kubernetes.told import add_events
from bot.entrypoints.kubernetes.words import refusal
from bot.errors import Undecidable, UserError
from bot.flow.gate.decide import Asking
from bot.flow.gate.sitting import GateAnswer

_STATES = {Outcome.HOLD: "hold", Outcome.DENY: "deny"}
_HELD = {Outcome.HOLD: 409, Outcome.DENY: 403}


def asked(stage: Stage, system: str, service: str) -> Asking:
    """As the flow takes it: a revision is one run, however often it asks."""
    change = Change(service, stage.version)
    run = Run(system, f"{stage.namespace}/{stage.name}/{stage.checksum or stage.version}")
    return Asking(change, run, environment=stage.metadata.get("environment", ""))


def build_stages(parts: ClusterParts, within: float = READ_WITHIN) -> FastAPI:
    """The application. `within`: seconds for a whole body to arrive."""
    web = FastAPI(title="Burnban", docs_url=None, redoc_url=None, openapi_url=None)
    faults.install(web)
    door = _Door(parts)
    web.post("/rollouts/{service}")(door.rollouts)
    web.post("/flagger/{service}")(door.flagger)
    add_rollbacks(web, parts)
    add_events(web, parts)
    web.add_middleware(BoundedBodies, within=within)
    return web


class _Door:
    def __init__(self, parts: ClusterParts) -> None:
        self._parts = parts

    async def rollouts(self, service: Name, stage: Stage, request: Request) -> Response:
        """Anything but 200 is an error for Argo Rollouts, and five in a row abort: what cannot be
        decided now waits."""
        asking = asked(stage, "argo-rollouts", service)
        try:
            caller = await who(self._parts, request.headers, stage.metadata.get("token", ""))
            found = await ask(self._parts.gate, asking, caller)
        except Undecidable as error:
            return _state("hold", str(error), None)
        reason = found.facts["sentence"] if found.outcome.goes else self._why(asking, found)
        return _state(_STATES.get(found.outcome, "open"), reason, found)

    async def flagger(self, service: Name, stage: Stage, request: Request) -> Response:
        """Flagger shows the body of whatever is more than 202."""
        asking = asked(stage, "flagger", service)
        try:
            caller = await who(self._parts, request.headers, stage.metadata.get("token", ""))
            found = await ask(self._parts.gate, asking, caller)
        except UserError as error:
            return PlainTextResponse(error.sentence, status_code=status_of(error))
        except Undecidable as error:
            wait = {"Retry-After": str(error.retry_after)}
            return PlainTextResponse(str(error), status_code=503, headers=wait)
        if found.outcome.goes:
            return PlainTextResponse(found.facts["sentence"])
        return PlainTextResponse(self._why(asking, found), status_code=_HELD[found.outcome])

    def _why(self, asking: Asking, found: GateAnswer) -> str:
        return refusal(asking.change, found, self._parts.catalog())


def _state(state: str, reason: str, found: GateAnswer | None) -> Response:
    facts = found.facts if found is not None else {}
    data = {"state": state, "reason": reason, "decision": facts.get("decision_id")}
    return JSONResponse({"data": data | {"nextOpen": facts.get("next_open")}})
