"""Exact arithmetic without the price of many small fractions: floats are ratios of whole numbers.

A verdict compares some thirty ratios of counts. Built from `Fraction`s step by step each of them is
cancelled at every step, which took most of the time of a poll.
"""

from fractions import Fraction
from functools import lru_cache

ONE = Fraction(1)
NONE = Fraction(0)


def ratio(part: float, whole: float, share: Fraction = ONE) -> Fraction:
    """part ÷ (share · whole)."""
    if not part:
        return NONE
    up, below = part.as_integer_ratio()
    total, unit = whole.as_integer_ratio()
    return Fraction(up * unit * share.denominator, below * total * share.numerator)


def rest(part: float, whole: float, share: Fraction) -> Fraction:
    """1 − part ÷ (share · whole)."""
    up, below = part.as_integer_ratio()
    total, unit = whole.as_integer_ratio()
    over = below * total * share.numerator
    return Fraction(over - up * unit * share.denominator, over)


def is_below(part: float, whole: float, limit: Fraction) -> bool:
    """part < limit · whole."""
    up, below = part.as_integer_ratio()
    total, unit = whole.as_integer_ratio()
    return up * unit * limit.denominator < limit.numerator * total * below


@lru_cache(maxsize=4_096)
def _product(up: int, below: int, more_up: int, more_below: int) -> Fraction:
    return Fraction(up * more_up, below * more_below)


def product(one: Fraction, other: Fraction) -> Fraction:
    """one · other, for pairs that come again and again."""
    return _product(one.numerator, one.denominator, other.numerator, other.denominator)


def at_least(share: Fraction, floor: Fraction) -> bool:
    """share ≥ floor."""
    return share.numerator * floor.denominator >= floor.numerator * share.denominator
