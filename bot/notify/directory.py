"""Who somebody is, and whom a user group holds now, asked of Slack each time."""

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from slack_sdk import WebClient

from bot.decide.people import Person, Rota, RotaKind
from bot.decide.roster import Found
from bot.errors import Refused
from bot.notify.answers import asking
from bot.notify.stamp import asked

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
        now: Callable[[], datetime],
        home_team: str | Callable[[], str] = "",
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._now = now
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
            email=str((found.get("profile") or {}).get("email") or ""),
        )

    def found(self, rota: Rota, /) -> Found:
        """Whom a user group holds at this moment; an empty or disabled one holds nobody. Raises
        Refused for what Slack does not keep."""
        if rota.kind is not RotaKind.USERGROUP:
            raise Refused("not_of_slack", f"Slack does not keep a {rota.kind}")
        wanted = {"usergroup": self._id_of(rota.id)}
        users = self._ask("usergroups.users.list", wanted).get("users") or ()
        return Found(frozenset(map(str, users)), asked(rota, self._now()))

    def by_email(self, email: str) -> str | None:
        """The id of the user whom Slack knows by this address; None if there is none."""
        try:
            found = self._ask("users.lookupByEmail", {"email": email}).get("user") or {}
        except Refused as error:
            if error.code == "users_not_found":
                return None
            raise
        return str(found["id"]) if found.get("id") else None

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
