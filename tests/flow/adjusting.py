"""Short ways to adjust budgets in a world."""

from datetime import datetime
from typing import Any

from bot.decide.people import Actor, Door
from bot.flow.adjust.request import AskToAdjust, PutBack, TakeOut
from bot.flow.ask.request import AskFor, Outcome
from bot.flow.show.adjustments import ListAdjustments
from bot.judge.verdict import Verdict
from bot.ports import Rendered
from tests.builders import MINUTE, when
from tests.flow.conftest import World


def minutes_ago(world: World, minutes: int) -> datetime:
    """So long before now."""
    return when(int(world.clock.now().timestamp()) - minutes * MINUTE)


def outage(world: World, minutes: int = 60) -> None:
    """A calm month, then so long an outage of the ranker, then ten good minutes."""
    world.history_of_calm()
    world.traffic("ranker/availability", 100, minutes)
    world.traffic("ranker/availability", 0, 10)


def adjusting(world: World) -> AskToAdjust:
    """The flow."""
    ask = AskFor(world.record, world.clock, world.catalog, world.directory, world.ops)
    return AskToAdjust(ask)


def take_out(
    world: World,
    start: datetime,
    end: datetime,
    words: str = "the network was down",
    word: str = "ranker",
    who: str = "UEVE",
    once: str = "",
) -> Outcome:
    """/budget adjust by somebody in Slack."""
    actor = Actor(who, who[1:].lower(), Door.SLACK)
    return adjusting(world).run(TakeOut(word, start, end, words), actor, once)


def put_back(world: World, number: int, who: str = "UEVE") -> Outcome:
    """/budget adjust reverse by somebody in Slack."""
    actor = Actor(who, who[1:].lower(), Door.SLACK)
    return adjusting(world).run(PutBack(number, "it was ours after all"), actor)


def listed(world: World, word: str = "all") -> list[dict[str, Any]]:
    """/budget adjustments."""
    return ListAdjustments(world.record, world.clock, world.catalog).rows(word)


def verdict(world: World, name: str = "ranker/availability") -> Verdict:
    """As it stands now."""
    return next(j.verdict for j in world.answer().judged() if j.objective.id == name)


def shown(world: World, part: str) -> str:
    """All that the newest message which says this shows."""
    found = [p for p in world.messenger.posted if part in p.message.text]
    return plainly(found[-1].message)


def plainly(message: Rendered) -> str:
    """Its blocks as text, with plain spaces."""
    return repr(message.blocks).replace(r"\xa0", " ")
