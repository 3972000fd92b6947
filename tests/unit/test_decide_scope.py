"""What a scope reaches, and its one text."""

import pytest

from bot.decide.scope import EVERYTHING, Reach, Scope


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (EVERYTHING, True),
        (Scope(Reach.TEAM, "search"), True),
        (Scope(Reach.TEAM, "ranker"), False),
        (Scope(Reach.SERVICE, "ranker"), True),
        (Scope(Reach.SERVICE, "search"), False),
    ],
)
def test_a_scope_covers_what_it_names(scope: Scope, covered: bool) -> None:
    assert scope.covers("ranker", "search") is covered


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (EVERYTHING, "all"),
        (Scope(Reach.TEAM, "search"), "team:search"),
        (Scope(Reach.SERVICE, "a:b"), "service:a:b"),
    ],
)
def test_a_scope_is_read_back_from_its_text(scope: Scope, text: str) -> None:
    assert str(scope) == text
    assert Scope.parse(text) == scope
