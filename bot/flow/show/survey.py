"""Which freezes stand, and what one more would touch. Nothing is changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog, Team
from bot.decide.freeze import Freeze
from bot.decide.preview import Preview, preview
from bot.decide.quorum import needs_words
from bot.decide.schedule import fold
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.flow.announce import ACTS
from bot.flow.ask.ballot import vote_facts
from bot.flow.facts import Facts, channels_of, epoch, scope_words, services_of
from bot.flow.freeze.origin import approved_by
from bot.flow.mention import whom
from bot.flow.show.underway import releases_under_way
from bot.ports import Clock, Record

SHOWN = 20
"""Freezes in one message."""


@dataclass(frozen=True)
class Survey:
    """The flow behind /freeze list, /freeze preview and their like in the terminal."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str

    def standing(self, word: str = "all") -> list[Freeze]:
        """Active, cooling and scheduled freezes that reach a service of the scope, those in force
        first, then by their start."""
        catalog, now = self.catalog(), self.clock.now()
        scope = catalog.scope(word)
        found = self.record.read(lambda books: books.freezes.standing(now))
        near = [one for one in found if _meets(catalog, one.scope, scope)]
        return sorted(near, key=lambda one: (not one.in_force(now), one.starts_at, one.id))

    def rows(self, word: str = "all") -> list[Facts]:
        """One for each freeze: what `burnban freezes --json` prints."""
        return self._rows([(freeze, 0) for freeze in self.standing(word)])

    def listing(self, word: str = "all") -> Facts:
        """The facts of `freezes`: of what a schedule will freeze, the next stretch for each scope,
        with the number of those after it; and the freezes that are asked for."""
        catalog, now = self.catalog(), self.clock.now()
        rows = self._rows(fold(self.standing(word), now))
        scope = catalog.scope(word)
        return {
            "rows": rows[:SHOWN],
            "hidden": max(0, len(rows) - SHOWN),
            "filter": catalog.word(scope),
            "about": scope_words(scope),
            "stopped": sum(_stops(row) for row in rows),
            "asked": [_request(one) for one in self._asked(catalog, scope, now)],
        }

    def _rows(self, some: Sequence[tuple[Freeze, int]]) -> list[Facts]:
        catalog, now = self.catalog(), self.clock.now()
        votes = self.record.read(lambda books: approved_by(books, [one for one, _ in some]))
        return [
            freeze_row(catalog, one, now, more)
            | {"approvals": [vote_facts(vote) for vote in votes.get(one.id, ())]}
            for one, more in some
        ]

    def _asked(self, catalog: Catalog, scope: Scope, now: datetime) -> list[Request]:
        """Freezes that are only proposed: they wait for their approval."""
        pending = self.record.read(lambda books: books.requests.pending(now))
        return [
            one for one in pending if one.wish is Wish.FREEZE and _meets(catalog, one.scope, scope)
        ]

    def preview(self, word: str, until: datetime | None = None) -> Facts:
        """The facts of `freeze_preview`."""
        catalog, now = self.catalog(), self.clock.now()
        scope = catalog.scope(word)
        freezes, requests, releases = self.record.read(
            lambda books: (
                books.freezes.standing(now),
                books.requests.pending(now),
                releases_under_way(books, catalog, scope, now),
            )
        )
        found = preview(catalog, scope, freezes, requests, now)
        more = {"releases": releases, "until": epoch(until)}
        return self._said(catalog, found, now) | more

    def _said(self, catalog: Catalog, found: Preview, now: datetime) -> Facts:
        approvals = catalog.policy_for(found.scope).approvals
        return {
            "scope": scope_words(found.scope),
            "word": catalog.word(found.scope),
            "services": [one.name for one in found.services],
            "stopped": sorted(found.stopped),
            "teams": [_team(catalog, team, found.scope) for team in found.teams],
            "channels": channels_of(catalog, found.scope, self.ops_channel),
            "standing": self._rows([(one, 0) for one in found.standing]),
            "coming": self._rows(fold(found.coming, now)),
            "requests": [_request(one) for one in found.requests],
            "takes": needs_words(approvals.freeze.needs),
            "lifting": needs_words(approvals.unfreeze.needs),
        }


def _stops(row: Facts) -> bool:
    acts = row["effect"] == "freeze" and not row["monitored"]
    return acts and row["state"] in ("active", "cooling")


def freeze_row(catalog: Catalog, freeze: Freeze, now: datetime, more: int = 0) -> Facts:
    """Who froze what, why, since when and until when. `more`: how many of its schedule follow it
    that have no row of their own."""
    return {
        "id": freeze.id,
        "scope": scope_words(freeze.scope),
        "word": catalog.word(freeze.scope),
        "services": services_of(catalog, freeze.scope),
        "reason": freeze.reason,
        "by": freeze.set_by.id,
        "by_name": freeze.set_by.name,
        "origin": str(freeze.origin),
        "schedule": freeze.schedule,
        "cause": freeze.cause,
        "state": str(freeze.state(now)),
        "effect": str(freeze.effect),
        "monitored": freeze.monitored,
        "since": epoch(freeze.starts_at),
        "until": epoch(freeze.ends_at),
        "edited": freeze.version > 1,
        "more": more,
    }


def _meets(catalog: Catalog, one: Scope, other: Scope) -> bool:
    """Whether they reach a service in common. Everything meets all there is, also what stands for
    services that are gone."""
    if other == EVERYTHING:
        return True
    return any(catalog.covers(one, name) for name in services_of(catalog, other))


def _team(catalog: Catalog, team: Team, scope: Scope) -> Facts:
    return {
        "name": team.name,
        "title": team.title or team.name,
        "channel": team.channel,
        "services": [
            n for n in services_of(catalog, scope) if catalog.services[n].team == team.name
        ],
        "deciders": whom(catalog, Scope(Reach.TEAM, team.name)),
    }


def _request(request: Request) -> Facts:
    return {
        "id": request.id,
        "wish": str(request.wish),
        "act": ACTS[request.wish],
        "scope": scope_words(request.scope),
        "reason": request.reason,
        "by": request.requester.id,
        "by_name": request.requester.name,
        "expires": epoch(request.expires_at),
    }
