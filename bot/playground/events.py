"""Events, sent in the background and sent again as Slack does until the app acknowledges."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.playground.delivery import Delivery, Reply, Retry
from bot.playground.feed import Change
from bot.playground.model import Json
from bot.playground.payloads import Envelope
from bot.playground.workspace import Workspace

RETRY_DELAYS = (0.0, 60.0, 300.0)
SUBSCRIBED = frozenset(
    {"app_home_opened", "app_mention", "member_joined_channel", "subteam_members_changed"}
)


class Events:
    def __init__(
        self,
        workspace: Workspace,
        route: Callable[[], Delivery],
        subscribed: frozenset[str] = SUBSCRIBED,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self._workspace = workspace
        self._route = route
        self._subscribed = subscribed
        self._delays = tuple(retry_delays)
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="playground-events")
        self._stop_listening = workspace.feed.listen(self._heard)

    def send(self, event: Json) -> None:
        """Hand an event over to be delivered, if the app subscribes to its type."""
        if event["type"] in self._subscribed and not self._stopping.is_set():
            envelope = Envelope(self._workspace.team, self._workspace.bot)
            self._pool.submit(self._deliver, envelope.event(event, self._workspace.wall()))

    def verify_url(self) -> bool:
        """Whether the app answers Slack's challenge, as asked when its URL is saved."""
        challenge = "playground-challenge"
        body = {"type": "url_verification", "token": "legacy", "challenge": challenge}
        reply = self._route().deliver("events_api", body)
        return reply.ok and challenge in (reply.body.get("challenge"), reply.body.get("text"))

    def stop(self) -> None:
        self._stop_listening()
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, payload: Json) -> None:
        reply = self._route().deliver("events_api", payload)
        for number, delay in enumerate(self._delays, start=1):
            if reply.ok or reply.wants_no_retry or self._stopping.wait(delay):
                return
            retry = Retry(number, _reason(reply))
            reply = self._route().deliver("events_api", payload, retry)

    def _heard(self, change: Change) -> None:
        if change.kind == "joined":
            stamp = self._workspace.stamps.next()
            event = {"type": "member_joined_channel", "channel_type": "C", "event_ts": stamp}
            self.send({**event, **change.data, "team": self._workspace.team.id})
        if change.kind == "group":
            event = {"type": "subteam_members_changed", "team_id": self._workspace.team.id}
            self.send({**event, **change.data, "date_update": int(self._workspace.wall())})


def _reason(reply: Reply) -> str:
    if reply.error == "operation_timeout":
        return "http_timeout"
    return "http_error" if reply.status else "connection_failed"
