"""Slack's rate limits: one post a second in a channel, and the tiers of the other methods."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.model import SlackError

_MINUTE = 60.0
_TIERS = {1: 1, 2: 20, 3: 50, 4: 100}


class RateLimited(SlackError):
    """Too many calls; `retry_after` is in whole seconds, as in Slack's header."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


@dataclass
class Limits:
    """`post_interval` in seconds (0 lifts it); `tiers=False` lifts the limits per minute."""

    post_interval: float = 1.0
    tiers: bool = True
    _posted: dict[str, float] = field(default_factory=dict)
    _seen: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    @classmethod
    def none(cls) -> Limits:
        return cls(post_interval=0.0, tiers=False)

    def check(self, method: str, tier: int, wall: Callable[[], float]) -> None:
        if not self.tiers or tier not in _TIERS:
            return
        now, seen = wall(), self._seen[method]
        while seen and seen[0] <= now - _MINUTE:
            seen.popleft()
        if len(seen) >= _TIERS[tier]:
            raise RateLimited(max(1, math.ceil(seen[0] + _MINUTE - now)))
        seen.append(now)

    def check_post(self, channel: str, wall: Callable[[], float]) -> None:
        now = wall()
        last = self._posted.get(channel)
        if last is not None and now - last < self.post_interval:
            raise RateLimited(max(1, math.ceil(last + self.post_interval - now)))
        self._posted[channel] = now
