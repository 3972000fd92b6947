"""A directory that is asked live, but not twice for one thing."""

from dataclasses import dataclass, field

from bot.decide.people import Person, Rota
from bot.decide.roster import Found
from bot.ports import Directory


@dataclass(frozen=True)
class Remembering:
    """The directory for one click, or for one look at many requests."""

    directory: Directory
    _people: dict[str, Person] = field(default_factory=dict)
    _rotas: dict[Rota, Found] = field(default_factory=dict)

    def person(self, user: str) -> Person:
        """As the directory says."""
        if user not in self._people:
            self._people[user] = self.directory.person(user)
        return self._people[user]

    def found(self, rota: Rota) -> Found:
        """As the directory says."""
        if rota not in self._rotas:
            self._rotas[rota] = self.directory.found(rota)
        return self._rotas[rota]
