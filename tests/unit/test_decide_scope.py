"""What a scope reaches, and its one text."""

import pytest

from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.decide.service import Service

RANKER = Service(
    "ranker", "Ranker", "search", "prod", "ranker-xl",
    frozenset({("tier", "critical"), ("zone", "eu"), ("zone", "us")}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("all", True),
        ("team:search", True),
        ("team:ranker", False),
        ("service:ranker", True),
        ("service:search", False),
        ("environment:prod", True),
        ("environment:staging", False),
        ("model:ranker-xl", True),
        ("model:ranker", False),
        ("label:tier=critical", True),
        ("label:tier=critical,zone=eu", True),
        ("label:tier=critical,zone=asia", False),
        ("label:zone=eu,zone=us", True),
    ],
)
def test_a_scope_covers_what_it_names(text: str, covered: bool) -> None:
    assert Scope.parse(text).covers(RANKER) is covered


def test_a_service_that_says_nothing_is_in_no_environment_and_of_no_model() -> None:
    bare = Service("bare", "", "")
    covering = [reach for reach in Reach if Scope(reach, "prod").covers(bare)]
    assert covering == [Reach.ALL]


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (EVERYTHING, "all"),
        (Scope(Reach.TEAM, "search"), "team:search"),
        (Scope(Reach.SERVICE, "a:b"), "service:a:b"),
        (Scope.of_labels(frozenset({("zone", "eu"), ("tier", "a:b")})), "label:tier=a:b,zone=eu"),
    ],
)
def test_a_scope_is_read_back_from_its_text(scope: Scope, text: str) -> None:
    assert str(scope) == text
    assert Scope.parse(text) == scope
