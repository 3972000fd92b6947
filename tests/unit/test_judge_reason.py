"""Figures in sentences: cut, never rounded up to a limit they do not reach (law 6)."""

from fractions import Fraction

import pytest

from bot.judge.reason import pace, percent, span
from bot.notify import filters


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (119, "1 min"),
        (3_600, "1 h"),
        (5_400, "1 h 30 min"),
        (86_399, "23 h"),
        (86_400, "1 d"),
        (3 * 86_400, "3 d"),
        (7 * 86_400 + 3 * 3_600, "7 d 3 h"),
        (12 * 86_400 + 23 * 3_600, "12 d"),
    ],
)
def test_a_length_of_time_has_at_most_two_units(seconds: int, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("0", "0 %"),
        ("0.5", "50 %"),
        ("0.89999", "89.9 %"),
        ("0.9", "90 %"),
        ("0.0004", "0 %"),
        ("1", "100 %"),
    ],
)
def test_a_share_below_a_limit_reads_below_it(share: str, words: str) -> None:
    assert percent(Fraction(share)) == words


@pytest.mark.parametrize(
    ("rate", "said"),
    [(0.0, "0"), (0.933, "0.93"), (3.0, "3"), (13.44, "13.4"), (197.8, "198"), (1_234.5, "1,234")],
)
def test_a_burn_rate_has_the_same_digits_wherever_it_is_told(rate: float, said: str) -> None:
    assert pace(rate) == said
    assert filters.rate(rate) == said
