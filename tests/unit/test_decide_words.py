"""Scopes by the words that people use."""

import pytest

from bot.decide.catalog import Catalog, Team
from bot.decide.people import Group
from bot.decide.scope import Reach, Scope
from bot.decide.service import Service
from bot.errors import Unplaced, UserError

CRITICAL = frozenset({("tier", "critical")})
CATALOG = Catalog(
    services={
        "ranker": Service("ranker", "", "search", "prod", "ranker", CRITICAL),
        "ranker-next": Service("ranker-next", "", "search", "staging", "ranker"),
        "speller": Service("speller", "", "search", "prod", "speller-xl"),
        "both": Service("both", "", "search", "twin", "twin"),
    },
    teams={"search": Team("search", "", "#s", Group(), Group())},
)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("ranker", "service:ranker"),
        ("model:ranker", "model:ranker"),
        ("speller-xl", "model:speller-xl"),
        ("prod", "environment:prod"),
        ("env:prod", "environment:prod"),
        ("Environment:prod", "environment:prod"),
        ("label:tier=critical", "label:tier=critical"),
    ],
)
def test_a_model_an_environment_and_labels_are_found_by_their_words(word: str, text: str) -> None:
    assert str(CATALOG.scope(word)) == text


@pytest.mark.parametrize(
    ("word", "sentence", "example"),
    [
        ("twin", "`twin` is both a model and an environment.", "model:twin"),
        ("env:pord", "There is no environment `pord`. Did you mean `prod`?", "prod"),
        ("model:x", "There is no model `x`.", "ranker"),
        ("label:tier", "`tier` is not a list of labels.", "label:tier=critical,zone=eu"),
        (
            "label:tier=critcal",
            "No service bears the labels `tier=critcal`.",
            "label:tier=critical",
        ),
        ("label:x=y", "No service bears the labels `x=y`.", "label:tier=critical"),
    ],
)
def test_a_word_that_means_nothing_is_answered_with_what_would(
    word: str, sentence: str, example: str
) -> None:
    with pytest.raises(UserError) as refused:
        CATALOG.scope(word)
    assert (refused.value.sentence, refused.value.example) == (sentence, example)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("twin", True),
        ("env:pord", True),
        ("model:x", False),
        ("label:tier", False),
        ("label:tier=critcal", True),
        ("label:x=y", False),
    ],
)
def test_a_guess_without_any_likeness_is_told_from_one_that_may_be_meant(
    word: str, *, near: bool
) -> None:
    with pytest.raises(Unplaced) as refused:
        CATALOG.scope(word)
    assert refused.value.near is near


def test_without_any_labels_everything_is_what_could_be_meant() -> None:
    with pytest.raises(UserError) as refused:
        Catalog().scope("label:x=y")
    assert refused.value.example == "all"


@pytest.mark.parametrize(
    ("scope", "word"),
    [
        (Scope(Reach.MODEL, "ranker"), "model:ranker"),
        (Scope(Reach.MODEL, "speller-xl"), "speller-xl"),
        (Scope(Reach.ENVIRONMENT, "prod"), "prod"),
        (Scope(Reach.LABELS, "tier=critical"), "label:tier=critical"),
        (Scope(Reach.SERVICE, "gone"), "service:gone"),
        (Scope(Reach.MODEL, "twin"), "model:twin"),
    ],
)
def test_a_scope_is_written_as_the_shortest_word_that_means_it(scope: Scope, word: str) -> None:
    assert CATALOG.word(scope) == word


def test_a_scope_of_labels_concerns_the_teams_of_its_services() -> None:
    assert [team.name for team in CATALOG.teams_in(Scope(Reach.LABELS, "tier=critical"))] == [
        "search"
    ]
