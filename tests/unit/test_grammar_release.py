"""`/budget releases` and `/budget released`: from words to typed commands."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.noted import Word
from bot.decide.release import NoteKind
from bot.entrypoints.grammar import parse
from bot.entrypoints.grammar_release import EXAMPLE, NOTE, ReadReleases, ReleasedWords
from bot.errors import UserError
from tests.builders import HOUR, NOON, when

NOW = when(NOON)
BEGAN = Word("ranker", "38", NoteKind.BEGAN)


def released(words: str) -> Word:
    found = parse("/budget", f"released {words}", NOW)
    assert isinstance(found, ReleasedWords)
    return found.said


@pytest.mark.parametrize("words", ["ranker 38", "ranker 38 share 10% at 10:04", "ranker 38 ended"])
def test_release_note_says_what_budget_released_says(words: str) -> None:
    zone = "Asia/Tokyo"
    noted = parse("/release", f"Note {words}", NOW, zone)
    assert noted == parse("/budget", f"released {words}", NOW, zone)


@pytest.mark.parametrize("words", ["", "ranker 38", "note", "note ranker 38 share 300%"])
def test_what_release_does_not_understand_comes_with_an_example_of_it(words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse("/release", words, NOW)
    assert caught.value.example == NOTE
    assert isinstance(parse(*NOTE.split(" ", 1), NOW), ReleasedWords)


def test_releases_are_those_of_a_scope_a_page_at_a_time() -> None:
    assert parse("/budget", "releases", NOW) == ReadReleases()
    assert parse("/budget", "releases ranker", NOW) == ReadReleases("ranker")
    assert parse("/budget", "releases ranker 2", NOW) == ReadReleases("ranker", 2)
    with pytest.raises(UserError):
        parse("/budget", "releases ranker 2 3", NOW)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ranker 38", BEGAN),
        ("ranker 38 live", BEGAN),
        ("ranker 38 announced", replace(BEGAN, kind=NoteKind.ANNOUNCED)),
        ("ranker 38 share 10%", replace(BEGAN, kind=NoteKind.SHARE, share=Fraction(1, 10))),
        ("ranker 38 share 2.5 %", replace(BEGAN, kind=NoteKind.SHARE, share=Fraction(1, 40))),
        ("ranker 38 share 0.25", replace(BEGAN, kind=NoteKind.SHARE, share=Fraction(1, 4))),
        ("ranker 38 ended", replace(BEGAN, kind=NoteKind.ENDED)),
        ("ranker 38 rolled back", replace(BEGAN, kind=NoteKind.ROLLED_BACK)),
        ("ranker 38 Rolled-Back at 10:00",
         replace(BEGAN, kind=NoteKind.ROLLED_BACK, at=when(NOON - 2 * HOUR))),
        ("ranker 38 at now", replace(BEGAN, at=NOW)),
        (f"ranker {'a1' * 20}", replace(BEGAN, version="", commit="a1" * 20)),
        ("ranker version:abc1234", replace(BEGAN, version="abc1234")),
    ],
)  # fmt: skip
def test_a_release_is_told_in_a_few_words(words: str, said: Word) -> None:
    assert released(words) == said


@pytest.mark.parametrize(
    "words",
    [
        "ranker",
        "",
        "ranker 38 gone",
        "ranker 38 share",
        "ranker 38 share 110%",
        "ranker 38 share ten",
        "ranker 38 at",
        "ranker 38 at 10:00 or so",
        "ranker 38 rolled back yesterday",
        f"ranker {'9' * 10_000}",
    ],
)
def test_what_is_not_understood_is_said_with_an_example(words: str) -> None:
    with pytest.raises(UserError) as refused:
        released(words)
    assert refused.value.example == EXAMPLE
