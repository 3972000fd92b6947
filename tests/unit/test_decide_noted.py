"""What may be said of a release."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.decide.noted import AHEAD, OLDEST, Word, check, check_sum, end_of
from bot.decide.release import Note, NoteKind
from bot.errors import Unfit
from tests.unit.gating import NOW

HOUR = timedelta(hours=1)
WORD = Word("ranker", "38", NoteKind.BEGAN, NOW)


def test_what_happened_up_to_now_may_be_told() -> None:
    check(WORD, NOW)
    check(replace(WORD, at=None, committed=NOW), NOW)
    check(replace(WORD, at=NOW + AHEAD), NOW)
    check(replace(WORD, at=NOW - OLDEST), NOW)
    for share in (Fraction(0), Fraction(1, 10), Fraction(1)):
        check(replace(WORD, kind=NoteKind.SHARE, share=share), NOW)


@pytest.mark.parametrize(
    ("word", "field"),
    [
        (replace(WORD, at=NOW + AHEAD + timedelta(seconds=1)), "at"),
        (replace(WORD, at=NOW - OLDEST - timedelta(seconds=1)), "at"),
        (replace(WORD, version="3 8"), "version"),
        (replace(WORD, version="x" * 101), "version"),
        (replace(WORD, version="38\n"), "version"),
        (replace(WORD, share=Fraction(1, 2)), "share"),
        (replace(WORD, kind=NoteKind.SHARE), "share"),
        (replace(WORD, kind=NoteKind.SHARE, share=Fraction(11, 10)), "share"),
        (replace(WORD, kind=NoteKind.SHARE, share=Fraction(-1, 10)), "share"),
        (replace(WORD, committed=NOW + timedelta(seconds=1)), "committed"),
        (replace(WORD, committed=NOW - timedelta(days=3_651)), "committed"),
    ],
)
def test_what_cannot_be_so_is_refused_with_its_field(word: Word, field: str) -> None:
    with pytest.raises(Unfit) as refused:
        check(word, NOW)
    assert refused.value.field == field


def test_a_word_said_again_is_the_same_as_far_as_it_says_anything() -> None:
    note = Note(1, "k", "ranker", "38", NoteKind.BEGAN, NOW, "api bot")
    assert WORD.same(note)
    assert replace(WORD, at=None, version="").same(note)
    assert replace(WORD, at=NOW + AHEAD).same(note)
    assert not replace(WORD, at=NOW - timedelta(seconds=301)).same(note)
    assert not replace(WORD, version="39").same(note)
    assert not replace(WORD, kind=NoteKind.ENDED).same(note)


def note(version: str, kind: NoteKind, before: int, share: str | None = None) -> Note:
    """Told so many minutes before NOW."""
    at, part = NOW - timedelta(minutes=before), None if share is None else Fraction(share)
    return Note(0, f"{version} {before}", "ranker", version, kind, at, "api bot", part)


BEGAN = (note("37", NoteKind.BEGAN, 90), note("38", NoteKind.ANNOUNCED, 65),
         note("38", NoteKind.BEGAN, 60))  # fmt: skip


def test_an_end_before_the_beginning_is_refused_with_when_that_was() -> None:
    ended = replace(WORD, kind=NoteKind.ENDED)
    with pytest.raises(Unfit) as refused:
        end_of(ended, BEGAN, BEGAN[1].at - AHEAD - timedelta(seconds=1))
    assert refused.value.field == "at"
    assert f"{BEGAN[1].at:%Y-%m-%dT%H:%M:%SZ}" in refused.value.sentence


def test_an_end_by_a_clock_that_is_behind_is_at_the_beginning() -> None:
    ended = replace(WORD, kind=NoteKind.FAILED)
    assert end_of(ended, BEGAN, BEGAN[1].at - AHEAD) == BEGAN[1].at
    assert end_of(ended, BEGAN, NOW) == NOW


def test_an_end_of_what_was_told_too_long_ago_to_know_is_taken() -> None:
    assert end_of(replace(WORD, version="1", kind=NoteKind.ENDED), BEGAN, NOW - HOUR) == NOW - HOUR


def shared(share: str, version: str = "39") -> Word:
    return Word("ranker", version, NoteKind.SHARE, NOW, Fraction(share))


PARTLY = (*BEGAN, note("36", NoteKind.SHARE, 20, "1/2"), note("35", NoteKind.SHARE, 15, "0"))


def test_shares_are_together_all_of_the_traffic_at_most() -> None:
    check_sum(shared("1/2"), PARTLY, NOW)
    with pytest.raises(Unfit) as refused:
        check_sum(shared("51/100"), PARTLY, NOW)
    assert refused.value.field == "share"
    assert "101 % of the traffic: 36 50 % already" in refused.value.sentence


def test_a_share_told_anew_takes_the_place_of_its_own() -> None:
    check_sum(shared("1", "36"), PARTLY, NOW)


def test_what_serves_all_that_is_left_makes_room() -> None:
    check_sum(shared("9/10"), BEGAN, NOW)
    full = (note("36", NoteKind.SHARE, 20, "1/2"), note("36", NoteKind.BEGAN, 10))
    check_sum(shared("9/10"), full, NOW)


def test_a_share_that_is_over_takes_no_room() -> None:
    over = (*PARTLY, note("36", NoteKind.ROLLED_BACK, 10))
    check_sum(shared("9/10"), over, NOW)
    check_sum(shared("9/10"), PARTLY, NOW - HOUR)
