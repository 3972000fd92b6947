"""What may be said of a release."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.decide.noted import AHEAD, OLDEST, Word, check
from bot.decide.release import Note, NoteKind
from bot.errors import Unfit
from tests.unit.gating import NOW

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
