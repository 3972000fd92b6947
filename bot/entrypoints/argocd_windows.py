"""Freezes as sync windows of an AppProject of Argo CD: a JSON patch (RFC 6902). Fields: the
reference of Argo CD's sync windows."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.decide.catalog import Catalog
from bot.decide.freeze import Effect, Freeze
from bot.decide.service import Service
from bot.entrypoints.plain import plain
from bot.errors import UserError
from bot.flow.facts import services_of

MARK = "Burnban "
"""How the description of each of our windows begins: others are left alone."""
OPEN_ENDED = timedelta(days=1)
"""A window of a freeze without an end closes so long from now, unless it is renewed."""
_LONGEST = 255
EXAMPLE = "--application '{service}-{environment}'"


def windows_of(
    freezes: Iterable[Freeze], catalog: Catalog, applications: str, now: datetime
) -> list[dict[str, Any]]:
    """One for each freeze and hold that stands or will; neither cautions, which approvals open, nor
    those that are only watched. `applications`: how a service's Application is called, with
    {service} and {environment} in it. Raises UserError."""
    stops = [
        one
        for one in freezes
        if not (one.over(now) or one.monitored) and one.effect is not Effect.CAUTION
    ]
    found = []
    for one in stops:
        services = [catalog.services[name] for name in services_of(catalog, one.scope)]
        names = [_application(applications, service) for service in services]
        if names:
            found.append(_window(one, names, now))
    return found


def patch_of(windows: list[dict[str, Any]], project: Mapping[str, Any] | None) -> list[Any]:
    """The patch. With the `project` as it is (`kubectl get appproject … -o json`) it leaves the
    windows of others alone, and fails if the project has changed since. Raises UserError."""
    if project is None:
        return [_set(windows)]
    try:
        version = str(project["metadata"]["resourceVersion"])
        others = [
            one
            for one in project["spec"].get("syncWindows") or []
            if not str(one.get("description", "")).startswith(MARK)
        ]
    except (KeyError, TypeError, AttributeError) as error:
        sentence = "That is no AppProject as kubectl prints it."
        raise UserError(sentence, "kubectl -n argocd get appproject search -o json") from error
    guard = {"op": "test", "path": "/metadata/resourceVersion", "value": version}
    return [guard, _set([*others, *windows])]


def _set(windows: list[Any]) -> dict[str, Any]:
    return {"op": "add", "path": "/spec/syncWindows", "value": windows}


def _application(pattern: str, service: Service) -> str:
    try:
        return pattern.format(service=service.name, environment=service.environment)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        sentence = f"`{pattern}` does not say how Applications are called."
        raise UserError(sentence, EXAMPLE) from error


def _window(freeze: Freeze, applications: list[str], now: datetime) -> dict[str, Any]:
    start = freeze.starts_at.astimezone(UTC).replace(second=0, microsecond=0)
    end = freeze.ends_at or max(now, start) + OPEN_ENDED
    minutes = max(1, math.ceil((end - start) / timedelta(minutes=1)))
    described = plain(f"{MARK}{freeze.effect} {freeze.id}: {freeze.reason}")
    return {
        "kind": "deny",
        "schedule": f"{start.minute} {start.hour} {start.day} {start.month} *",
        "duration": f"{minutes // 60}h{minutes % 60}m",
        "applications": applications,
        "manualSync": False,
        "syncOverrun": True,
        "timeZone": "UTC",
        "description": described[:_LONGEST],
    }
