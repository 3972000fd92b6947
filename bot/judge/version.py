"""An objective of one version alone: counted as the whole is, and never judged."""

from collections.abc import Sequence
from dataclasses import replace

from bot.judge.indicator import Counted, Labelled
from bot.judge.objective import Objective
from bot.judge.observation import Observation

_ROUND = 3_600
"""Seconds to which the beginning of such an account is rounded down: coarse slices begin there."""


def of_version(objective: Objective, version: str, opens: int) -> Objective:
    """What an objective counts, of one version. `opens`: an instant (seconds since 1970) before
    which it is not read; a series of the version that was not there then counts from zero. It has
    no alerts, and no place among the objectives of the specs. It waits for no labels: they may
    come when nobody reads it any more, and are posted to it then."""
    size = max(_ROUND, objective.step)
    name = f"{objective.name}@{version}"
    return replace(
        objective,
        name=name,
        version=version,
        opens=opens // size * size,
        alerts=(),
        label_delay=0,
    )


def whole_of(objective: Objective) -> str:
    """The id of the objective of which it counts one version; else its own."""
    return objective.id.removesuffix(f"@{objective.version}") if objective.version else objective.id


def tells_versions(objective: Objective) -> bool:
    """Whether its source can tell versions apart: by a label, or as rows of a feed bear them. A
    score is that of a batch: parts of it do not add up."""
    return not objective.version and (bool(objective.version_label) or bears_versions(objective))


def bears_versions(objective: Objective) -> bool:
    """Whether it counts rows of a feed, which say of which version they are."""
    return isinstance(objective.indicator, Labelled | Counted)


def said_of(objective: Objective, rows: Sequence[Observation]) -> Sequence[Observation]:
    """The rows of a feed that an objective counts: those of its version, if it is of one alone."""
    return [row for row in rows if row.version == objective.version] if objective.version else rows
