"""Which policy a service comes under, value by value, and where each value is written."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.policy import DEFAULT
from bot.decide.scope import Reach
from bot.errors import UserError
from bot.flow.facts import Facts, scope_words


@dataclass(frozen=True)
class Explain:
    """The flow behind `burnban policy explain` and /budget policy."""

    catalog: Callable[[], Catalog]

    def policy(self, word: str) -> Facts:
        """The facts of `policy`."""
        catalog = self.catalog()
        scope = catalog.scope(word)
        if scope.reach is not Reach.SERVICE:
            asked = catalog.word(scope)
            sentence = f"A policy is that of one service; `{asked}` is {scope_words(scope)}."
            raise UserError(sentence, f"/budget status {asked}")
        service = catalog.services[scope.name]
        name = service.policy or DEFAULT.name
        found = catalog.policies.get(name, DEFAULT)
        return {
            "service": service.name,
            "word": catalog.word(scope),
            "policy": found.name,
            "version": found.version,
            "mode": str(found.mode),
            "rows": [
                {"field": s.field, "value": s.value, "policy": s.policy, "where": s.where}
                for s in catalog.stated.get(name, ())
            ],
            "others": [
                {"objective": one.name, "policy": one.policy}
                for one in catalog.objectives
                if one.service == service.name and one.policy != name
            ],
        }
