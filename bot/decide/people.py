"""Who acts, and who may: people, groups, actors."""

from dataclasses import dataclass
from enum import StrEnum


class Door(StrEnum):
    """Through which door somebody acted."""

    SLACK = "slack"
    TERMINAL = "terminal"
    POLICY = "policy"
    API = "api"
    """Over the network, with a token of ours or of a CI system."""


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
    email: str = ""
    """As Slack knows it; empty where the app may not ask."""

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


class RotaKind(StrEnum):
    """Who keeps a rota."""

    USERGROUP = "user group"
    SCHEDULE = "PagerDuty schedule"
    ESCALATION = "PagerDuty escalation policy"


@dataclass(frozen=True, slots=True)
class Rota:
    """A list of people that is kept elsewhere, and asked for live."""

    kind: RotaKind
    id: str
    account: str = ""
    """Which PagerDuty, by its name in the specs."""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Group:
    """People: of Slack user groups, of PagerDuty, by user id; and who stands in for them."""

    usergroups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    on_call: tuple[Rota, ...] = ()
    """Schedules and escalation policies of PagerDuty."""
    fallback: "Group | None" = None
    """Who counts instead, if that is nobody or cannot be asked."""
    name: str = ""
    """What the spec calls it, where it is a fallback by name."""

    def __bool__(self) -> bool:
        return any(step.users or step.rotas for step in self.steps)

    @property
    def rotas(self) -> tuple[Rota, ...]:
        """What is to be asked, without the fallback."""
        slack = (Rota(RotaKind.USERGROUP, one) for one in dict.fromkeys(self.usergroups))
        return (*slack, *dict.fromkeys(self.on_call))

    @property
    def steps(self) -> "tuple[Group, ...]":
        """The group and, in their order, those that stand in for it."""
        return (self, *(self.fallback.steps if self.fallback is not None else ()))
