"""Which versions the metrics show: the values of a label, and about how much each serves."""

from collections import defaultdict

from bot.judge.indicator import Ratio
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch
from bot.measure.api import Api
from bot.measure.formula import union
from bot.measure.promql import counters
from bot.measure.selector import label
from bot.measure.window import Window
from bot.ports import Served


def look_for_versions(
    api: Api, objective: Objective, stretch: Stretch, deadline: float
) -> list[Served]:
    """Those of the counters of the objective's total, minute by minute, by their names. Growth is
    that of `increase`: it misses the first sample of a series, which is no matter for a part of the
    traffic. Raises SourceError; NotCountable cannot be: the specs were checked."""
    name = objective.version_label
    if not name or not isinstance(objective.indicator, Ratio):
        return []
    selectors = counters(objective.indicator.total)
    by, step = f"by ({label(name)})", stretch.step
    window = Window.of(stretch, step)
    there = union([f"count {by} (last_over_time({one}[{step}s]))" for one in selectors])
    grown = union([f"sum {by} (increase({one}[{2 * step}s]))" for one in selectors])
    events: dict[str, float] = defaultdict(float)
    for series in api.range(grown, window, deadline):
        points = (float(value) for _, value in series.points)
        events[series.labels.get(name, "")] += sum(points) / 2
    seen: dict[str, list[int]] = defaultdict(list)
    for series in api.range(there, window, deadline):
        seen[series.labels.get(name, "")] += [round(float(at)) for at, _ in series.points]
    return [
        Served(version, min(ats), max(ats), events[version])
        for version, ats in sorted(seen.items())
        if version and ats
    ]
