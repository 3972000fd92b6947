"""Looking things up by the names people use."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.catalog import Catalog, SourceSpec, Team
from bot.decide.identity import Identities, Identity
from bot.decide.people import Group
from bot.decide.policy import DEFAULT, Approvals, OnAlert, Policy, Then, Threshold
from bot.decide.quorum import APPROVERS, DECIDERS, ON_CALL, Quorum
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.decide.service import Service
from bot.errors import UserError
from bot.judge.burn import Severity
from bot.judge.indicator import Op, Scored
from tests.builders import actor, objective

ONE, TWO, THREE = (Quorum.of(count) for count in (1, 2, 3))
STRICT = Policy("strict", "v1", approvals=Approvals(ONE, THREE, expires=7_200))
CAREFUL = Policy("careful", "v2", approvals=Approvals(TWO, TWO, expires=3_600))
SEARCH = Team("search", "Search", "#search", Group(("S1",)), Group(("S2",), ("U9",)))
ADS = Team("ads", "Ads", "#ads", Group(users=("U1",)), Group())
RANKER = objective("ranker", policy="strict")
SPELLER = objective("speller", policy="careful")
BIDDER = objective("bidder", policy="unheard-of")
CATALOG = Catalog(
    objectives=(RANKER, SPELLER, BIDDER),
    services={
        "ranker": Service("ranker", "Ranker", "search"),
        "speller": Service("speller", "Speller", "search"),
        "bidder": Service("bidder", "Bidder", "ads"),
        "ads": Service("ads", "Ads server", "ads"),
        "orphan": Service("orphan", "Orphan", "nobody"),
    },
    teams={"search": SEARCH, "ads": ADS},
    policies={"strict": STRICT, "careful": CAREFUL},
)
SERVICE = Scope(Reach.SERVICE, "ranker")
TEAM = Scope(Reach.TEAM, "search")


def test_the_on_call_and_the_approvers_are_the_deciders() -> None:
    assert SEARCH.deciders == (Group(("S1",)), Group(("S2",), ("U9",)))
    assert ADS.deciders == (Group(users=("U1",)),)


def test_a_team_knows_its_groups_by_the_words_of_a_quorum() -> None:
    leads = Group(users=("U7",))
    team = replace(SEARCH, groups={"leads": leads, "empty": Group()})
    assert team.named(DECIDERS) == team.deciders
    assert team.named(ON_CALL) == (team.on_call,)
    assert team.named(APPROVERS) == (team.approvers,)
    assert team.named("leads") == (leads,)
    assert team.named("empty") == team.named("unheard-of") == ADS.named(APPROVERS) == ()


def test_the_catalog_knows_who_is_who() -> None:
    ada = Identity(("UADA", "github:ada"))
    catalog = replace(CATALOG, identities=Identities.of([ada]))
    assert catalog.person_of("github:Ada") is ada
    assert catalog.same_person("UADA", "github:ada")
    assert not CATALOG.same_person("UADA", "github:ada")


def test_an_actor_is_recorded_with_the_other_ids_of_the_same_person() -> None:
    catalog = replace(CATALOG, identities=Identities.of([Identity(("UADA", "github:ada"))]))
    assert catalog.known(actor("ada")) == replace(actor("ada"), identity="github:ada")
    assert catalog.known(actor("ben")) == actor("ben")


def test_an_objective_is_judged_under_its_policy_or_the_default() -> None:
    assert CATALOG.policy_of(RANKER) is STRICT
    assert CATALOG.policy_of(BIDDER) is DEFAULT


def test_drift_stops_nobody_and_pages_nobody_whatever_the_policy_says() -> None:
    steps = (Threshold(Fraction(1, 2), Then.HOLD), Threshold(Fraction(0), Then.FREEZE))
    loud = OnAlert(Severity.PAGE, Then.FREEZE, frozenset({("tier", "gold")}))
    strict = replace(STRICT, thresholds=steps, on_page=Then.FREEZE, on_alerts=(loud,))
    drifts = Scored("psi", Op.LTE, Fraction(1, 10), drift=True)
    drift = replace(objective("ranker", indicator=drifts, policy="strict"), labels={"tier": "gold"})
    gentle = replace(CATALOG, policies={"strict": strict}).policy_of(drift)
    assert [step.left for step in gentle.thresholds] == [Fraction(1, 2), 0]
    assert {step.then for step in gentle.thresholds} == {Then.WARN}
    assert {gentle.on(Severity.PAGE), gentle.on(Severity.TICKET)} == {Then.WARN}
    score = replace(drift, indicator=replace(drifts, drift=False))
    assert replace(CATALOG, policies={"strict": strict}).policy_of(score).on_page is Then.FREEZE


def test_a_source_of_feeds_says_so_and_whether_they_speak_of_released_versions_only() -> None:
    pushed = SourceSpec("labels", "push", {"versions": "released"})
    assert (pushed.fed, pushed.versions) == (True, "released")
    assert replace(pushed, details={}).versions == "known"
    assert not replace(pushed, kind="prometheus").fed


def test_a_request_about_one_service_falls_under_its_policy() -> None:
    assert CATALOG.policy_for(SERVICE) == STRICT


def test_a_request_about_several_takes_the_strictest_of_each_number() -> None:
    policy = CATALOG.policy_for(TEAM)
    assert (policy.name, policy.version) == ("strict", "v1")
    assert policy.approvals == Approvals(TWO, THREE, expires=3_600)


def test_a_scope_without_objectives_falls_under_the_default() -> None:
    assert CATALOG.policy_for(Scope(Reach.SERVICE, "orphan")) == DEFAULT


def test_a_service_belongs_to_its_team_if_there_is_one() -> None:
    assert CATALOG.team_of("ranker") is SEARCH
    assert CATALOG.team_of("orphan") is None
    assert CATALOG.team_of("unknown") is None


@pytest.mark.parametrize(
    ("scope", "teams"),
    [
        (EVERYTHING, (SEARCH, ADS)),
        (TEAM, (SEARCH,)),
        (SERVICE, (SEARCH,)),
        (Scope(Reach.SERVICE, "orphan"), ()),
        (Scope(Reach.TEAM, "unknown"), ()),
    ],
)
def test_a_scope_concerns_the_teams_whose_services_it_reaches(
    scope: Scope, teams: tuple[Team, ...]
) -> None:
    assert CATALOG.teams_in(scope) == teams


def test_a_scope_reaches_the_objectives_of_its_services() -> None:
    assert CATALOG.objectives_in(TEAM) == (RANKER, SPELLER)
    assert CATALOG.objectives_in(EVERYTHING) == CATALOG.objectives
    assert not CATALOG.covers(TEAM, "unknown")


@pytest.mark.parametrize(
    ("word", "scope"),
    [
        ("all", EVERYTHING),
        ("ALL", EVERYTHING),
        ("ranker", SERVICE),
        ("search", TEAM),
        ("service:ads", Scope(Reach.SERVICE, "ads")),
        ("team:ads", Scope(Reach.TEAM, "ads")),
    ],
)
def test_a_word_means_everything_a_team_or_a_service(word: str, scope: Scope) -> None:
    assert CATALOG.scope(word) == scope


@pytest.mark.parametrize(
    ("word", "sentence", "example"),
    [
        ("ads", "`ads` is both a service and a team.", "service:ads"),
        ("rankr", "There is no service or team `rankr`. Did you mean `ranker`?", "ranker"),
        ("team:serch", "There is no team `serch`. Did you mean `search`?", "search"),
        ("service:search", "There is no service `search`.", "ranker"),
        ("qqqq", "There is no service or team `qqqq`.", "ranker"),
        ("modell:x", "There is no service or team `modell:x`.", "ranker"),
    ],
)
def test_an_unknown_or_ambiguous_word_is_answered_with_what_would_be_right(
    word: str, sentence: str, example: str
) -> None:
    with pytest.raises(UserError) as answer:
        CATALOG.scope(word)
    assert answer.value.sentence == sentence
    assert answer.value.example == example


@pytest.mark.parametrize(
    ("scope", "word"),
    [
        (EVERYTHING, "all"),
        (SERVICE, "ranker"),
        (TEAM, "search"),
        (Scope(Reach.SERVICE, "ads"), "service:ads"),
        (Scope(Reach.TEAM, "ads"), "team:ads"),
    ],
)
def test_the_word_for_a_scope_means_just_that_scope(scope: Scope, word: str) -> None:
    assert CATALOG.word(scope) == word
    assert CATALOG.scope(word) == scope


def test_without_any_service_the_example_is_everything() -> None:
    with pytest.raises(UserError) as answer:
        Catalog().scope("ranker")
    assert answer.value.example == "all"


def test_a_policy_that_was_asked_for_is_worked_out_once() -> None:
    scope = Scope(Reach.TEAM, "search")
    assert CATALOG.policy_for(scope) is CATALOG.policy_for(scope)
    other = replace(CATALOG, policies={})
    assert other.policy_for(scope).approvals == DEFAULT.approvals


def test_the_teams_of_a_scope_are_those_whose_services_it_reaches() -> None:
    services = {
        "one": Service("one", "", "search", "prod"),
        "two": Service("two", "", "ads", "staging"),
        "three": Service("three", "", "gone", "prod"),
    }
    catalog = Catalog(services=services, teams={"search": SEARCH, "ads": ADS})
    assert catalog.teams_in(Scope(Reach.ENVIRONMENT, "prod")) == (SEARCH,)
    assert catalog.teams_in(Scope(Reach.SERVICE, "two")) == (ADS,)
    assert catalog.teams_in(Scope(Reach.SERVICE, "three")) == ()
    assert catalog.teams_in(Scope(Reach.SERVICE, "nothing")) == ()
    assert catalog.teams_in(EVERYTHING) == (SEARCH, ADS)


def test_a_source_of_feeds_is_known_by_its_type_and_says_of_which_versions_they_speak() -> None:
    assert SourceSpec("labels", "push").fed
    assert not SourceSpec("prom", "prometheus").fed
    assert SourceSpec("labels", "push").versions == "known"
    assert SourceSpec("labels", "push", {"versions": "any"}).versions == "any"
