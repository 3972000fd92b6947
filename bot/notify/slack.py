"""The Messenger: posting, editing, finding and deleting messages in Slack."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from slack_sdk import WebClient

from bot.errors import Refused, Unclear
from bot.judge.dates import instant
from bot.notify.answers import asking
from bot.notify.client import build_client
from bot.ports.tell import Rendered

__all__ = ["EVENT_TYPE", "SlackMessenger", "build_client"]

EVENT_TYPE = "burnban"
"""Name of our metadata; its payload holds `key`."""
_PAGE = 200
_PAGES = 50
"""Pages of history that a search may read: 10,000 messages."""
_PEOPLE = ("U", "W")
"""How ids of people begin; those of channels, and names, begin otherwise."""
_GONE = frozenset({"message_not_found", "thread_not_found"})


class SlackMessenger:
    """Speaks through a client without retries (`build_client`). Every call may raise RateLimited
    (or its kind Unreachable: certainly not sent), Refused with Slack's code, or Unclear: lost
    connections, time-outs, 5xx, answers that are no JSON."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._lock = Lock()
        self._me = ""
        self._ids: dict[str, str] = {}

    def post(
        self, channel: str, message: Rendered, key: str, thread: str | None, *, broadcast: bool
    ) -> tuple[str, str]:
        """Channel id and ts of the new message, which bears `key` in its metadata."""
        payload = {**message.metadata, "key": key}
        with asking("chat.postMessage"):
            answer = self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=[dict(block) for block in message.blocks],
                thread_ts=thread,
                reply_broadcast=broadcast if thread else None,
                metadata={"event_type": EVENT_TYPE, "event_payload": payload},
                link_names=False,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(answer["channel"]), str(answer["ts"])

    def edit(self, channel: str, ts: str, message: Rendered) -> None:
        """Replace text and blocks; the metadata stays. Refused with `message_not_found`,
        `cant_update_message` or `edit_window_closed` where that is no longer possible."""
        with asking("chat.update"):
            self._client.chat_update(
                channel=channel,
                ts=ts,
                text=message.text,
                blocks=[dict(block) for block in message.blocks],
                link_names=False,
                parse="none",
            )

    def find(self, channel: str, key: str, since: datetime, thread: str | None) -> list[str]:
        """ts of our own messages bearing `key`, posted since then, oldest first. Callers leave
        room for clocks that differ: a quarter of an hour. What was written to a person cannot be
        looked up without further scopes: there nothing is found, and it may arrive twice."""
        if channel.startswith(_PEOPLE):
            return []
        me = self._myself()
        where = self._id_of(channel)
        found = [
            str(message["ts"])
            for message in self._history(where, since, thread)
            if message.get("user") == me and _key(message) == key
        ]
        return sorted(set(found), key=_moment)

    def delete(self, channel: str, ts: str) -> None:
        """Take a message of ours away; one that is gone already is no matter."""
        try:
            with asking("chat.delete"):
                self._client.chat_delete(channel=channel, ts=ts)
        except Refused as error:
            if error.code not in _GONE:
                raise

    def _history(
        self, channel: str, since: datetime, thread: str | None
    ) -> Iterator[Mapping[str, Any]]:
        method = "conversations.replies" if thread else "conversations.history"
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{since.timestamp():.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": _PAGE,
            **({"ts": thread} if thread else {}),
        }
        for _ in range(_PAGES):
            try:
                page = self._read(method, asked)
            except Refused as error:
                if error.code in _GONE:
                    return  # the thread was deleted, and all that stood in it
                raise
            yield from page.get("messages") or ()
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            asked["cursor"] = cursor
        raise Unclear(f"{method}: more than {_PAGE * _PAGES} messages since {instant(since)}")

    def _id_of(self, channel: str) -> str:
        """The id behind `#name`: history takes no names."""
        name = channel.removeprefix("#")
        if name == channel:
            return channel
        with self._lock:
            known = self._ids.get(name)
        if known:
            return known
        asked: dict[str, Any] = {
            "types": "public_channel,private_channel", "exclude_archived": True, "limit": _PAGE,
        }  # fmt: skip
        for _ in range(_PAGES):
            page = self._read("conversations.list", asked)
            with self._lock:
                self._ids.update({str(c["name"]): str(c["id"]) for c in page["channels"]})
                if name in self._ids:
                    return self._ids[name]
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not asked["cursor"]:
                break
        raise Refused("channel_not_found", f"there is no channel {channel} that I can see")

    def _myself(self) -> str:
        """Our own user id, asked once."""
        with self._lock:
            known = self._me
        if not known:
            known = str(self._read("auth.test", {}).get("user_id", ""))
            with self._lock:
                self._me = known
        return known

    def _read(self, method: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        with asking(method):
            answer = self._client.api_call(method, params=dict(asked))
            return dict(answer.data.items()) if isinstance(answer.data, Mapping) else {}


def _key(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("key", ""))


def _moment(ts: str) -> tuple[int, int]:
    whole, _, part = ts.partition(".")
    return int(whole), int(part or 0)
