"""What Slack sends to an app, as data."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.playground.model import Bot, Channel, Json, Team, User


@dataclass(frozen=True)
class Envelope:
    """The parts that every payload shares."""

    team: Team
    bot: Bot

    def command(
        self, person: User, room: Channel, *, name: str, text: str, trigger: str, url: str
    ) -> dict[str, str]:
        return {
            "token": "legacy-verification-token",
            "team_id": self.team.id,
            "team_domain": self.team.domain,
            "channel_id": room.id,
            "channel_name": "directmessage" if room.is_im else room.name,
            "user_id": person.id,
            "user_name": person.name,
            "command": name,
            "text": text,
            "api_app_id": self.bot.app_id,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": trigger,
        }

    def interaction(self, kind: str, person: User, trigger: str = "") -> Json:
        body: Json = {
            "type": kind,
            "token": "legacy-verification-token",
            "api_app_id": self.bot.app_id,
            "team": {"id": self.team.id, "domain": self.team.domain},
            "user": {
                "id": person.id,
                "username": person.name,
                "name": person.name,
                "team_id": self.team.id,
            },
            "enterprise": None,
            "is_enterprise_install": False,
        }
        return body | ({"trigger_id": trigger} if trigger else {})

    def event(self, event: Json, now: float) -> Json:
        return {
            "token": "legacy-verification-token",
            "team_id": self.team.id,
            "api_app_id": self.bot.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(now),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self.team.id,
                    "user_id": self.bot.user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }
