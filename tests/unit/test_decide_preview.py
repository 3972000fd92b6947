"""What a freeze would touch is known before anybody sets it."""

from dataclasses import replace
from datetime import timedelta

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog, Team
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.people import Group
from bot.decide.preview import Preview, preview
from bot.decide.quorum import ONE
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.decide.service import Service
from tests.builders import NOON, actor, when

NOW = when(NOON)
HOUR = timedelta(hours=1)
SEARCH = Team("search", "Search", "#search", Group(), Group(users=("ULEAD",)))
ADS = Team("ads", "Ads", "#ads", Group(), Group(users=("UBOSS",)))
CATALOG = Catalog(
    services={
        "ranker": Service("ranker", "", "search", "prod"),
        "embedder": Service("embedder", "", "search", "prod"),
        "bidder": Service("bidder", "", "ads", "prod"),
    },
    teams={"search": SEARCH, "ads": ADS},
)
RANKER, BIDDER = Scope(Reach.SERVICE, "ranker"), Scope(Reach.SERVICE, "bidder")
TEAM = Scope(Reach.TEAM, "search")
HELD = Freeze(1, RANKER, "errors", Origin.MANUAL, actor(), NOW - HOUR)


def of(scope: Scope, *freezes: Freeze, requests: tuple[Request, ...] = ()) -> Preview:
    return preview(CATALOG, scope, freezes, requests, NOW)


def asked(scope: Scope) -> Request:
    return Request(
        7, Wish.FREEZE, scope, "why", actor(), Origin.MANUAL, ONE, NOW, NOW + HOUR
    )  # fmt: skip


def test_it_names_the_services_and_teams_that_a_scope_reaches() -> None:
    found = of(TEAM)
    assert [one.name for one in found.services] == ["embedder", "ranker"]
    assert found.teams == (SEARCH,)
    everything = of(EVERYTHING)
    assert len(everything.services) == 3
    assert everything.teams == (SEARCH, ADS)


def test_what_is_stopped_already_is_told() -> None:
    found = of(TEAM, HELD)
    assert (found.stopped, found.standing, found.coming) == ({"ranker"}, (HELD,), ())


def test_freezes_that_come_are_told_apart_from_those_in_force() -> None:
    later = replace(HELD, starts_at=NOW + HOUR)
    assert (of(TEAM, later).standing, of(TEAM, later).coming) == ((), (later,))


def test_what_is_over_or_of_others_does_not_count() -> None:
    over = replace(HELD, lifted_at=NOW)
    elsewhere = replace(HELD, scope=BIDDER)
    found = of(TEAM, over, elsewhere)
    assert (found.standing, found.coming) == ((), ())


def test_a_wider_freeze_counts_for_what_it_reaches() -> None:
    wide = replace(HELD, scope=EVERYTHING)
    assert of(RANKER, wide).stopped == {"ranker"}


def test_what_only_cautions_stands_but_stops_nothing() -> None:
    caution = replace(HELD, effect=Effect.CAUTION)
    found = of(RANKER, caution)
    assert (found.stopped, found.standing) == (frozenset(), (caution,))


def test_open_requests_about_any_of_its_services_are_named() -> None:
    near, wide, far = asked(RANKER), asked(EVERYTHING), asked(BIDDER)
    assert of(TEAM, requests=(near, wide, far)).requests == (near, wide)
