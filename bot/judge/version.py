"""An objective of one version alone: counted as the whole is, and never judged."""

from dataclasses import replace

from bot.judge.objective import Objective

_ROUND = 3_600
"""Seconds to which the beginning of such an account is rounded down: coarse slices begin there."""


def of_version(objective: Objective, version: str, opens: int) -> Objective:
    """What an objective counts, of one version. `opens`: an instant (seconds since 1970) before
    which it is not read; a series of the version that was not there then counts from zero. It has
    no alerts, and no place among the objectives of the specs."""
    size = max(_ROUND, objective.step)
    name = f"{objective.name}@{version}"
    return replace(objective, name=name, version=version, opens=opens // size * size, alerts=())


def tells_versions(objective: Objective) -> bool:
    """Whether its source can tell versions apart."""
    return bool(objective.version_label) and not objective.version
