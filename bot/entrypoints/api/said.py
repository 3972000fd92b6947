"""The gate's answer as callers get it, over HTTP and in the terminal."""

from collections.abc import Callable
from typing import Any

from bot.decide.catalog import Catalog
from bot.decide.change import Change, typed
from bot.flow.gate.sitting import GateAnswer


def said(
    found: GateAnswer, change: Change, catalog: Catalog, link: Callable[[str], str | None]
) -> dict[str, Any]:
    """The answer about a change with the way to an override. `link`: where a channel is opened."""
    facts, service = found.facts, found.facts["service"]
    stopped = bool(not found.outcome.goes and service in catalog.services)
    frozen = stopped and any(one["freeze_id"] is not None for one in facts["reasons"])
    team = catalog.team_of(service) if service in catalog.services else None
    channel = team.channel if team is not None else ""
    return {
        **facts,
        "request_override_url": link(channel) if frozen and channel else None,
        "request_override": f"/override {service} {typed(change) or '<version>'} <reason>"
        if frozen
        else None,
        "team": (team.title or team.name) if team is not None else None,
        "channel": channel or None,
    }
