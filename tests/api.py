"""The API over a world of its own, on a port of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from bot.decide.catalog import Catalog
from bot.decide.people import Actor, Door
from bot.entrypoints.api.app import build_api
from bot.entrypoints.api.behind import ApiParts
from bot.flow.gate.afterwards import ReportPassage
from bot.flow.gate.callers import Callers
from bot.flow.gate.known import knowing
from bot.flow.gate.links import Links
from bot.flow.gate.note import NoteRelease
from bot.flow.gate.tokens import KeepTokens
from bot.flow.poll.receive import Receive
from bot.flow.show.browse import Browse
from bot.flow.show.releases import ShowReleases
from bot.trust.oidc import OidcIssuers
from tests.flow.gates import Gates
from tests.served import served


@dataclass
class Api:
    """The served API: what it stands on, and short ways to ask it."""

    gates: Gates
    url: str
    scopes: list[str] = field(
        default_factory=lambda: ["gate:decide:*", "gate:claim:*", "read", "slices:push:*"]
    )
    names: int = 0

    def token(self, *scopes: str) -> str:
        """A fresh one."""
        self.names += 1
        world = self.gates.world
        me = Actor("terminal:ada", "ada", Door.TERMINAL)
        keep = KeepTokens(world.record, world.clock)
        given = list(scopes) or self.scopes
        return keep.create(f"t{self.names}", given, timedelta(days=1), me)[0]

    def client(self, *scopes: str) -> httpx.Client:
        """One that bears a token with these scopes."""
        headers = {"Authorization": f"Bearer {self.token(*scopes)}"}
        return httpx.Client(base_url=f"{self.url}/v1", headers=headers, trust_env=False)


def question(service: str = "ranker", version: str = "38", **change: str) -> dict[str, Any]:
    """As a pipeline asks."""
    return {
        "subject": {"service": service, "model_version": version},
        "change": {"kind": "retrain", **change},
        "actor": {"id": "github:ada", "type": "ci"},
        "run": {"system": "github", "id": "123"},
    }


@contextmanager
def serving(gates: Gates, catalog: Catalog | None = None, within: float = 5.0) -> Iterator[Api]:
    """The API at /v1 of a real server."""
    gates.catalog = catalog or gates.world.catalog()
    world, known = gates.world, knowing(lambda: gates.catalog or Catalog())
    clock = world.clock
    monotonic = lambda: clock.now().timestamp()  # noqa: E731 - a clock
    issuers = OidcIssuers(lambda: gates.catalog or Catalog(), clock.now, monotonic)
    parts = ApiParts(
        gates.flow,
        gates.status,
        ReportPassage(gates.record, clock, known),
        Browse(gates.record, lambda: gates.catalog or Catalog()),
        Callers(gates.record, clock, lambda: gates.catalog or Catalog(), issuers, monotonic),
        lambda: gates.catalog or Catalog(),
        Links(lambda: gates.catalog or Catalog(), monotonic),
        Receive(gates.record, clock, lambda: gates.catalog or Catalog(), world.ops),
        NoteRelease(gates.record, clock, lambda: gates.catalog or Catalog()),
        ShowReleases(gates.record, clock, lambda: gates.catalog or Catalog()),
    )
    web = FastAPI(openapi_url=None)
    web.mount("/v1", build_api(parts, within))
    with served(web) as url:
        yield Api(gates, url)
