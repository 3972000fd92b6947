"""SLOs and policies as code: OpenSLO v1 files and our own kinds, read into domain objects."""

from bot.spec.load import Check, load, load_texts
from bot.spec.watch import Watched

__all__ = ["Check", "Watched", "load", "load_texts"]
