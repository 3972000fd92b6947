"""Burn alerts that cannot fire for an objective they apply to (law 8)."""

from bot.judge.burn import BurnAlert, can_fire, ceiling, nearest_that_fires
from bot.judge.objective import Objective
from bot.spec.alerting import Condition
from bot.spec.burn_alerts import paste
from bot.spec.spot import Spot
from bot.spec.values import percent, spell


class Misfits:
    """Alerts that cannot fire for an objective they apply to (law 8): one fault for each alert,
    told for the objective that is hardest to reach, with the number of the others."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[int, Objective, BurnAlert, Spot, Condition | None]]] = {}

    def rule(self, alert: BurnAlert, spot: Spot, objective: Objective) -> None:
        """A burn alert of a policy."""
        self._add(alert, spot, objective, None)

    def condition(self, condition: Condition, objective: Objective) -> None:
        """A condition of OpenSLO."""
        alert = condition.alert(objective.window_seconds)
        self._add(alert, condition.spot, objective, condition)

    def _add(
        self, alert: BurnAlert, spot: Spot, objective: Objective, condition: Condition | None
    ) -> None:
        window = objective.window_seconds
        if alert.long < objective.step:
            problem = f"{spell(alert.long)} is shorter than one slice of `{objective.id}`."
            spot.fault(problem, f"Look over at least {spell(objective.step)}.")
            return
        if alert.long <= window and can_fire(alert, objective.target, window):
            return
        needed = nearest_that_fires(alert, objective.target, window).long
        hardest = (needed if alert.long <= window else 1 << 40, objective, alert, spot, condition)
        self._found.setdefault(f"{spot.where} {spot.path}", []).append(hardest)

    def tell(self) -> None:
        """Note the faults."""
        for found in self._found.values():
            _, objective, alert, spot, condition = max(found, key=lambda entry: entry[0])
            others = f" (and for {len(found) - 1} more)" if len(found) > 1 else ""
            whom = f"`{objective.id}`{others}"
            if alert.long > objective.window_seconds:
                problem = f"{spell(alert.long)} is longer than the whole window of {whom}."
                spot.fault(problem, f"That window is {objective.window.text}.")
            else:
                spot.fault(*_cannot_fire(alert, objective, whom, condition))


def _cannot_fire(
    alert: BurnAlert, objective: Objective, whom: str, condition: Condition | None
) -> tuple[str, str]:
    window = objective.window_seconds
    highest, wanted = ceiling(objective.target), alert.threshold(window)
    problem = (
        f"This can never fire for {whom}: it needs a burn of {float(wanted):.4g}, and with a "
        f"target of {percent(objective.target)} the burn cannot exceed {float(highest):.4g}."
    )
    if condition is not None:
        return problem, f"Write threshold: {float(highest * 8 / 10):.3g} or less."
    fitting = nearest_that_fires(alert, objective.target, window)
    if fitting.long > window:
        return problem, "Spend a smaller share, or leave this alert out."
    return problem, f"Write {paste(fitting)}."
