"""Two accounts side by side: only what both saw, each stretch once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.abreast import abreast, account_of
from bot.judge.canary import Look
from bot.judge.ledger import Balances, Entry, Slice
from tests.builders import MINUTE, NOON, account, steady


def test_an_account_of_a_version_is_named_after_both() -> None:
    assert account_of("ranker/availability", "38") == "ranker/availability@38"


def test_each_stretch_that_both_have_is_a_look() -> None:
    mine = account(steady(NOON, NOON + 3 * MINUTE, 10, 2))
    other = account(steady(NOON, NOON + 3 * MINUTE, 90, 1))
    assert abreast(mine, other, NOON, NOON + HALF) == [Look(2, 10, 1, 90)] * 3


HALF = 3 * MINUTE + 30


def test_what_lies_outside_the_stretch_is_left_out() -> None:
    mine = account(steady(NOON, NOON + 5 * MINUTE, 10, 2))
    found = abreast(mine, mine, NOON + MINUTE, NOON + 3 * MINUTE)
    assert found == [Look(2, 10, 2, 10)] * 2
    assert abreast(mine, mine, NOON + MINUTE, NOON + MINUTE) == []


def test_where_one_account_was_thinned_the_stretches_are_longer_and_the_counts_exact() -> None:
    mine = account(steady(NOON, NOON + 5 * MINUTE, 10, 2))
    thinned = account([Slice(NOON + 5 * MINUTE, 450, 5, 5 * MINUTE)])
    assert abreast(mine, thinned, NOON, NOON + 5 * MINUTE) == [Look(10, 50, 5, 450)]


def test_accounts_that_share_no_instant_have_no_looks() -> None:
    mine = account(steady(NOON, NOON + 2 * MINUTE, 10))
    other = account(steady(NOON + 30, NOON + 30 + 2 * MINUTE, 10))
    assert abreast(mine, other, NOON, NOON + 5 * MINUTE) == []


def test_more_bad_events_than_events_are_never_handed_on() -> None:
    rows = [Entry(NOON, 0.0, 0.0, 0), Entry(NOON + MINUTE, 1.0, 1.0000000001, MINUTE)]
    back = [Entry(NOON, 5.0, 5.0, 0), Entry(NOON + MINUTE, 4.9, 4.9, MINUTE)]
    (found,) = abreast(Balances(rows), Balances(back), NOON, NOON + MINUTE)
    assert found == Look(1.0, 1.0, 0.0, 0.0)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=30),
    st.sets(st.integers(0, 30)),
)
def test_all_looks_together_are_what_the_accounts_took_in(
    counts: list[tuple[int, int]], dropped: set[int]
) -> None:
    pieces = [
        Slice(NOON + (n + 1) * MINUTE, good + bad, bad, MINUTE)
        for n, (good, bad) in enumerate(counts)
    ]
    whole = account(pieces)
    inner = range(1, len(whole.rows) - 1)
    kept = [row for n, row in enumerate(whole.rows) if n not in dropped or n not in inner]
    found = abreast(whole, Balances(kept), NOON, NOON + 100 * MINUTE)
    assert sum(look.bad for look in found) == pytest.approx(sum(bad for _, bad in counts))
    assert sum(look.total for look in found) == sum(good + bad for good, bad in counts)
    assert all(look.bad == look.bad0 and look.total == look.total0 for look in found)
