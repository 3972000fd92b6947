"""Where counts come from: one adapter per kind of source."""

from bot.measure.check import check_indicator
from bot.measure.factory import KINDS, build, variables
from bot.measure.observed import Told, place_of

__all__ = ["KINDS", "Told", "build", "check_indicator", "place_of", "variables"]
