"""Who is who: the ids that one person goes by (law 13: nobody decides under another name)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

EMAIL, GITHUB, GITLAB, TERMINAL = "email", "github", "gitlab", "terminal"
"""What stands before the colon of an id that is none of Slack's: `email:ada@example.com`."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One person, by all their ids, as actors bear them: `U0123456`, `email:…`, `github:…`,
    `gitlab:…`, `terminal:…`."""

    ids: tuple[str, ...]

    @property
    def slack(self) -> tuple[str, ...]:
        """Their Slack user ids."""
        return tuple(one for one in self.ids if ":" not in one)

    def beside(self, who: str) -> str:
        """The other ids, for the record: `email:ada@example.com github:ada`."""
        return " ".join(one for one in self.ids if one != canonical(who))


def canonical(who: str) -> str:
    """An id as it is compared: the case of e-mail addresses and of logins at code hosts does not
    matter."""
    kind, colon, name = who.strip().partition(":")
    return f"{kind}:{name.lower()}" if colon and kind in (EMAIL, GITHUB, GITLAB) else who.strip()


@dataclass(frozen=True)
class Identities:
    """Everybody whose ids are known; each id is of one person."""

    by_id: Mapping[str, Identity] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Identity]) -> "Identities":
        """The map; the ids must be canonical, and none in two rows."""
        return cls({one: person for person in people for one in person.ids})

    def person_of(self, who: str) -> Identity | None:
        """The person behind an id, if the map has it."""
        return self.by_id.get(canonical(who))

    def one_id(self, who: str) -> str:
        """The one id that stands for the person behind this one."""
        person = self.person_of(who)
        return canonical(who) if person is None else person.ids[0]

    def same_person(self, one: str, other: str) -> bool:
        """Whether two ids are of one person. What the map does not have is only itself."""
        return self.one_id(one) == self.one_id(other)
