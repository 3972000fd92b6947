"""The way to people: rendering, Slack, who is who."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.decide.people import Person, Rota
from bot.decide.roster import Found


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as Slack takes it."""

    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Renderer(Protocol):
    """From facts to a message, within Slack's limits."""

    def message(self, template: str, facts: Mapping[str, Any]) -> Rendered: ...

    def view(self, template: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """A modal."""
        ...


class Messenger(Protocol):
    """The way to a channel. Raises RateLimited, Refused or Unclear."""

    def post(
        self, channel: str, message: Rendered, key: str, thread: str | None, *, broadcast: bool
    ) -> tuple[str, str]:
        """Channel id and ts of the new message; `key` travels in its metadata."""
        ...

    def edit(self, channel: str, ts: str, message: Rendered) -> None: ...

    def find(self, channel: str, key: str, since: datetime, thread: str | None) -> list[str]:
        """ts of our messages that bear this key, oldest first."""
        ...

    def delete(self, channel: str, ts: str) -> None: ...


class Rooms(Protocol):
    """Channels, asked live. Raises DeliveryError when there is no answer."""

    def ids(self, names: Collection[str]) -> Mapping[str, str]:
        """The ids of those that we can see, by their names."""
        ...

    def home(self) -> tuple[str, str]:
        """The ids of the workspace and of our app; the second is empty if that is not known."""
        ...


class Directory(Protocol):
    """Who is who, asked live. Raises DeliveryError when there is no answer."""

    def person(self, user: str, /) -> Person: ...

    def found(self, rota: Rota, /) -> Found:
        """Whom the rota names now: nobody, if it is empty or disabled."""
        ...
