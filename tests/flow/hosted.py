"""A world with a code host beside it, which speaks the real wire formats over the loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from bot.decide.catalog import Catalog
from bot.decide.outside import CodeHost, Deploys, HostKind, Outside
from bot.flow.hosts.backstop import LookForMissed
from bot.flow.hosts.checks import VisitChecks
from bot.flow.hosts.deployments import VisitDeployments
from bot.flow.hosts.notices import TakeNotices
from bot.flow.hosts.visits import Visits
from bot.notify.hosts.github import GitHub
from tests.flow.conftest import World
from tests.flow.gates import Gates
from tests.httpserver import BadServer
from tests.hub import APP, ONE_LINE, PLACE, Hub, Waits

RULES = (Deploys(PLACE, "prod", ("ranker",)), Deploys(PLACE, "both", ("ranker", "recs")))


@dataclass
class Hosted:
    """The flows around a GitHub."""

    world: World
    url: str
    hub: Hub
    spec: CodeHost = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.hub.expires = lambda: f"{world.clock.now().replace(year=2027):%FT%TZ}"
        self.spec = CodeHost(
            "acme", HostKind.GITHUB, self.url, RULES, "HOOK", "KEY", APP, check="burnban"
        )
        self.gates = Gates(world, catalog=self.with_host(world.catalog()))
        self.api = GitHub(self.spec, lambda name: ONE_LINE, world.clock.now, lambda: 0.0)
        record, clock, gates = world.record, world.clock, self.gates
        self.notices = TakeNotices(record, clock, self.catalog)
        self.visits = Visits(record, clock, world.ops)
        self.deployments = VisitDeployments(
            record, clock, self.catalog, gates.flow, lambda name: self.api, self.visits
        )
        self.checks = VisitChecks(
            record, clock, self.catalog, gates.status, lambda name: self.api, self.visits
        )
        self.missed = LookForMissed(
            record, clock, self.catalog, lambda name: self.api, self.notices
        )

    def with_host(self, catalog: Catalog) -> Catalog:
        """The same with the host."""
        return replace(catalog, outside=Outside({self.spec.name: self.spec}))

    def catalog(self) -> Catalog:
        """The specs in force."""
        assert self.gates.catalog is not None
        return self.gates.catalog

    def later(self, seconds: float = 60) -> None:
        """Time passes, and everything that waits is visited."""
        self.world.clock.advance(seconds)
        self.deployments.run()
        self.checks.run()


@pytest.fixture
def hosted(world: World) -> Iterator[Hosted]:
    """With a calm month behind it, and one run that waits."""
    world.history_of_calm()
    hub = Hub(runs={42: Waits(42)})
    with BadServer(hub) as server:
        yield Hosted(world, server.url, hub)
