"""Forecasts as they were given, and what became of them: on every store the same."""

from bot.judge.expectation import Forecast, Return
from bot.judge.reason import Code, Reason
from bot.judge.score import Outcome, Score
from bot.ports import Given, Record, Ripe
from tests.builders import HOUR, NOON, steady
from tests.record_samples import append, claimed

pytest_plugins = ["tests.record_stores"]

SAID = Forecast(
    at=NOON, until=NOON + HOUR, left=0.4, expected=0.3, low=0.1, high=0.35, probability=0.05,
    gone=None, earliest=NOON + 60, latest=None, back=None,
    returns=(Return(NOON, NOON + 600, 0.12),), closes=NOON + 9 * HOUR,
    record=Score(39, 31, 0.04, 0.02, 1.5), path=((NOON, 0.4), (NOON + HOUR, 0.3)),
)  # fmt: skip
REASON = Reason(Code.YOUNG, "only 1 h is on record")


def given(account: int, hours: int = 0, *, counts: bool = True) -> Given:
    """So many hours after noon; for an hour later."""
    moved = NOON + hours * HOUR
    said = {name: getattr(SAID, name) for name in SAID.__dataclass_fields__}
    said |= {"at": moved, "until": moved + HOUR, "path": ()}
    return Given(account, moved, Forecast(**said), counts)


def give(record: Record, *some: Given) -> None:
    record.write(lambda books: books.forecasts.give(some))


def newest(record: Record, *accounts: int) -> dict[int, Given]:
    return record.read(lambda books: books.forecasts.newest(accounts))


def ripe(record: Record, *accounts: int, limit: int = 9) -> list[Ripe]:
    return record.read(lambda books: books.forecasts.ripe(accounts, limit))


def read_to(record: Record, until: int) -> int:
    [account] = claimed(record)
    append(record, account, steady(NOON - HOUR, until, 10), until)
    return account.id


def test_a_forecast_comes_back_as_it_was_given_but_for_its_path(record: Record) -> None:
    give(record, Given(7, NOON, SAID, counts=True))
    kept = newest(record, 7, 8)[7].said
    assert isinstance(kept, Forecast)
    assert kept.path == ()
    assert kept == given(7).said


def test_why_there_is_none_is_kept_and_never_scored(record: Record) -> None:
    give(record, Given(7, NOON, REASON, counts=True))
    assert newest(record, 7) == {7: Given(7, NOON, REASON, counts=False)}


def test_of_two_for_one_hour_the_first_stays(record: Record) -> None:
    give(record, given(7))
    give(record, Given(7, NOON, REASON))
    assert newest(record, 7) == {7: given(7)}


def test_the_newest_word_takes_the_place_of_what_does_not_count(record: Record) -> None:
    give(record, given(7, 0, counts=False), given(8, 0, counts=False))
    give(record, given(7, 1), given(9, 1, counts=False))
    give(record, given(7, 2, counts=False))
    assert newest(record, 7, 8, 9) == {
        7: given(7, 2, counts=False),
        8: given(8, 0, counts=False),
        9: given(9, 1, counts=False),
    }
    assert record.write(lambda books: books.forecasts.forget(NOON + 99 * HOUR)) == 1


def test_a_forecast_is_ripe_when_its_account_has_been_read_that_far(record: Record) -> None:
    account = read_to(record, NOON + 2 * HOUR - 60)
    give(record, given(account, 1), given(account, 0), given(account, 2), given(account + 1, 0))
    give(record, given(account, -1, counts=False))
    first = given(account, 0)
    assert isinstance(first.said, Forecast)
    assert ripe(record, account, account + 1) == [Ripe(account, NOON, first.said.issued)]
    assert ripe(record, account + 1) == []


def test_the_oldest_are_scored_first(record: Record) -> None:
    account = read_to(record, NOON + 9 * HOUR)
    give(record, *(given(account, n) for n in (3, 1, 2)))
    assert [one.hour for one in ripe(record, account, limit=2)] == [NOON + HOUR, NOON + 2 * HOUR]


def test_what_became_of_them_is_told_oldest_first_and_never_asked_again(record: Record) -> None:
    account = read_to(record, NOON + 9 * HOUR)
    give(record, *(given(account, n) for n in (2, 0, 1)))
    first, second, third = ripe(record, account)
    scored = [(first, Outcome(first.issued, 0.3, exhausted=False)), (second, None)]
    last = Outcome(third.issued, -0.1, exhausted=True)
    record.write(lambda books: books.forecasts.score([(third, last), *scored]))
    assert ripe(record, account) == []

    def outcomes(since: int, until: int) -> list[Outcome]:
        return record.read(lambda b: b.forecasts.outcomes([account], since, until)).get(account, [])

    assert outcomes(0, NOON + 9 * HOUR) == [scored[0][1], last]
    assert outcomes(NOON + HOUR, NOON + 3 * HOUR) == [last]
    assert outcomes(0, NOON + 3 * HOUR - 1) == [scored[0][1]]


def test_old_ones_are_forgotten(record: Record) -> None:
    give(record, given(7, 0), given(7, 1))
    assert record.write(lambda books: books.forecasts.forget(NOON + 2 * HOUR)) == 1
    assert newest(record, 7) == {7: given(7, 1)}


def test_many_accounts_are_one_statement(record: Record) -> None:
    give(record, *(given(n) for n in range(1, 1_001)))
    assert len(newest(record, *range(1, 1_001))) == 1_000
