"""What is named in an answer is understood when it is typed."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.approval import Wish
from bot.decide.policy import Then, Threshold
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.entrypoints.grammar import AskWords, Show, Status, parse
from bot.entrypoints.grammar_history import ReadHistory
from bot.errors import UserError
from bot.playground.rules.surfaces import check_message as slack_takes
from tests.builders import HOUR, objective
from tests.flow.conftest import QUICK, World
from tests.flow.reading import read

HINT = re.compile(r"`(/(?:budget|freeze|unfreeze)) ([^`]*)`")


@pytest.fixture
def shared(world: World) -> World:
    """`dup` is a team, and a service of another."""
    world.objectives = (objective(), objective("dup"))
    world.teams = world.teams | {"dup": replace(world.teams["search"], name="dup")}
    world.open()
    return world


def test_how_to_lift_a_freeze_names_just_that_scope(shared: World) -> None:
    assert "/unfreeze service:dup <reason>" in shared.ask(Wish.FREEZE, word="service:dup").next
    assert "/unfreeze team:dup <reason>" in shared.ask(Wish.FREEZE, word="team:dup").next
    assert "/unfreeze ranker <reason>" in shared.ask(Wish.FREEZE, word="ranker").next


@pytest.mark.parametrize(
    ("word", "said", "instead"),
    [
        ("team:search", "`search` is team search.", "/budget status search"),
        ("team:dup", "`team:dup` is team dup.", "/budget status team:dup"),
        ("ALL", "`all` is everything.", "/budget status all"),
    ],
)
def test_show_of_several_services_says_what_to_write_instead(
    shared: World, word: str, said: str, instead: str
) -> None:
    with pytest.raises(UserError) as caught:
        shared.answer().show(word)
    assert caught.value.sentence.endswith(said)
    assert caught.value.example == instead


def test_all_is_all_however_it_is_written(shared: World) -> None:
    shared.ask(Wish.FREEZE, word="ranker")
    answer = shared.answer()
    assert shared.page("ALL")["rows"] == shared.page("all")["rows"] == shared.page()["rows"]
    assert shared.page()["rows"]
    assert answer.status("All") == answer.status("all")


def hinted(world: World, *said: str) -> set[Scope]:
    """The scopes of the commands that texts propose, understood as if typed."""
    found = [hit for text in said for hit in HINT.findall(text)]
    typed = [parse(command, words, world.clock.now()) for command, words in found]
    words = [
        one.service if isinstance(one, Show) else one.word
        for one in typed
        if isinstance(one, Show | Status | ReadHistory | AskWords)
    ]
    assert len(words) == len(found), "all of them name a scope"
    return {world.catalog().scope(word) for word in words}


def told(world: World) -> dict[str, str]:
    """All that messages say and have said, by the kind of their key."""
    world.deliver()
    kinds: dict[str, str] = {}
    for posted in world.messenger.posted:
        kind = posted.key.partition(":")[0] + ("/reply" if posted.thread else "")
        kinds[kind] = kinds.get(kind, "") + read(posted)
    return kinds


WORDS = ("service:dup", "team:dup", "ranker")


@pytest.mark.parametrize("word", WORDS)
def test_what_freezes_and_requests_propose_means_their_scope(shared: World, word: str) -> None:
    shared.vote(shared.ask(Wish.FREEZE, "UEVE", word, hours=2).request, "UADA")
    shared.vote(shared.ask(Wish.UNFREEZE, "UEVE", word).request, "UADA")
    shared.ask(Wish.FREEZE, "UEVE", word)
    shared.ask(Wish.FREEZE, "UADA", word, hours=2)
    shared.clock.advance(5 * HOUR)
    shared.tidy()
    kinds = told(shared)
    for kind in ("request", "freeze", "freeze/reply"):
        assert hinted(shared, kinds[kind]) == {shared.catalog().scope(word)}


def test_what_a_warning_proposes_means_its_service(shared: World) -> None:
    low = Threshold(Fraction(3, 4), Then.WARN)
    shared.policy = replace(QUICK, thresholds=(low,), on_page=Then.FREEZE)
    shared.history_of_calm()
    shared.traffic("dup/availability", 90.0, 30)
    kinds = told(shared)
    for kind in ("episode", "episode/reply", "freeze"):
        assert hinted(shared, kinds[kind]) == {Scope(Reach.SERVICE, "dup")}
    episode = shared.episode("dup/availability")
    assert episode is not None
    details = shared.renderer().view("details_modal", shared.answer().details(episode.id))
    assert hinted(shared, str(details)) == {Scope(Reach.SERVICE, "dup")}


@pytest.mark.parametrize("frozen", [True, False])
def test_what_show_proposes_means_the_service_shown(shared: World, frozen: bool) -> None:
    if frozen:
        shared.ask(Wish.FREEZE, word="service:dup")
    shown = shared.renderer().message("show", shared.answer().show("service:dup"))
    assert hinted(shared, str(shown.blocks)) == {Scope(Reach.SERVICE, "dup")}


def test_every_choice_of_the_menu_above_the_budgets_is_understood(shared: World) -> None:
    choices = shared.answer().status()["filters"]
    meant = [shared.catalog().scope(choice) for choice in choices]
    assert meant == [EVERYTHING, Scope(Reach.TEAM, "dup"), Scope(Reach.TEAM, "search")]


def test_a_menu_of_very_many_teams_leaves_the_table_whole_and_says_what_it_lacks(
    world: World,
) -> None:
    team = world.teams["search"]
    for number in range(600):
        name = f"machine-learning-{number:03d}"
        world.teams[name] = replace(team, name=name)
    facts = world.answer().status()
    assert len(facts["filters"]) + facts["filters_hidden"] == 602, "and everything"
    assert len(facts["filters"]) > 100
    message = world.renderer().message("status", facts)
    slack_takes(message.text, list(message.blocks))
    said = str(message.blocks)
    assert f"{facts['filters_hidden']} more teams are not in the menu" in said
    assert "service · objective" in said
    assert facts["filters"][-1] in said
    assert "do not fit" not in said
