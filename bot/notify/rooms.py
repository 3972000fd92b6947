"""Channels by their names, and which workspace and app we are, asked of Slack."""

from collections.abc import Collection, Mapping
from typing import Any

from slack_sdk import WebClient

from bot.notify.answers import asking

_PAGE, _PAGES = 200, 50


class SlackRooms:
    """Satisfies bot.ports.tell.Rooms. Raises DeliveryError."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def ids(self, names: Collection[str]) -> dict[str, str]:
        """See Rooms; private channels only where the bot is a member."""
        asked: dict[str, Any] = {
            "types": "public_channel,private_channel", "exclude_archived": True, "limit": _PAGE,
        }  # fmt: skip
        found: dict[str, str] = {}
        for _ in range(_PAGES):
            page = self._ask("conversations.list", asked)
            rows = page.get("channels") or ()
            found |= {str(row["name"]): str(row["id"]) for row in rows if row["name"] in names}
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if len(found) == len(set(names)) or not asked["cursor"]:
                break
        return found

    def home(self) -> tuple[str, str]:
        """See Rooms."""
        me = self._ask("auth.test", {})
        bot = self._ask("bots.info", {"bot": str(me.get("bot_id", ""))}).get("bot") or {}
        return str(me.get("team_id", "")), str(bot.get("app_id", ""))

    def _ask(self, method: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        with asking(method):
            answer = self._client.api_call(method, params=dict(asked))
            return dict(answer.data.items()) if isinstance(answer.data, Mapping) else {}
