"""SLO: the objectives of one service."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.judge.indicator import Recorded
from bot.judge.objective import Method, Objective, Rolling, Window
from bot.judge.thinning import LONGEST
from bot.spec.alert_objects import Target
from bot.spec.alerting import Alerting, Alerts
from bot.spec.documents import Document, inline
from bot.spec.index import Index
from bot.spec.indicator import in_short, read_measured, read_sli
from bot.spec.metric import Sources
from bot.spec.nodes import Listing, Table
from bot.spec.objective import COMPOSITE, Goal, read_goal
from bot.spec.sli import Sli
from bot.spec.spot import Record, Spot, itself, listing, record
from bot.spec.values import SECONDS, choice, owner_name, spell
from bot.spec.version_label import read_version_label
from bot.spec.window import read_window

_METHODS: Mapping[str, Method] = {str(method): method for method in Method}
_SLUG = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """An objective before its service's policy is known: it has no burn alerts yet."""

    objective: Objective
    document: Document
    goal: Goal
    sli: Sli
    alerts: Alerts
    """Its own alert conditions, if it has any; else its policy's count."""


@dataclass(frozen=True, slots=True)
class Slo:
    """An SLO as read: `service` is known even where its objectives have faults."""

    document: Document
    service: str | None
    at: Spot
    """Where the service is named."""
    drafts: tuple[Draft, ...]
    targets: tuple[Target, ...]
    sli: Sli | None
    """What it measures, known even where its objectives have faults."""


@dataclass(frozen=True, slots=True)
class Slos:
    """What SLOs refer to."""

    index: Index
    sources: Sources
    slis: Mapping[str, Sli | None]
    alerting: Alerting

    def read(self, document: Document) -> Slo | None:
        """One SLO; None if nothing of it can be read."""
        if document.spec is None:
            document.top.fault("The field `spec` is missing.", "Write spec: {service: …}.")
            return None
        known = (
            "description",
            "service",
            "indicator",
            "indicatorRef",
            "timeWindow",
            "budgetingMethod",
            "objectives",
            "alertPolicies",
            "versionLabel",
        )
        spec = record(document.spec, *known)
        if spec is None:
            return None
        service = spec.need("service", owner_name, "service: my-service")
        written = spec.need("timeWindow", itself, "timeWindow: [{duration: 28d}]")
        window = read_window(written) if written is not None else None
        method = spec.need("budgetingMethod", choice(_METHODS), "budgetingMethod: Occurrences")
        sli = self._sli(spec)
        alerts = spec.read("alertPolicies", self.alerting.used) or Alerts()
        version_label = read_version_label(spec, method, sli)
        goals = self._goals(spec, method, sli)
        for goal, _ in goals:
            _fits_window(goal, window)
        _fits_labels(spec, sli, window)
        at = spec.get("service") or spec.spot
        if service is None or window is None or method is None or sli is None:
            return Slo(document, service, at, (), alerts.targets, sli)
        drafts = [
            Draft(
                replace(
                    _objective(document, service, window, method, goal, called),
                    tells_resolved=alerts.resolved,
                    tells_no_data=alerts.no_data,
                    label_delay=sli.label_delay,
                    estimate=sli.estimate,
                    estimate_source=sli.estimate_source,
                    version_label=version_label,
                ),
                document,
                goal,
                sli,
                alerts,
            )
            for goal, called in goals
            if document.name
        ]
        return Slo(document, service, at, tuple(drafts), alerts.targets, sli)

    def _sli(self, spec: Record) -> Sli | None:
        inner, ref = spec.get("indicator"), spec.get("indicatorRef")
        if inner is not None and ref is not None:
            ref.fault("An SLO has one SLI.", "Keep `indicator` or `indicatorRef`.")
            return None
        if ref is not None:
            found = self.index.refer("SLI", ref)
            return None if found is None else self.slis.get(found.name)
        if inner is not None and in_short(inner):
            return read_measured(inner, self.sources)
        if inner is not None:
            written = inline(inner, "SLI")
            return None if written is None else read_sli(written, self.sources)
        if not _composite(spec):
            spec.spot.fault("Nothing is measured here.", "Write `indicator` or `indicatorRef`.")
        return None

    def _goals(
        self, spec: Record, method: Method | None, sli: Sli | None
    ) -> list[tuple[Goal, str]]:
        """Each entry with the ending of its name: none if it is alone."""
        spots = spec.need("objectives", listing, "objectives: [{target: 0.999}]")
        if spots is None:
            return []
        at = spec.get("objectives") or spec.spot
        if isinstance(at.node, Listing) and not spots:
            at.fault("There are no objectives.", "Write objectives: [{target: 0.999}].")
        found = [(read_goal(spot, method, sli), i) for i, spot in enumerate(spots, 1)]
        return [
            (
                goal,
                "" if len(spots) == 1 else f"-{_SLUG.sub('-', goal.title.lower()).strip('-') or i}",
            )
            for goal, i in found
            if goal is not None
        ]


def _fits_window(goal: Goal, window: Window | None) -> None:
    if isinstance(window, Rolling) and goal.step * 2 > window.seconds:
        problem = f"A window of {window.text} holds fewer than two slices of {spell(goal.step)}."
        goal.spot.fault(problem, "Take shorter slices, or a longer window.")


def _fits_labels(spec: Record, sli: Sli | None, window: Window | None) -> None:
    """Feeds are kept, and taken, for 400 days: what reaches further back is never seen whole."""
    length = window.seconds if isinstance(window, Rolling) else 0
    if sli is not None and sli.label_delay and sli.label_delay + length > LONGEST:
        problem = f"A window before labels that take {spell(sli.label_delay)} began too long ago."
        days = LONGEST // SECONDS["d"]
        at = spec.get("indicator") or spec.spot
        at.fault(problem, f"Nothing is kept for longer than {days} days: both together must fit.")


def _composite(spec: Record) -> bool:
    """Whether the objectives bring their own indicators: that has its own faults."""
    node = spec.get("objectives")
    goals = node.node.items if node is not None and isinstance(node.node, Listing) else ()
    return any(
        key.text in COMPOSITE
        for goal in goals
        if isinstance(goal, Table)
        for key, _ in goal.entries
    )


def _objective(
    document: Document, service: str, window: Window, method: Method, goal: Goal, called: str
) -> Objective:
    several = called and goal.title
    indicator = goal.indicator
    found = Objective(
        service=service,
        name=document.name + called,
        target=goal.target,
        window=window,
        method=method,
        indicator=indicator,
        source=goal.source,
        step=goal.step,
        alerts=(),
        slice_target=goal.slice_target,
        title=f"{document.title}: {goal.title}" if several else document.title,
        labels={key: ", ".join(values) for key, values in document.labels.items()},
    )
    if isinstance(indicator, Recorded) and not indicator.series:
        return replace(found, indicator=Recorded(found.id))
    return found
