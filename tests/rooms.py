"""Burnban in the test's own process, beside a loopback Slack: real flows, database, templates."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.config import Settings
from bot.playground.seed import OPS_CHANNEL
from tests.e2e.slack import Slack


def settings(folder: Path, specs: Path, people: Slack, **changes: Any) -> Settings:
    """As the environment would give them."""
    keys = people.space.keys
    plainly: dict[str, Any] = {
        "specs": specs,
        "database_url": SecretStr(f"sqlite:///{folder / 'burnban.db'}"),
        "slack_bot_token": SecretStr(keys.bot),
        "slack_signing_secret": SecretStr(keys.signing),
        "slack_app_token": None,
        "slack_api_url": people.server.api_url,
        "ops_channel": f"#{OPS_CHANNEL.name}",
        "templates": None,
        "public_url": "",
        "port": 3000,
    }
    return Settings.model_construct(**plainly | changes)
