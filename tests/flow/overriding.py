"""Overrides in the small world: short ways to ask for them, to use them, and to look at them."""

from collections.abc import Sequence
from dataclasses import replace

from bot.decide.approval import Choice, Request, Wish
from bot.decide.change import Change, ChangeKind
from bot.decide.override import Grant, OverrideState, Run, over_since, override_state
from bot.decide.people import Actor, Door, Group
from bot.decide.policy import Approvals, Policy
from bot.flow.ask.request import Outcome
from bot.flow.ask.take_back import TakeBack
from bot.flow.override.break_glass import BreakGlass
from bot.flow.override.card import named
from bot.flow.override.request import AskOverride
from bot.flow.override.review import FinishReview, RemindReviews
from bot.flow.override.revoke import RevokeOverride
from bot.flow.override.settle import SettleOverrides
from bot.flow.override.use import UseOverride
from bot.ports import Books
from tests.builders import person
from tests.flow.conftest import QUICK, SEARCH, World

V38 = Change("ranker", "38")
ROLLBACK = replace(V38, kind=ChangeKind.ROLLBACK)
RUN, OTHER_RUN = Run("github", "1"), Run("github", "2")
OWN = 4 * 3_600
"""Seconds that a request lives, and that a grant may be used."""


def people(world: World) -> None:
    """Ada and Ben are on call, the lead approves, Uma is a manager, Eve and Max are others."""
    for name in ("lead", "uma", "max"):
        world.directory.add(person(name))
    team = world.teams["search"]
    world.teams["search"] = replace(team, groups={"managers": Group(users=("UUMA",))})


def under(world: World, **changes: object) -> Policy:
    """Another policy for everything."""
    world.policy = replace(QUICK, **changes)  # type: ignore[arg-type] # fields of Policy
    return world.policy


def frozen(world: World, word: str = "ranker", hours: float | None = None) -> int:
    """A freeze by the on-call; its number."""
    freeze = world.ask(Wish.FREEZE, "UADA", word, hours=hours).freeze
    assert freeze is not None
    return freeze.id


def lifted(world: World, word: str = "ranker") -> None:
    """Asked by one, approved by another."""
    world.vote(world.ask(Wish.UNFREEZE, "UADA", word).request, "UBEN")


def who(name: str) -> Actor:
    return Actor(f"U{name.upper()}", name, Door.SLACK)


def ask(
    world: World, change: Change = V38, by: str = "eve", reason: str = "38 has the fix"
) -> Outcome:
    flow = AskOverride(world.record, world.clock, world.catalog, world.directory, world.ops)
    return flow.run(change, reason, who(by))


def asked(world: World, change: Change = V38, by: str = "eve") -> Request:
    found = ask(world, change, by).request
    assert found is not None
    return found


def granted(world: World, change: Change = V38, by: str = "eve", voter: str = "UADA") -> Request:
    request = asked(world, change, by)
    world.vote(request, voter)
    return request


def glass(world: World, by: str = "ada", incident: str = "INC-7", change: Change = V38) -> Outcome:
    flow = BreakGlass(world.record, world.clock, world.catalog, world.directory, world.ops)
    return flow.run(change, incident, "nobody gets results", who(by))


def use(
    world: World, change: Change = V38, freezes: Sequence[int] = (), run: Run = RUN
) -> Grant | None:
    flow = UseOverride(world.record, world.clock, world.catalog, world.ops)
    return flow.run(change, freezes, run)


def revoke(world: World, number: int, by: str = "ada", reason: str = "the fix was wrong") -> str:
    flow = RevokeOverride(world.record, world.clock, world.catalog, world.directory, world.ops)
    return flow.run(number, reason, who(by))


def review(world: World, number: int, by: str = "lead", finding: str = "it was right") -> str:
    flow = FinishReview(world.record, world.clock, world.catalog, world.directory, world.ops)
    return flow.run(number, finding, who(by))


def reminding(world: World) -> RemindReviews:
    return RemindReviews(world.record, world.clock, world.catalog, world.ops)


def taking(world: World) -> TakeBack:
    return TakeBack(world.record, world.clock, world.catalog, world.ops)


def settle(world: World) -> int:
    return SettleOverrides(world.record, world.clock, world.catalog, world.ops).run()


def deny(world: World, request: Request, voter: str = "UADA") -> None:
    world.vote(request, voter, Choice.DENY)


def state(world: World, number: int) -> OverrideState:
    """Where override `number` stands."""

    def look(books: Books) -> OverrideState:
        request = books.requests.get(number)
        assert request is not None
        now = world.clock.now()
        over = over_since(named(books, request), now)
        return override_state(request, books.grants.of_request(number), now, over)

    return world.record.read(look)


def card(world: World, number: int) -> str:
    """What the message of an override says, once everything is delivered."""
    world.deliver()
    (head,) = [p for p in world.messenger.posted if p.key == f"request:{number}"]
    return str(head.message.blocks)


def news(world: World, channel: str = SEARCH) -> list[str]:
    """The replies in the threads of a channel."""
    world.deliver()
    return world.replies(channel)


def written_to(world: World) -> dict[str, str]:
    """Private messages, by person."""
    world.deliver()
    found = [p for p in world.messenger.posted if p.channel.startswith("U")]
    return {p.channel: p.message.text for p in found}


def approvals(**changes: object) -> Approvals:
    return replace(Approvals(), **changes)  # type: ignore[arg-type] # fields of Approvals
