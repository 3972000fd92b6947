"""Who asks over the network, and what they may."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.change import ChangeKind
from bot.decide.override import Run
from bot.decide.people import Actor, Door
from bot.errors import UserError

ALL = "*"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}")
_EXAMPLE = "--scope gate:decide:ranker --scope gate:claim:rollback --scope read"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a caller may: ask for releases of these services, be believed about these kinds of
    change, read what stands, push what these feeds (or all feeds of these services) say, break the
    glass by the word of these clusters. `*` stands for all."""

    decides: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()
    reads: bool = False
    pushes: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    """Services whose releases they may tell the journal of."""
    breaks: frozenset[str] = frozenset()
    """Clusters by whose word they may break the glass."""

    @classmethod
    def of(cls, scopes: Iterable[str]) -> "Rights":
        """From `gate:decide:ranker`, `gate:claim:rollback`, `read`. Raises UserError."""
        found = list(scopes)
        for scope in found:
            _check(scope)
        return cls(
            _after("gate:decide:", found),
            _after("gate:claim:", found),
            "read" in found,
            _after("slices:push:", found),
            _after("releases:note:", found),
            _after("gate:break-glass:", found),
        )

    @property
    def scopes(self) -> tuple[str, ...]:
        """As they are written."""
        decides = [f"gate:decide:{name}" for name in sorted(self.decides)]
        claims = [f"gate:claim:{kind}" for kind in sorted(self.claims)]
        pushes = [f"slices:push:{name}" for name in sorted(self.pushes)]
        notes = [f"releases:note:{name}" for name in sorted(self.notes)]
        breaks = [f"gate:break-glass:{name}" for name in sorted(self.breaks)]
        return (*decides, *claims, *breaks, *(["read"] if self.reads else []), *pushes, *notes)

    def may_decide(self, service: str) -> bool:
        """Whether they may ask for a release of it."""
        return not self.decides.isdisjoint((ALL, service))

    def may_see(self, service: str) -> bool:
        """Whether they may read how it stands."""
        return self.reads or self.may_decide(service)

    def may_push(self, feed: str, services: Iterable[str]) -> bool:
        """Whether they may speak for a feed that objectives of these services count."""
        return not self.pushes.isdisjoint((ALL, feed, *services))

    def may_note(self, service: str) -> bool:
        """Whether they may tell of releases of it."""
        return not self.notes.isdisjoint((ALL, service))

    def may_break(self, cluster: str) -> bool:
        """Whether they are believed that this cluster lets somebody break the glass."""
        return not self.breaks.isdisjoint((ALL, cluster))

    def may_claim(self, kind: ChangeKind) -> bool:
        """Whether they are believed that a change is of this kind."""
        return not self.claims.isdisjoint((ALL, str(kind)))


_OF_NAMES = ("gate:decide:", "gate:break-glass:", "slices:push:", "releases:note:")


def _check(scope: str) -> None:
    kinds = {ALL, *map(str, ChangeKind)}
    claims = scope.removeprefix("gate:claim:")
    named = any(_names(prefix, scope) for prefix in _OF_NAMES)
    if not (scope == "read" or named or (claims != scope and claims in kinds)):
        raise UserError(f"`{scope}` is no scope of a token.", _EXAMPLE)


def _names(prefix: str, scope: str) -> bool:
    """Whether a name, or all of them, follow that prefix."""
    name = scope.removeprefix(prefix)
    return name != scope and (name == ALL or _NAME.fullmatch(name) is not None)


def _after(prefix: str, scopes: Iterable[str]) -> frozenset[str]:
    return frozenset(one.removeprefix(prefix) for one in scopes if one.startswith(prefix))


@dataclass(frozen=True, slots=True)
class Token:
    """A token: the stored facts. What is shown to its owner once is not among them."""

    id: int
    name: str
    """Two live ones may share a name: the old and the new, while one takes the other's place."""
    digest: str
    """SHA-256 of the token, hexadecimal."""
    rights: Rights
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    """Within the hour."""

    def live(self, now: datetime) -> bool:
        """Whether it opens anything; it ends at the instant of its expiry."""
        return self.revoked_at is None and now < self.expires_at

    @property
    def actor(self) -> Actor:
        """For the record."""
        return Actor(f"token:{self.id}", self.name, Door.API)

    @property
    def owner(self) -> str:
        """Who speaks by it: the name, which the old and the new one share while one takes the
        other's place."""
        return f"token:{self.name}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose word was proven."""

    actor: Actor
    rights: Rights
    secret: str = ""
    """What only they and we know: answers that they keep are signed with it. Empty: nothing is."""
    run: Run | None = None
    """The run that they are, where somebody vouches for it."""
    owner: str = ""
    """The same for all that one owner bears: both live tokens of a name, all doors of one code
    host. Empty: the actor is their own owner."""

    @property
    def word(self) -> str:
        """Whose word it is when they name a run or a request."""
        return self.owner or self.actor.id


MOST_LIVE = 2
"""Live tokens of one name."""
USED = timedelta(hours=1)
"""How coarsely it is noted when a token was used last."""


def refuse_third(name: str, tokens: Iterable[Token], now: datetime) -> None:
    """Raises UserError when a name has as many live tokens as it may."""
    live = [one for one in tokens if one.name == name and one.live(now)]
    if len(live) >= MOST_LIVE:
        ids = " and ".join(str(one.id) for one in live)
        sentence = f"`{name}` has two live tokens already, {ids}: one to use, one to change to."
        raise UserError(sentence, f"burnban token revoke {min(one.id for one in live)}")
