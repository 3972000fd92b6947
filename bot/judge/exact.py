"""Exact arithmetic without the price of many small fractions: floats are ratios of whole numbers.

A verdict compares some thirty ratios of counts. Built from `Fraction`s step by step each of them is
cancelled at every step, which took most of the time of a poll.
"""

from fractions import Fraction

ONE = Fraction(1)
NONE = Fraction(0)


def ratio(part: float, whole: float, share: Fraction = ONE) -> Fraction:
    """part ÷ (share · whole)."""
    up, below = part.as_integer_ratio()
    total, unit = whole.as_integer_ratio()
    return Fraction(up * unit * share.denominator, below * total * share.numerator)


def is_below(part: float, whole: float, limit: Fraction) -> bool:
    """part < limit · whole."""
    up, below = part.as_integer_ratio()
    total, unit = whole.as_integer_ratio()
    return up * unit * limit.denominator < limit.numerator * total * below


def at_least(share: Fraction, floor: Fraction) -> bool:
    """share ≥ floor."""
    return share.numerator * floor.denominator >= floor.numerator * share.denominator
