"""A request, and votes on it."""

from dataclasses import replace
from datetime import datetime, timedelta
from operator import eq

from bot.decide.approval import Choice, Request, Ruling, SamePerson, Vote, Wish, rule_on_vote
from bot.decide.freeze import Origin
from bot.decide.people import Person
from bot.decide.quorum import DECIDERS, Quorum
from bot.decide.scope import Reach, Scope
from tests.builders import NOON, actor, when

NOW = when(NOON)
ASKED = Request(
    1,
    Wish.UNFREEZE,
    Scope(Reach.SERVICE, "ranker"),
    "the fix is out",
    actor("ada"),
    Origin.MANUAL,
    quorum=Quorum.of(2),
    created_at=NOW,
    expires_at=NOW + timedelta(hours=4),
    freezes=(7,),
)


def vote(name: str, choice: Choice = Choice.APPROVE) -> Vote:
    return Vote(actor(name), choice, NOW, "user group S1, asked live")


def voted(name: str, *groups: str) -> Vote:
    return replace(vote(name), groups=groups)


def click(
    who: Person,
    *votes: Vote,
    choice: Choice = Choice.APPROVE,
    request: Request = ASKED,
    groups: tuple[str, ...] = (DECIDERS,),
    now: datetime = NOW,
    same: SamePerson = eq,
) -> Ruling:
    return rule_on_vote(request, votes, who, choice, groups=groups, now=now, same=same)
