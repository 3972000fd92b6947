"""Which policy a service or an objective comes under, value by value, and where each is written."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.policy import DEFAULT
from bot.decide.scope import Reach
from bot.errors import UserError
from bot.flow.alike import alike
from bot.flow.facts import Facts, scope_words


@dataclass(frozen=True)
class Explain:
    """The flow behind `burnban policy explain` and /budget policy."""

    catalog: Callable[[], Catalog]

    def policy(self, word: str) -> Facts:
        """The facts of `policy`: of a service, or of one objective, as `ranker/availability`.
        Raises UserError."""
        catalog = self.catalog()
        if "/" in word:
            return _of_objective(catalog, word)
        scope = catalog.scope(word)
        if scope.reach is not Reach.SERVICE:
            asked = catalog.word(scope)
            sentence = f"A policy is that of one service; `{asked}` is {scope_words(scope)}."
            raise UserError(sentence, f"/budget status {asked}")
        service = catalog.services[scope.name]
        name = service.policy or DEFAULT.name
        return {
            "service": service.name,
            "word": catalog.word(scope),
            **_values(catalog, name),
            "others": [
                {"objective": one.name, "id": one.id, "policy": one.policy}
                for one in catalog.objectives
                if one.service == service.name and one.policy != name
            ],
        }


def _of_objective(catalog: Catalog, word: str) -> Facts:
    name, _, wanted = word.partition("/")
    scope = catalog.scope(name)
    mine = [one for one in catalog.objectives if one.service == scope.name]
    found = next((one for one in mine if one.name == wanted), None)
    if scope.reach is not Reach.SERVICE or found is None:
        known = [one.id for one in mine] or [one.id for one in catalog.objectives]
        near = [*alike(word, known, 1), *known][:1] or [name]
        raise UserError(f"There is no objective `{word}`.", f"/budget policy {near[0]}")
    return {
        "service": found.id,
        "word": catalog.word(scope),
        **_values(catalog, found.policy or DEFAULT.name),
        "others": [],
    }


def _values(catalog: Catalog, name: str) -> Facts:
    found = catalog.policies.get(name, DEFAULT)
    return {
        "policy": found.name,
        "version": found.version,
        "mode": str(found.mode),
        "rows": [
            {"field": s.field, "value": s.value, "policy": s.policy, "where": s.where}
            for s in catalog.stated.get(name, ())
        ],
    }
