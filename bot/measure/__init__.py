"""Where counts come from: one adapter per kind of source."""

from bot.measure.check import check_indicator
from bot.measure.factory import KINDS, build, variables

__all__ = ["KINDS", "build", "check_indicator", "variables"]
