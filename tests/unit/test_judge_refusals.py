"""When refused rows are news."""

from dataclasses import replace

from bot.judge.refusals import DAY, Refusals, spell_of

FOUND = Refusals("labels", 1_000, 1_000, 2, "fp", "is -1: a count is never negative")


def again(seconds: int, **more: object) -> Refusals:
    at = 1_000 + seconds
    return replace(FOUND, since=at, last=at, **more)  # type: ignore[arg-type] # fields of it


def test_the_first_refused_rows_are_news() -> None:
    assert spell_of(None, FOUND) == (FOUND, True)


def test_the_same_reason_within_a_day_is_no_news_and_keeps_its_beginning() -> None:
    later = again(DAY, rows=7, rule="is -2: a count is never negative")
    assert spell_of(FOUND, later) == (replace(later, since=1_000), False)


def test_after_a_day_without_one_it_is_news_again() -> None:
    later = again(DAY + 1)
    assert spell_of(FOUND, later) == (later, True)
    assert FOUND.over(1_000 + DAY + 1)
    assert not FOUND.over(1_000 + DAY)


def test_another_field_is_news() -> None:
    later = again(60, field="version", rule="39 was never released, as far as is known")
    assert spell_of(FOUND, later) == (later, True)


def test_people_are_told_how_many_and_why() -> None:
    assert FOUND.sentence == (
        "2 rows are refused and not counted; the first: fp is -1: a count is never negative"
    )
    assert replace(FOUND, rows=1).sentence.startswith("1 row is refused")
