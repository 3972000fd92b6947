"""What the specs say about a service that somebody asks the gate about, looked up once for each
loading of the specs."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.decide.gate_answer import Circumstances
from bot.decide.policy import Policy
from bot.decide.scope import Reach, Scope
from bot.decide.service import Service
from bot.errors import Contradicted, NoSuch
from bot.flow.alike import alike
from bot.flow.verdicts import Judged
from bot.judge.objective import Objective


@dataclass(frozen=True)
class Standing:
    """The freezes that stand or will, those of single services found by name: of a thousand of
    them few concern anybody."""

    freezes: Sequence[Freeze]
    _of: dict[str, list[Freeze]]
    _wide: list[Freeze]

    @classmethod
    def of(cls, freezes: Sequence[Freeze]) -> "Standing":
        """Sorted once."""
        own: dict[str, list[Freeze]] = {}
        wide: list[Freeze] = []
        for one in freezes:
            narrow = one.scope.reach is Reach.SERVICE
            (own.setdefault(one.scope.name, []) if narrow else wide).append(one)
        return cls(freezes, own, wide)

    def covering(self, service: Service) -> list[Freeze]:
        """Those that reach a service."""
        wide = [one for one in self._wide if one.scope.covers(service)]
        return [*self._of.get(service.name, ()), *wide]


@dataclass
class Known:
    """One loading of the specs, ready for the gate."""

    catalog: Catalog
    _policies: dict[str, Policy] = field(default_factory=dict)
    _objectives: dict[str, list[Objective]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found: defaultdict[str, list[Objective]] = defaultdict(list)
        for objective in self.catalog.objectives:
            found[objective.service].append(objective)
        self._objectives = dict(found)

    def service(self, name: str) -> Service | None:
        """By its name."""
        return self.catalog.services.get(name)

    def objectives(self, name: str) -> Sequence[Objective]:
        """Those of a service; of an unknown one none."""
        return self._objectives.get(name, ())

    def policy(self, name: str) -> Policy:
        """The one that releases of a service fall under; for an unknown service the default one."""
        if name not in self.catalog.services:
            return self.catalog.otherwise
        if name not in self._policies:
            # Of a large catalog only what concerns the service, or each first question takes long.
            own = {name: self.catalog.services[name]}
            near = replace(self.catalog, objectives=tuple(self.objectives(name)), services=own)
            self._policies[name] = near.policy_for(Scope(Reach.SERVICE, name))
        return self._policies[name]

    def circumstances(
        self, name: str, freezes: "Standing", judged: Sequence[Judged]
    ) -> Circumstances:
        """All that an answer about a service rests on, but for overrides."""
        service = self.service(name)
        if service is None:
            return Circumstances(None, self.policy(name), near=alike(name, self.catalog.services))
        verdicts = [verdict for _, verdict in judged]
        return Circumstances(service, self.policy(name), freezes.covering(service), verdicts)

    def named(self, service: str, model: str, environment: str) -> str:
        """The service that is meant: by its name, or by a model and its environment. Raises
        Contradicted where what is said of it is not so, NoSuch where a model has no service
        there."""
        if not service:
            return self._of_model(model, environment)
        known = self.service(service)
        for said, has, word in (
            (environment, known.environment if known else "", "environment"),
            (model, known.model if known else "", "model"),
        ):
            if known is not None and said and has and said != has:
                sentence = f"The {word} of {service} is {has}, not {said}."
                raise Contradicted(sentence, f"leave subject.{word} out, or say {has}")
        return service

    def _of_model(self, model: str, environment: str) -> str:
        found = [
            one.name
            for one in self.catalog.services.values()
            if one.model == model and environment in ("", one.environment)
        ]
        if len(found) == 1:
            return found[0]
        where = f" in {environment}" if environment else ""
        if not found:
            raise NoSuch(f"There is no service of the model {model}{where}.")
        names = " and ".join(sorted(found))
        raise Contradicted(f"{model}{where} may be {names}.", "say subject.service")


def knowing(catalog: Callable[[], Catalog]) -> Callable[[], Known]:
    """The specs in force, ready for the gate; made anew when they change."""
    last: list[Known] = []

    def known() -> Known:
        present = catalog()
        if not last or last[0].catalog is not present:
            last[:] = [Known(present)]
        return last[0]

    return known
