"""The gate's answer as callers get it, over HTTP and in the terminal."""

import re
from typing import Any

from bot.decide.catalog import Catalog
from bot.flow.gate.sitting import GateAnswer

_ID = re.compile(r"[CG][A-Z0-9]{6,20}")


def said(found: GateAnswer, catalog: Catalog) -> dict[str, Any]:
    """The answer with the way to an override."""
    facts, service, name = found.facts, found.facts["service"], found.facts["release"]
    stopped = bool(not found.outcome.goes and service in catalog.services)
    frozen = stopped and any(one["freeze_id"] is not None for one in facts["reasons"])
    team = catalog.team_of(service) if stopped else None
    channel = team.channel if team is not None else ""
    url = f"https://slack.com/app_redirect?channel={channel}" if _ID.fullmatch(channel) else None
    return {
        **facts,
        "request_override_url": url if frozen else None,
        "request_override": f"/override {service} {name or '<version>'} <reason>"
        if frozen
        else None,
        "team": (team.title or team.name) if team is not None else None,
        "channel": channel or None,
    }
