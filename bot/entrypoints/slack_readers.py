"""Who may read budgets and decisions: the members of the workspace, not its guests."""

from collections.abc import Callable
from threading import Lock

from bot.errors import DeliveryError, Refused, UserError
from bot.ports import Directory

KEEP = 300.0
"""Seconds for which a person is known to be a member or none. Whoever changes something is asked
after each time."""
_MOST = 10_000
_NOBODY = ("user_not_found", "user_not_visible")


class Readers:
    """Members of the workspace, remembered for a while."""

    def __init__(self, directory: Directory, monotonic: Callable[[], float]) -> None:
        self._directory = directory
        self._monotonic = monotonic
        self._known: dict[str, tuple[bool, float]] = {}
        self._lock = Lock()

    def admit(self, user: str) -> None:
        """Raises UserError for guests, bots and people of other workspaces. If Slack does not say
        who somebody is, they may read."""
        if not self._is_member(user):
            raise UserError("Budgets and decisions are for members of this workspace, not guests.")

    def _is_member(self, user: str) -> bool:
        now = self._monotonic()
        with self._lock:
            member, until = self._known.get(user, (True, now))
        if now < until:
            return member
        try:
            member = self._directory.person(user).outsider is None
        except Refused as error:
            return error.code not in _NOBODY
        except DeliveryError:
            return True
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[user] = member, now + KEEP
        return member
