"""Who acts, and who may: people, groups, actors."""

from dataclasses import dataclass
from enum import StrEnum


class Door(StrEnum):
    """Through which door somebody acted."""

    SLACK = "slack"
    TERMINAL = "terminal"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, for the record: an immutable id, a name to read, the door."""

    id: str
    name: str
    door: Door
    identity: str = ""
    """Who this is beyond the door (`email:… github:…`), as the identity map said then."""


BURNBAN = Actor("burnban", "Burnban", Door.POLICY)
"""The bot itself, acting on a policy."""


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user as Slack describes them now."""

    id: str
    name: str
    team_id: str = ""
    bot: bool = False
    guest: bool = False
    deleted: bool = False
    stranger: bool = False
    """From another workspace (Slack Connect)."""
    zone: str = "UTC"
    """IANA zone of the person's own clock: `until fri 17:00` is meant in it."""

    @property
    def outsider(self) -> str | None:
        """Why this person can neither ask nor vote; None if they can."""
        if self.bot:
            return "bots cannot decide"
        if self.deleted:
            return "this account is deactivated"
        if self.stranger:
            return "people from other workspaces cannot decide here"
        if self.guest:
            return "guests cannot decide"
        return None


@dataclass(frozen=True, slots=True)
class Group:
    """People by Slack user group, by user id, or both."""

    usergroups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.usergroups or self.users)
