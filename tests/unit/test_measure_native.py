"""Native histograms are counted through the values of their samples."""

import promql_parser
import pytest

from bot.measure.family import families
from bot.measure.formula import grown, resets, returned, walked, walked_from_baseline
from bot.measure.promql import NotCountable, counters
from bot.measure.selector import Matcher, Selector

H = Selector("lat", (Matcher("model", "=", "ranker"),))
GOOD = 'histogram_fraction(-Inf, 0.5, lat{model="ranker"}) * histogram_count(lat{model="ranker"})'
FRACTION = Selector(H.name, H.matchers, "0.5")
ALL = Selector(H.name, H.matchers, "+Inf")


def test_a_count_and_a_share_of_it_are_counted_as_counters() -> None:
    assert counters('sum(histogram_count(lat{model="ranker"}))') == (ALL,)
    assert counters(f"sum({GOOD})") == (FRACTION,)
    assert counters(GOOD.replace("-Inf", "0")) == (FRACTION,)


@pytest.mark.parametrize(
    "query",
    [
        'histogram_fraction(-Inf, 0.5, lat{model="ranker"})',
        'histogram_fraction(-Inf, 0.5, lat{model="a"}) * histogram_count(lat{model="b"})',
        'histogram_fraction(0.1, 0.5, lat{model="a"}) * histogram_count(lat{model="a"})',
        'histogram_fraction(-Inf, -1, lat{model="a"}) * histogram_count(lat{model="a"})',
        "histogram_count(rate(lat[5m]))",
        "histogram_sum(lat)",
        "2 * lat",
        "lat * histogram_count(lat)",
    ],
)
def test_anything_else_about_histograms_is_not_a_count(query: str) -> None:
    with pytest.raises(NotCountable):
        counters(query)


def test_the_share_of_a_histogram_is_proved_by_its_count() -> None:
    assert FRACTION.within(ALL)
    assert not H.within(ALL)


def test_bounds_of_one_histogram_are_asked_apart() -> None:
    found = families([ALL, FRACTION])
    assert [family.upper for family in found] == ["+Inf", "0.5"]


@pytest.mark.parametrize("selector", [ALL, FRACTION])
def test_every_formula_is_promql(selector: Selector) -> None:
    (family,) = families([selector])
    for text in (
        grown(family, 60_000, 52_500, 1),
        grown(family, 3_600_000, 52_500, 0),
        resets(family, 60_000, 52_500, 0),
        returned(family, 60_000, 52_500, 86_400_000, 0),
        walked(family, 5_000, 86_400_000, 0),
        walked_from_baseline(family, 5_000, 52_500, 0),
    ):
        promql_parser.parse(text)
