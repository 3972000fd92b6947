"""How many of which groups: nobody counts twice, and no approval is wasted."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.quorum import (
    APPROVERS,
    DECIDERS,
    ON_CALL,
    Need,
    Quorum,
    needs_words,
    strictest,
)

ONE_OF_EACH = Quorum((Need(ON_CALL, 1), Need("leads", 1)))
BOTH, CALL, LEAD = (ON_CALL, "leads"), (ON_CALL,), ("leads",)


def test_a_number_alone_means_deciders_and_at_least_one() -> None:
    assert Quorum.of(2) == Quorum((Need(DECIDERS, 2),))
    assert Quorum.of(0).size == 1


@pytest.mark.parametrize(
    ("approvals", "missing"),
    [
        ([], (Need(ON_CALL, 1), Need("leads", 1))),
        ([CALL], (Need("leads", 1),)),
        ([BOTH], (Need("leads", 1),)),
        ([BOTH, CALL], ()),
        ([BOTH, LEAD], ()),
        ([CALL, CALL], (Need("leads", 1),)),
        ([("strangers",)], (Need(ON_CALL, 1), Need("leads", 1))),
    ],
)
def test_somebody_in_both_groups_fills_the_place_that_others_leave(
    approvals: list[tuple[str, ...]], missing: tuple[Need, ...]
) -> None:
    assert ONE_OF_EACH.missing(approvals) == missing


GROUPS = st.sampled_from(["a", "b", "c"])


@given(
    st.dictionaries(GROUPS, st.integers(1, 2), min_size=1),
    st.lists(st.frozensets(GROUPS), max_size=4),
)
def test_as_many_places_are_filled_as_any_seating_could_fill(
    needs: dict[str, int], approvals: list[frozenset[str]]
) -> None:
    quorum = Quorum(tuple(Need(group, count) for group, count in needs.items()))
    places = [group for group, count in needs.items() for _ in range(count)]
    padded = [*approvals, *[frozenset[str]()] * len(places)]
    best = max(
        sum(place in voter for place, voter in zip(places, seating, strict=False))
        for seating in permutations(padded, len(places))
    )
    assert quorum.size - sum(need.count for need in quorum.missing(approvals)) == best


def test_the_strictest_of_several_satisfies_each() -> None:
    found = strictest([Quorum.of(2), Quorum((Need("leads", 1),), deny=3), Quorum.of(1)])
    assert found == Quorum((Need(DECIDERS, 2), Need("leads", 1)), deny=1)


def test_the_on_call_and_the_approvers_are_deciders_too() -> None:
    found = strictest([Quorum.of(2), Quorum((Need(ON_CALL, 1), Need(APPROVERS, 1)))])
    assert found.needs == (Need(APPROVERS, 1), Need(ON_CALL, 1))


def test_needs_are_said_in_words_and_groups_are_named_once() -> None:
    assert needs_words(Quorum.of(2).needs) == "2"
    assert needs_words(ONE_OF_EACH.needs) == "1 on-call and 1 leads"
    assert Quorum((Need("a", 1), Need("a", 1))).groups == ("a",)


def test_the_strictest_of_named_groups_needs_no_deciders() -> None:
    lead = Quorum((Need("leads", 2),))
    assert strictest([lead, Quorum((Need("leads", 1),))]) == lead


def test_each_approval_says_which_need_it_fills() -> None:
    assert ONE_OF_EACH.filled([BOTH, CALL]) == ("leads", ON_CALL)
    assert ONE_OF_EACH.filled([CALL, CALL, LEAD]) == (ON_CALL, "", "leads")
    assert ONE_OF_EACH.filled([]) == ()
