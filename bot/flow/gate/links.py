"""Where to ask for an override: a link to a team's channel in Slack. Whoever needs one waits for
nothing; names of channels are looked up beside, and remembered."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from bot.decide.catalog import Catalog
from bot.errors import DeliveryError
from bot.ports.tell import Rooms

LASTS = 3_600.0
"""Seconds until names are looked up again: a channel may be renamed."""
AGAIN = 300.0
"""The same while a name is not found: the bot may be invited soon."""
SILENT = 30.0
"""The same while Slack does not answer."""
_ID = re.compile(r"[CG][A-Z0-9]{6,20}")


class Links:
    """Names of channels with their ids, as they were found last."""

    def __init__(self, catalog: Callable[[], Catalog], monotonic: Callable[[], float]) -> None:
        self._catalog, self._monotonic = catalog, monotonic
        self._ids: Mapping[str, str] = {}
        self._team, self._app = "", ""
        self._asked = float("-inf")

    def url(self, channel: str) -> str | None:
        """The link to a channel, named by its id or `#name`; to the app itself where nobody can say
        which id a name has; None where not even that is known. Slack's own kind of link
        (docs.slack.dev, deep linking): it opens whatever the reader has."""
        found = channel if _ID.fullmatch(channel) else self._ids.get(channel.removeprefix("#"))
        if found is None and not self._app:
            return None
        where = {"channel": found} if found is not None else {"app": self._app}
        team = {"team": self._team} if self._team else {}
        return f"https://slack.com/app_redirect?{urlencode(where | team)}"

    def look(self, rooms: Rooms) -> bool:
        """Look names up if that is due; False if nothing was asked, or nobody answered: then the
        next time tries again, and what was known stays."""
        named = {team.channel for team in self._catalog().teams.values()}
        names = {one.removeprefix("#") for one in named if one and not _ID.fullmatch(one)}
        now, patience = self._monotonic(), LASTS if names <= self._ids.keys() else AGAIN
        if now - self._asked < patience:
            return False
        try:
            self._ids = rooms.ids(names) if names else {}
            self._team, self._app = rooms.home()
        except DeliveryError:
            self._asked = now - AGAIN + SILENT
            return False
        self._asked = now
        return True
