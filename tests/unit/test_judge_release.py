"""When a release was live."""

from bot.judge.ledger import Balances, opening
from bot.judge.release import Life, Release, lives_of
from tests.builders import HOUR, NOON

OWN = Balances([opening(NOON - 9 * HOUR)])


def spans(*releases: Release) -> list[tuple[str, int, int, bool]]:
    """Version, beginning and end in hours before noon, and whether it has ended."""
    return [
        (one.release.version, (NOON - one.since) // HOUR, (NOON - one.until) // HOUR, one.ended)
        for one in lives_of(releases, NOON)
    ]


def ago(hours: int) -> int:
    return NOON - hours * HOUR


def test_a_whole_release_ends_the_one_before_it() -> None:
    found = spans(Release("2", ago(4)), Release("1", ago(9)))
    assert found == [("1", 9, 4, True), ("2", 4, 0, False)]


def test_a_part_of_the_traffic_ends_nothing_and_is_ended_by_the_next_whole_release() -> None:
    found = spans(Release("1", ago(9)), Release("2", ago(4), share=0.1), Release("2", ago(1)))
    assert found == [("1", 9, 1, True), ("2", 4, 1, True), ("2", 1, 0, False)]


def test_a_stated_end_holds_even_if_others_began_before_it() -> None:
    found = spans(Release("1", ago(9), ago(2)), Release("2", ago(4)))
    assert found == [("1", 9, 2, True), ("2", 4, 0, False)]


def test_a_release_with_its_own_account_is_live_until_its_version_begins_anew() -> None:
    found = spans(
        Release("1", ago(9), own=OWN), Release("2", ago(4)), Release("1", ago(1), own=OWN)
    )
    assert found == [("1", 9, 1, True), ("2", 4, 1, True), ("1", 1, 0, False)]


def test_what_has_not_begun_is_not_live_and_no_life_ends_in_the_future() -> None:
    found = spans(Release("1", ago(3), NOON + HOUR), Release("2", NOON))
    assert found == [("1", 3, 0, False)]


def test_an_end_before_the_beginning_leaves_no_time() -> None:
    assert spans(Release("1", ago(3), ago(5))) == [("1", 3, 3, True)]


def test_an_own_account_says_what_it_took_in() -> None:
    life = Life(Release("1", ago(9), own=OWN), ago(9), NOON, ended=False)
    spend = life.spend(ago(9), NOON)
    assert spend is not None
    assert spend.eligible == 0
    assert Life(Release("1", ago(9)), ago(9), NOON, ended=False).spend(0, 1) is None
