"""The expressions are PromQL, and say what they are meant to say."""

from collections.abc import Callable

import promql_parser
import pytest

from bot.measure.family import families
from bot.measure.formula import (
    born,
    grown,
    marked,
    resets,
    returned,
    union,
    walked,
    walked_from_baseline,
)
from bot.measure.native import duration
from bot.measure.selector import Matcher, Selector

(FAMILY,) = families(Selector("a_total", (Matcher("s", "=", name),)) for name in ("x", "y-1"))
M = 'a_total{s=~"x|y-1"}'


def test_growth_compares_the_last_samples_of_two_slices() -> None:
    assert grown(FAMILY, 60_000, 52_500, 0) == (
        f"sum by (s)(last_over_time({M}[60s]) - last_over_time({M}[52500ms] offset 60s))"
    )


def test_closed_ranges_are_trimmed_by_a_millisecond() -> None:
    assert resets(FAMILY, 60_000, 30_000, 1) == f"sum by (s)(resets({M}[89999ms])) > 0"


@pytest.mark.parametrize(
    "text",
    [
        grown(FAMILY, 60_000, 52_500, 1),
        born(FAMILY, 60_000, 52_500, 1),
        resets(FAMILY, 60_000, 52_500, 1),
        returned(FAMILY, 60_000, 52_500, 86_400_000, 1),
        walked(FAMILY, 5_000, 86_400_000, 1),
        walked_from_baseline(FAMILY, 312, 112_500, 1),
    ],
)
def test_every_formula_is_promql_with_one_answer_a_member(text: str) -> None:
    expr = promql_parser.parse(marked(text, 7))
    assert isinstance(expr, promql_parser.Call)
    assert "by (s)" in expr.prettify()


@pytest.mark.parametrize("count", [1, 2, 8, 9, 100, 1_000])
def test_a_union_holds_every_expression_once(count: int) -> None:
    text = union([marked("vector(1)", mark) for mark in range(count)])
    assert text.count("label_replace") == count
    assert all(f'"burnban", "{mark}"' in text for mark in (0, count // 2, count - 1))


def depth(text: str) -> int:
    level = deepest = 0
    for char in text:
        level += (char == "(") - (char == ")")
        deepest = max(deepest, level)
    return deepest


def test_a_long_union_is_a_shallow_tree() -> None:
    assert depth(union(["a"] * 1_000)) <= 8


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(60_000, "60s"), (312, "312ms"), (52_500, "52500ms")]
)
def test_durations_are_whole(milliseconds: int, text: str) -> None:
    assert duration(milliseconds) == text


def test_formulas_take_any_family() -> None:
    formulas: tuple[Callable[..., str], ...] = (grown, born, resets)
    (alone,) = families([Selector("a.b")])
    assert all('{__name__="a.b"}' in formula(alone, 60_000, 1_000, 0) for formula in formulas)
