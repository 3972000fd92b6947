"""Freezes that are over are told: a few one by one, many at once in one message."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import Choice, Vote
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.decide.people import BURNBAN, Actor
from bot.decide.scope import Reach
from bot.decide.summary import share
from bot.flow.announce import freeze_facts
from bot.flow.ask.ballot import vote_facts
from bot.flow.facts import Facts, channels_of, scope_words, services_of, shortlist
from bot.flow.freeze.origin import set_by
from bot.flow.freeze.past import Past, correct
from bot.flow.freeze.thread import own_topic, threads_of
from bot.ports import Act, Books, Outgoing

NAMED = 40
"""Freezes that the message of many names."""


@dataclass(frozen=True, slots=True)
class Over:
    """A freeze that is over, and how that came."""

    freeze: Freeze
    template: str
    """lifted, thawed or freeze_ended."""
    by: Actor = BURNBAN
    approvals: Sequence[Vote] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one of them is told."""

    over: Over
    channel: str
    thread: str
    """The topic under which its announcement stands: its own, or that of many."""

    @property
    def own(self) -> bool:
        return self.thread == own_topic(self.over.freeze, self.channel)

    @property
    def alike(self) -> tuple[str, str, str, bool, str, str]:
        """What those have in common that one message can speak of."""
        freeze = self.over.freeze
        how = (self.over.template, str(freeze.effect), freeze.monitored)
        return self.channel, *how, self.over.by.id, self.over.reason


def tell_over(
    books: Books, catalog: Catalog, ops: str, ended: Sequence[Over], now: datetime
) -> None:
    """Tell, under each freeze's own announcement and to the channel, what is over since this
    transaction. Those that were announced together are told together, in that message's thread; of
    many others the channel hears once, and each thread for itself."""
    if not ended:
        return
    standing = [f for f in books.freezes.standing(now) if f.in_force(now) and not f.monitored]
    tell = _Tell(books, catalog, standing, now)
    alike: defaultdict[tuple[str, str, str, bool, str, str], list[_Place]] = defaultdict(list)
    places = list(_places(books, catalog, ops, ended))
    for place in places:
        alike[place.alike].append(place)
    for some in alike.values():
        together: defaultdict[str, list[_Place]] = defaultdict(list)
        for place in some:
            together["" if place.own else place.thread].append(place)
        tell.apart(together.pop("", []))
        for thread, members in together.items():
            tell.together(members, thread)
    correct(books, catalog, ops, [tell.past(place) for place in places], standing, now)


def _places(books: Books, catalog: Catalog, ops: str, ended: Sequence[Over]) -> Iterable[_Place]:
    wanted = [
        (over, channel)
        for over in ended
        for channel in channels_of(catalog, over.freeze.scope, ops)
    ]
    threads = threads_of(books, [(over.freeze, channel) for over, channel in wanted])
    return [
        _Place(over, channel, thread)
        for (over, channel), thread in zip(wanted, threads, strict=True)
    ]


@dataclass(frozen=True)
class _Tell:
    books: Books
    catalog: Catalog
    standing: Sequence[Freeze]
    """What is in force still."""
    now: datetime

    def apart(self, some: Sequence[_Place]) -> None:
        """Each has a thread of its own. What was only watched has nobody to wake."""
        aloud = any(not place.over.freeze.monitored for place in some)
        many = aloud and share(len(some), 0)
        if many:
            self._many(some, "")
        for place in some:
            self._one(place, aloud=aloud and not many)

    def past(self, place: _Place) -> Past:
        """What its announcement says from now on."""
        over, facts = place.over, self._more([place])
        said = {
            "ended_by": over.by.id,
            "ended_name": over.by.name,
            "why": over.reason,
            "votes": [vote_facts(vote) for vote in over.approvals if vote.choice is Choice.APPROVE],
            "still_frozen": facts["still_frozen"],
        }
        return Past(over.freeze, place.channel, place.thread, over.template, said)

    def together(self, some: Sequence[_Place], thread: str) -> None:
        """They share one."""
        if len(some) > 1:
            self._many(some, thread)
        else:
            self._one(some[0], aloud=True)

    def _one(self, place: _Place, *, aloud: bool) -> None:
        """In its thread; `aloud`: and in the channel."""
        over, freeze = place.over, place.over.freeze
        votes = over.approvals if over.template == "lifted" else set_by(self.books, freeze)
        base = freeze_facts(self.catalog, freeze, votes)
        facts = {**base, **self._more([place])}
        key = f"{own_topic(freeze, place.channel)}:{over.template}"
        self._put(place, key, place.thread, over.template, facts, aloud=aloud)

    def _many(self, some: Sequence[_Place], thread: str) -> None:
        """One message for all of them: in the thread of theirs, or in the channel."""
        first, freezes = some[0], [place.over.freeze for place in some]
        key = f"freezes:{min(freeze.id for freeze in freezes)}:{first.channel}:over"
        names = [_name(freeze) for freeze in freezes]
        facts = {
            **self._more(some),
            "how": first.over.template,
            "effect": str(freezes[0].effect),
            "monitored": freezes[0].monitored,
            "approvals": [
                vote_facts(vote) for vote in first.over.approvals if vote.choice is Choice.APPROVE
            ],
            "total": len(freezes),
            "service": shortlist(names),
            "names": [
                f"{name} ({freeze.effect} {freeze.id})"
                for freeze, name in zip(freezes[:NAMED], names, strict=False)
            ],
        }
        self._put(first, key, thread or key, "lifted_many", facts, aloud=True, post=not thread)

    def _put(
        self,
        place: _Place,
        key: str,
        thread: str,
        template: str,
        facts: Facts,
        *,
        aloud: bool,
        post: bool = False,
    ) -> None:
        loud = aloud and not post and not place.over.freeze.monitored
        act = Act.POST if post else Act.REPLY
        said = Outgoing(key, place.channel, thread, act, template, facts, broadcast=loud)
        self.books.outbox.put(said, self.now)

    def _more(self, some: Sequence[_Place]) -> Facts:
        """What is said of one as of many: by whom, why, which services, what else stands."""
        over, freezes = some[0].over, [place.over.freeze for place in some]
        services = dict.fromkeys(s for f in freezes for s in services_of(self.catalog, f.scope))
        return {
            "by": over.by.id,
            "by_name": over.by.name,
            "via": str(over.by.door),
            "reason": over.reason or over.freeze.reason,
            "freeze_reason": over.freeze.reason,
            "services": list(services),
            "still_frozen": self._still({freeze.id for freeze in freezes}, services),
        }

    def _still(self, gone: set[int], services: Iterable[str]) -> list[Facts]:
        others = [one for one in self.standing if one.id not in gone]
        mine = set(services)
        return [
            {
                "id": one.id,
                "scope": scope_words(one.scope),
                "reason": one.reason,
                "effect": str(one.effect),
            }
            for one in sorted(others, key=lambda one: -one.effect.rank)
            if mine & set(services_of(self.catalog, one.scope))
        ]


def _name(freeze: Freeze) -> str:
    """A freeze by what it stopped."""
    scope = freeze.scope
    return scope.name if scope.reach is Reach.SERVICE else scope_words(scope)
