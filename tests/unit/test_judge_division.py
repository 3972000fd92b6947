"""How an account is divided among the releases that were live."""

from dataclasses import replace

import pytest

from bot.judge.division import Portion, divide
from bot.judge.ledger import Balances, Slice
from bot.judge.release import Release, lives_of
from tests.builders import HOUR, NOON, account

SINCE = NOON - 10 * HOUR


def ten_hours(eligible: float, bad: float) -> Balances:
    """The same counts in each hour."""
    ends = range(SINCE + HOUR, NOON + 1, HOUR)
    return account(Slice(at, eligible, bad, HOUR) for at in ends)


ALL = ten_hours(100, 10)


def parts(*releases: Release) -> list[Portion]:
    """What each release had of the ten hours in which all of them were live."""
    lives = lives_of(releases, NOON)
    found: dict[int, Portion] = {}
    for stratum in divide(ALL, lives, SINCE, NOON):
        for one in stratum.portions:
            before = found.get(one.life, Portion(one.life, 0, 0, one.clear))
            found[one.life] = one._replace(
                eligible=before.eligible + one.eligible, bad=before.bad + one.bad
            )
    return [found[index] for index in sorted(found)]


def test_the_only_release_has_everything() -> None:
    assert parts(Release("1", SINCE)) == [Portion(0, 1_000, 100, clear=True)]


def test_a_declared_share_is_taken_from_the_release_beside_it() -> None:
    one, two = parts(Release("1", SINCE), Release("2", SINCE, share=0.25))
    assert one == Portion(0, 750, 75, clear=False)
    assert two == Portion(1, 250, 25, clear=False)


def test_a_declared_share_alone_leaves_the_rest_to_nobody() -> None:
    assert parts(Release("2", SINCE, share=0.25)) == [Portion(0, 250, 25, clear=True)]


def test_shares_of_more_than_all_traffic_are_cut_down_alike() -> None:
    half, other = parts(Release("1", SINCE, share=0.9), Release("2", SINCE, share=0.9))
    assert half.eligible == other.eligible == pytest.approx(500)


def test_beside_shares_of_more_than_all_traffic_nothing_is_left() -> None:
    first, *_ = parts(
        Release("0", SINCE), Release("1", SINCE, share=0.9), Release("2", SINCE, share=0.9)
    )
    assert first.eligible == 0


def test_two_whole_releases_at_once_are_nobodys() -> None:
    found = parts(Release("1", SINCE, NOON), Release("2", SINCE, NOON))
    assert [one.eligible for one in found] == [0, 0]


def test_an_own_account_goes_before_a_share_and_leaves_the_rest_to_the_other() -> None:
    one, two = parts(Release("1", SINCE), Release("2", SINCE, share=0.9, own=ten_hours(20, 8)))
    assert one == Portion(0, 800, 20, clear=True)
    assert two == Portion(1, 200, 80, clear=True)


def test_own_accounts_that_claim_more_than_came_in_are_cut_down_alike() -> None:
    one, two = parts(
        Release("1", SINCE, own=ten_hours(150, 10)), Release("2", SINCE, own=ten_hours(50, 10))
    )
    assert (one.eligible, two.eligible) == (pytest.approx(750), pytest.approx(250))
    assert (one.bad, two.bad) == (pytest.approx(50), pytest.approx(50))


def test_time_is_cut_where_releases_begin_and_end_and_at_the_marks() -> None:
    lives = lives_of([Release("1", SINCE - HOUR), Release("2", NOON - 4 * HOUR)], NOON)
    found = divide(ALL, lives, SINCE, NOON, marks=(NOON - HOUR, NOON + HOUR))
    assert [(NOON - one.until) // HOUR for one in found] == [4, 1, 0]
    assert [[part.life for part in one.portions] for one in found] == [[0], [1], [1]]


def test_time_without_a_release_is_nobodys() -> None:
    lives = lives_of([Release("1", SINCE, NOON - 4 * HOUR)], NOON)
    assert [one.portions for one in divide(ALL, lives, SINCE, NOON)][-1] == ()


def test_a_release_that_was_over_before_has_no_part() -> None:
    lives = lives_of([Release("0", SINCE - HOUR, SINCE), Release("1", SINCE)], NOON)
    found = divide(ALL, lives, SINCE, NOON)
    assert [part.life for one in found for part in one.portions] == [1]


def test_where_several_are_live_time_is_cut_finely_but_not_below_an_hour() -> None:
    canary = Release("2", NOON - 3 * HOUR, share=0.1)
    lives = lives_of([Release("1", SINCE), canary], NOON)
    assert [one.until - one.since for one in divide(ALL, lives, SINCE, NOON)] == [
        7 * HOUR,
        *[HOUR] * 3,
    ]
    brief = lives_of([Release("1", SINCE), replace(canary, began=NOON - 60)], NOON)
    assert divide(ALL, brief, SINCE, NOON)[-1].since == NOON - 60


def thinned(rows: Balances, *gone: int) -> Balances:
    """The same account without the rows of these instants."""
    return Balances([row for row in rows.rows if row.at not in gone])


@pytest.mark.parametrize("read_on", [True, False])
@pytest.mark.parametrize("missing", [(), (4,), (4, 5)])
def test_a_release_that_is_over_keeps_what_it_counted_when_the_row_of_its_end_is_thinned(
    missing: tuple[int, ...], *, read_on: bool
) -> None:
    """Its own account ends with it, or was read on and counted nothing."""
    gone = [SINCE + n * HOUR for n in missing]
    counts = [(100.0, 10.0)] * 4 + [(0.0, 0.0)] * (6 if read_on else 0)
    first = account(Slice(SINCE + n * HOUR, *one, HOUR) for n, one in enumerate(counts, 1))
    after = [(0.0, 0.0)] * 4 + [(100.0, 5.0)] * 6
    second = account(Slice(SINCE + n * HOUR, *one, HOUR) for n, one in enumerate(after, 1))
    all_of_it = [(100.0, 10.0)] * 4 + [(100.0, 5.0)] * 6
    whole = account(Slice(SINCE + n * HOUR, *one, HOUR) for n, one in enumerate(all_of_it, 1))
    end = SINCE + 4 * HOUR
    # the newest row of an account is never thinned
    one = Release("1", SINCE, end, own=thinned(first, *gone) if read_on else first)
    two = Release("2", end, own=thinned(second, *gone))
    strata = divide(thinned(whole, *gone), lives_of((one, two), NOON), SINCE, NOON)
    found = [portion for stratum in strata for portion in stratum.portions]
    sums = [
        (sum(p.eligible for p in found if p.life == n), sum(p.bad for p in found if p.life == n))
        for n in (0, 1)
    ]
    assert sums == [(400, 40), (600, 30)]
    late = [portion for portion in found if portion.life == 0 and not portion.clear]
    assert bool(late) is bool(gone)  # compared with nothing: it was live no more


def test_a_version_that_serves_again_soon_counts_nothing_twice() -> None:
    end, back = SINCE + 4 * HOUR + 600, SINCE + 4 * HOUR + 1_800
    one = Release("1", SINCE, end, own=ALL)
    again = Release("1", back, own=ALL)
    found = [p for s in divide(ALL, lives_of((one, again), NOON), SINCE, NOON) for p in s.portions]
    assert sum(p.eligible for p in found) == 1_000
