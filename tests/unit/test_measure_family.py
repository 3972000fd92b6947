"""Selectors from one template are asked for as one, and each answer finds its selector."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.measure.family import MEMBERS, families
from bot.measure.promql import counters
from bot.measure.selector import Matcher, Selector


def of(service: str, *more: Matcher) -> Selector:
    return Selector("requests_total", tuple(sorted((Matcher("service", "=", service), *more))))


def test_selectors_that_differ_in_one_value_are_one_family() -> None:
    (family,) = families([of("a"), of("b"), of("c")])
    assert str(family) == 'requests_total{service=~"a|b|c"}'
    assert family.by == " by (service)"


def test_what_all_members_share_stays_as_it_is() -> None:
    shared = Matcher("env", "=", "prod"), Matcher("code", "=~", "5..")
    (family,) = families([of("a", *shared), of("b", *shared)])
    assert str(family) == 'requests_total{code=~"5..",env="prod",service=~"a|b"}'


def test_several_labels_may_differ_and_foreign_combinations_are_nobodys() -> None:
    mine = [of("a", Matcher("zone", "=", "x")), of("b", Matcher("zone", "=", "y"))]
    (family,) = families(mine)
    assert family.by == " by (service, zone)"
    assert family.member({"service": "b", "zone": "y"}) == mine[1]
    assert family.member({"service": "a", "zone": "y"}) is None


def test_other_matchers_or_metrics_make_other_families() -> None:
    error = Matcher("code", "=~", "5..")
    found = families([of("a"), of("b", error), Selector("other_total", of("a").matchers)])
    assert sorted(map(str, found)) == [
        'other_total{service="a"}',
        'requests_total{code=~"5..",service="b"}',
        'requests_total{service="a"}',
    ]


def test_a_single_selector_needs_no_grouping() -> None:
    (family,) = families([of("a")])
    assert family.by == ""
    assert family.member({}) == of("a")


def test_the_empty_value_is_not_one_among_others() -> None:
    assert len(families([of(""), of("a")])) == 2


def test_two_conditions_on_one_label_stand_alone() -> None:
    twice = Selector("requests_total", (Matcher("a", "=", "1"), Matcher("a", "=", "2")))
    (family,) = families([twice])
    assert str(family) == 'requests_total{a="1",a="2"}'


def test_a_large_family_is_divided() -> None:
    sizes = [len(family.members) for family in families(of(f"s{n}") for n in range(600))]
    assert sizes == [MEMBERS, MEMBERS, 600 - 2 * MEMBERS]


def test_some_members_are_a_family_of_their_own() -> None:
    (family,) = families(of(name) for name in "abcde")
    assert str(family.among([of("b"), of("d"), of("x")])) == 'requests_total{service=~"b|d"}'
    assert str(family.among([of("b")])) == 'requests_total{service="b"}'
    assert family.among([of("x")]) is None
    assert family.among([of(name) for name in "abcdef"]) is family


values = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(st.sets(values, min_size=2, max_size=6), values)
def test_the_expression_of_a_family_matches_its_members_only(names: set[str], other: str) -> None:
    (family,) = families(of(name) for name in names)
    (read,) = counters(str(family))
    pattern = re.compile(read.matchers[0].value, re.DOTALL)
    assert all(pattern.fullmatch(name) for name in names)
    assert bool(pattern.fullmatch(other)) == (other in names)
