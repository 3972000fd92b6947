"""The Slack app manifest, generated from the commands, scopes and events in the code."""

from typing import Any

import yaml

from bot.entrypoints.slack_commands import COMMANDS

SCOPES: dict[str, str] = {
    "chat:write": "post warnings and answers; write to whoever is paged, or was refused a release",
    "commands": "take /budget, /freeze, /unfreeze, /override and /release",
    "channels:read": "find the channels named in the specs",
    "channels:history": "look whether a message arrived before posting it again",
    "groups:read": "the same in private channels",
    "groups:history": "the same in private channels",
    "usergroups:read": "ask who is on call, at the click",
    "users:read": "tell guests, bots and outsiders from colleagues",
    "users:read.email": "find in Slack who is on call by PagerDuty",
}
"""Bot scopes, each with what it is for."""

EVENTS: tuple[str, ...] = ()
"""Bot events that the code listens to: none; commands and buttons need no subscription."""


def manifest(public_url: str) -> dict[str, Any]:
    """The manifest as data. Without a public URL it is for Socket Mode."""
    socket = not public_url
    url = f"{public_url.rstrip('/')}/slack/events"
    commands = [
        {
            "command": spec.name,
            "description": spec.summary,
            "usage_hint": spec.usage,
            "should_escape": False,
            **({} if socket else {"url": url}),
        }
        for spec in COMMANDS
    ]
    interactivity = {"is_enabled": True, **({} if socket else {"request_url": url})}
    settings: dict[str, Any] = {
        "interactivity": interactivity,
        "org_deploy_enabled": False,
        "socket_mode_enabled": socket,
        "token_rotation_enabled": False,
    }
    if EVENTS:
        settings["event_subscriptions"] = {
            "bot_events": list(EVENTS),
            **({} if socket else {"request_url": url}),
        }
    return {
        "display_information": {
            "name": "Burnban",
            "description": "Error budgets, freezes and decisions, where the team already talks.",
            "background_color": "#7a2e1d",
        },
        "features": {
            # Whoever is paged by an emergency, or asked for a release in vain, is written to there.
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Burnban", "always_online": True},
            "slash_commands": commands,
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": settings,
    }


def manifest_text(public_url: str) -> str:
    """The manifest as YAML, ready to paste."""
    return yaml.safe_dump(manifest(public_url), sort_keys=False, allow_unicode=True)
