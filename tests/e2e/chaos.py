"""What the tests of chaos and their child processes share: plans, messages, and the count."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.decide.catalog import Catalog, Team
from bot.decide.people import Group
from bot.decide.service import Service
from bot.playground.model import Channel, Keys
from bot.playground.seed import BOT, LEAD, ONCALL, SCIENTIST
from bot.ports import Act, Outgoing
from tests.team import ONCALL_GROUP

if TYPE_CHECKING:
    from tests.e2e.nursery import Child, Nursery
    from tests.e2e.slack import Slack

S = TypeVar("S")
R = TypeVar("R")

KILLED = -9
KEYS = Keys(signing="5109" * 8)
TEMPLATES = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True)
class Plan:
    """What a child process is to do, and where it is to die."""

    task: str
    database_url: str
    api_url: str
    step: str = ""
    turn: int = 1
    request: int = 0
    user: str = ""
    channel: str = ""
    lease: float = 5.0
    """Seconds; short, so that what a dead worker held is free again soon."""
    patience: float = 2.4
    """Seconds for one post to Slack, less than half of the lease; a busy machine needs a while."""
    deadline: float = 35.0

    def child(self, nursery: "Nursery", log: Path) -> "Child":
        """A process that follows it."""
        return nursery.child(asdict(self), log)


def rooms(count: int) -> list[Channel]:
    """Channels with the bot and the staff in them: each scene has one to itself."""
    members = frozenset({BOT.user_id, SCIENTIST.id, ONCALL.id, LEAD.id})
    return [Channel(f"C0ROOM{n:03d}", f"room-{n}", members) for n in range(count)]


def catalog(channel: str) -> Catalog:
    """One service, whose team listens in that channel."""
    team = Team("search", "Search", channel, Group((ONCALL_GROUP.id,)), Group())
    service = Service("ranker", "Ranker", "search")
    return Catalog(services={"ranker": service}, teams={"search": team})


def notice(key: str, channel: str, text: str = "first") -> Outgoing:
    """A message at the head of a topic of its own."""
    return Outgoing(key, channel, key, Act.POST, "ops_notice", _facts(text))


def reply(key: str, topic: str, channel: str) -> Outgoing:
    """One under it."""
    return Outgoing(key, channel, topic, Act.REPLY, "ops_notice", _facts("a reply"))


def edit(topic: str, channel: str, text: str) -> Outgoing:
    """The head's new wording."""
    return Outgoing(f"{topic}:edit", channel, topic, Act.EDIT, "ops_notice", _facts(text))


def _facts(text: str) -> dict[str, Any]:
    return {"title": "A notice", "text": text, "faults": []}


def standing(slack: "Slack", channel: str) -> Counter[str]:
    """How often each key stands in a channel, replies included."""
    messages = slack.space.messages(channel)
    return Counter(str(m.metadata["event_payload"]["key"]) for m in messages if m.metadata)


def at_once(act: Callable[[S], R], scenes: Iterable[S]) -> list[R]:
    """Play all scenes at the same time: most of each is waiting."""
    with ThreadPoolExecutor(12) as stage:
        return list(stage.map(act, scenes))
