"""The target of an objective: a share of good events, exactly as written."""

from fractions import Fraction

from bot.spec.nodes import Scalar
from bot.spec.spot import Record, Spot
from bot.spec.values import number


def read_target(found: Record) -> Fraction | None:
    """`target` (0.999) or `targetPercent` (99.9), above 0 and below 100 %."""
    plain, percent = found.get("target"), found.get("targetPercent")
    if plain is not None and percent is not None:
        percent.fault("The target stands here twice.", "Keep `target` or `targetPercent`.")
        return None
    if plain is not None:
        return _share_of_good(plain)
    if percent is not None:
        return _percent_of_good(percent)
    found.spot.fault(
        "The field `target` is missing.", "Write target: 0.999 or targetPercent: 99.9."
    )
    return None


def _share_of_good(spot: Spot) -> Fraction | None:
    found = number(spot)
    if found is None:
        return None
    if 1 < found <= 100:
        written = _digits(spot)
        right = f"Write targetPercent: {written} or target: {float(found / 100):.10g}."
        spot.fault("A target is a share between 0 and 1.", right)
        return None
    return _possible(spot, found, "target: 0.999")


def _percent_of_good(spot: Spot) -> Fraction | None:
    found = number(spot)
    if found is None:
        return None
    if 0 < found < 1:
        written = _digits(spot)
        right = f"Write target: {written} or targetPercent: {float(found * 100):.10g}."
        spot.fault("This is less than 1 %.", right)
        return None
    return _possible(spot, found / 100, "targetPercent: 99.9")


def _digits(spot: Spot) -> str:
    return spot.node.text if isinstance(spot.node, Scalar) else ""


def _possible(spot: Spot, target: Fraction, example: str) -> Fraction | None:
    if 0 < target < 1:
        return target
    if target == 1:
        spot.fault("A target of 100 % leaves no error budget.", f"Write less, like {example}.")
    else:
        spot.fault("A target lies above 0 % and below 100 %.", f"Write it like {example}.")
    return None
