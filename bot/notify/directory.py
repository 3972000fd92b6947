"""The Directory: who somebody is, and whether a group holds them now, asked of Slack each time."""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any

from slack_sdk import WebClient

from bot.decide.people import Group, Person
from bot.errors import DeliveryError, Refused
from bot.notify.answers import asking

HANDLES_FOR = 300.0
"""Seconds for which the id behind an @handle is remembered. Members never are."""
_GROUP_ID = re.compile(r"S[A-Z0-9]{2,30}")
_SLACKBOT = "USLACKBOT"


class SlackDirectory:
    """People and user groups, live. `home_team`: the workspace whose people are no strangers; by
    default the one that the token belongs to. Raises DeliveryError: whoever decides on the answer
    must treat that as a no."""

    def __init__(
        self,
        client: WebClient,
        home_team: str | Callable[[], str] = "",
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._home_team = home_team
        self._monotonic = monotonic
        self._lock = Lock()
        self._home = ""
        self._handles: dict[str, str] = {}
        self._handles_until = float("-inf")

    def person(self, user: str, /) -> Person:
        """Raises Refused("user_not_found") for nobody."""
        home = self._workspace()
        found = self._ask("users.info", {"user": user}).get("user") or {}
        team = str(found.get("team_id") or "")
        # In an Enterprise Grid organisation a person belongs to several workspaces.
        teams = {team, *((found.get("enterprise_user") or {}).get("teams") or ())}
        return Person(
            id=str(found.get("id") or user),
            name=_name(found) or user,
            team_id=team,
            bot=_is(found, "is_bot", "is_workflow_bot", "is_connector_bot") or user == _SLACKBOT,
            guest=_is(found, "is_restricted", "is_ultra_restricted"),
            deleted=_is(found, "deleted"),
            stranger=_is(found, "is_stranger") or home not in teams,
            zone=str(found.get("tz") or "UTC"),
        )

    def membership(self, group: Group, user: str, /) -> str | None:
        """How the user is found to belong to the group at this moment; None if they do not. One
        user group that cannot be asked spoils only a no."""
        if user in group.users:
            return "listed in the spec"
        failed: DeliveryError | None = None
        for name in dict.fromkeys(group.usergroups):
            try:
                if user in self._members(name):
                    return f"user group {name}, asked live"
            except DeliveryError as error:
                failed = failed or error
        if failed is not None:
            raise failed
        return None

    def members(self, group: Group, /) -> frozenset[str]:
        """Everybody in the group now."""
        live = (user for name in dict.fromkeys(group.usergroups) for user in self._members(name))
        return frozenset((*live, *group.users))

    def _members(self, usergroup: str) -> Iterable[str]:
        """Ids of a user group's members; an empty or disabled one has none."""
        asked = {"usergroup": self._id_of(usergroup)}
        return [str(user) for user in self._ask("usergroups.users.list", asked).get("users") or ()]

    def _id_of(self, usergroup: str) -> str:
        """The id of a user group given as `S…` or `@handle`."""
        if _GROUP_ID.fullmatch(usergroup):
            return usergroup
        handle = usergroup.removeprefix("@")
        with self._lock:
            fresh = self._monotonic() < self._handles_until
            known = self._handles.get(handle) if fresh else None
        if known:
            return known
        groups = self._ask("usergroups.list", {}).get("usergroups") or ()
        handles = {str(g.get("handle")): str(g.get("id")) for g in groups}
        with self._lock:
            self._handles = handles
            self._handles_until = self._monotonic() + HANDLES_FOR
        if handle not in handles:
            raise Refused("no_such_subteam", f"there is no user group @{handle}")
        return handles[handle]

    def _workspace(self) -> str:
        if self._home_team:
            return self._home_team if isinstance(self._home_team, str) else self._home_team()
        with self._lock:
            known = self._home
        if not known:
            known = str(self._ask("auth.test", {}).get("team_id") or "")
            with self._lock:
                self._home = known
        return known

    def _ask(self, method: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        with asking(method):
            answer = self._client.api_call(method, params=dict(asked))
            return dict(answer.data.items()) if isinstance(answer.data, Mapping) else {}


def _name(user: Mapping[str, Any]) -> str:
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    return next((str(name) for name in (*names, user.get("name")) if name), "")


def _is(user: Mapping[str, Any], *flags: str) -> bool:
    return any(bool(user.get(flag)) for flag in flags)
