"""The doors for clusters over a small world, on a port of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.cluster import Cluster
from bot.decide.outside import Outside
from bot.decide.people import Actor, Door
from bot.entrypoints.http import build_http
from bot.entrypoints.kubernetes.admission import build_admission
from bot.entrypoints.kubernetes.parts import ClusterParts
from bot.entrypoints.kubernetes.stages import build_stages
from bot.flow.canary.show import ShowCanary
from bot.flow.gate.admit import Admit
from bot.flow.gate.callers import Callers
from bot.flow.gate.note import NoteRelease
from bot.flow.gate.note_glass import NoteGlass
from bot.flow.gate.tokens import KeepTokens
from bot.flow.override.break_glass import BreakGlass
from bot.record import Database
from bot.trust.oidc import OidcIssuers
from tests.flow.conftest import World
from tests.flow.gates import Gates
from tests.served import served


@dataclass
class Clusters:
    """What was built, and short ways to knock."""

    world: World
    gates: Gates
    url: str
    catalog: list[Catalog]
    client: httpx.Client
    names: int = 0
    tokens: dict[tuple[str, ...], str] = field(default_factory=dict)

    def token(self, *scopes: str) -> str:
        """One with these scopes."""
        if scopes not in self.tokens:
            self.names += 1
            me = Actor("terminal:ada", "ada", Door.TERMINAL)
            keep = KeepTokens(self.world.record, self.world.clock)
            given = list(scopes) or ["gate:decide:*", "gate:break-glass:*"]
            word = keep.create(f"t{self.names}", given, timedelta(days=1), me)[0]
            self.tokens[scopes] = word
        return self.tokens[scopes]

    def post(self, path: str, said: Any, **headers: str) -> httpx.Response:
        """A request."""
        if isinstance(said, bytes):
            return self.client.post(path, content=said, headers=headers)
        return self.client.post(path, json=said, headers=headers)

    def review(self, said: Any, cluster: str = "prod", door: str = "review") -> dict[str, Any]:
        """The response of a review, as the API server takes it."""
        answer = self.post(f"/kubernetes/{cluster}/{door}/{self.token()}", said)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        assert (found["apiVersion"], found["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
        response: dict[str, Any] = found["response"]
        assert response["uid"] == said["request"]["uid"]
        return response

    def stage(self, tool: str, service: str = "ranker", **said: Any) -> httpx.Response:
        """A stage of a delivery asks."""
        body = {
            "name": "ranker",
            "namespace": "search",
            "phase": "Progressing",
            "checksum": "85d55",
        }
        bearer = f"Bearer {self.token()}"
        return self.post(f"/gates/{tool}/{service}", body | said, authorization=bearer)


@contextmanager
def knocking(world: World, *clusters: Cluster, within: float = 5.0) -> Iterator[Clusters]:
    """All doors, on a real server."""
    outside = Outside(clusters={one.name: one for one in clusters or (Cluster("prod"),)})
    catalog = [replace(world.catalog(), outside=outside)]
    gates = Gates(world, catalog=catalog[0])
    clock, record = world.clock, gates.record
    monotonic = lambda: clock.now().timestamp()  # noqa: E731 - a clock
    issuers = OidcIssuers(lambda: catalog[0], clock.now, monotonic)
    glass = BreakGlass(record, clock, lambda: catalog[0], world.directory, world.ops)  # type: ignore[arg-type]
    notes = NoteGlass(record, clock, lambda: catalog[0], world.ops, 10.0)  # type: ignore[arg-type]
    parts = ClusterParts(
        Admit(gates.flow, glass, lambda: catalog[0], clock, notes),
        gates.flow,
        Callers(record, clock, lambda: catalog[0], issuers, monotonic),  # type: ignore[arg-type]
        lambda: catalog[0],
        ShowCanary(record, clock, lambda: catalog[0]),
        NoteRelease(record, clock, lambda: catalog[0]),  # type: ignore[arg-type]
    )
    web = build_http(None, "", dict)
    web.mount("/kubernetes", build_admission(parts, within))
    web.mount("/gates", build_stages(parts, within))
    with served(web) as url, httpx.Client(base_url=url, trust_env=False) as client:
        found = Clusters(world, gates, url, catalog, client)
        found.token()
        yield found


@pytest.fixture
def clusters(sqlite_url: str) -> Iterator[Clusters]:
    """One cluster, `prod`."""
    with Database(sqlite_url) as record, knocking(World(record)) as found:
        yield found


def frozen(clusters: Clusters, word: str = "ranker", hours: float | None = None) -> int:
    """The number of the freeze."""
    clusters.world.ask(Wish.FREEZE, word=word, hours=hours)
    return clusters.world.freezes()[-1].id
