"""A Slack that refuses, and ways to look at what came of it."""

from dataclasses import dataclass, field

from bot.decide.approval import Request, Wish
from bot.errors import Refused
from bot.ports import Rendered
from tests.builders import MINUTE
from tests.fakes import FakeMessenger, Posted
from tests.flow.conftest import SEARCH, World

EVERYWHERE = ""


@dataclass
class Door(FakeMessenger):
    """A Slack that refuses posts and edits, in one channel or everywhere, until told otherwise."""

    refusals: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def post(
        self, channel: str, message: Rendered, key: str, thread: str | None, *, broadcast: bool
    ) -> tuple[str, str]:
        self._ask(channel)
        return super().post(channel, message, key, thread, broadcast=broadcast)

    def edit(self, channel: str, ts: str, message: Rendered) -> None:
        self._ask(channel)
        super().edit(channel, ts, message)

    def _ask(self, channel: str) -> None:
        code = self.refusals.get(channel) or self.refusals.get(EVERYWHERE)
        if code:
            self.refused.append(channel)
            raise Refused(code)


def pass_by(world: World, seconds: int) -> None:
    """Deliver what is due, a look a second for a minute, then less often."""
    flow = world.delivery()
    step = 1 if seconds <= MINUTE else 15
    for _ in range(0, seconds, step):
        world.clock.advance(step)
        flow.run()


def asked(world: World) -> Request:
    """A request that waits for its approval, in the outbox."""
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert request is not None
    return request


def take_away(world: World) -> None:
    """Somebody deletes the head that stands in the team's channel."""
    head = next(p for p in world.messenger.posted if p.channel == SEARCH and not p.thread)
    world.messenger.delete(SEARCH, head.ts)


def burn(world: World, minutes: int) -> None:
    """All requests of one objective fail; what there is to say is delivered at once."""
    for _ in range(minutes):
        world.traffic("ranker/availability", bad=100, minutes=1)
        world.delivery().run()


def warning(door: Door) -> Posted:
    """The one warning that stands in the team's channel."""
    heads = [p for p in door.posted if p.channel == SEARCH and not p.thread]
    found = [p for p in heads if p.key.startswith("episode:")]
    assert len(found) == 1
    return found[0]
