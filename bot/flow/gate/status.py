"""How services stand, for whoever only looks: nothing is recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.decide.change import Change
from bot.decide.gate import HOLDS, answer
from bot.decide.gate_answer import Question, Why
from bot.decide.override import Grant, Run
from bot.errors import Contradicted, NoSuch
from bot.flow.alike import alike
from bot.flow.facts import Facts, status_row
from bot.flow.gate.answers import iso, status_facts
from bot.flow.gate.snapshot import Seen, Snapshot
from bot.flow.show.survey import freeze_row
from bot.ports import Clock

_NEAR, _FAR = timedelta(minutes=1), timedelta(days=731)
_LOOKING = Run("status", "")


@dataclass(frozen=True)
class GateStatus:
    """The flow behind the reading doors."""

    snapshot: Snapshot
    clock: Clock

    def status(self, service: str, at: datetime | None = None) -> Facts:
        """Whether releases of a service go at `at` (now), and when that changes. Raises NoSuch,
        Contradicted for a time that has gone by or is years away, Undecidable."""
        seen, now = self.snapshot.lately(), self.clock.now()
        if service not in seen.known.catalog.services:
            raise unknown(seen, service)
        at = _to_come(at, now) if at is not None else None
        fresh = now - seen.at < 2 * _SECOND
        if at is None and fresh:
            kept = seen.said.get(service)
            if isinstance(kept, dict):
                return kept
        facts = self._status(seen, Change(service), (), at or now, now)
        if at is None and fresh:
            seen.said[service] = facts
        return facts

    def release(self, change: Change, grants: Sequence[Grant]) -> Facts:
        """How one release of a service that there is stands now, with `override` where one of
        these would let it through, and what would stop it as the reason; none is used. Raises
        Undecidable."""
        now = self.clock.now()
        return self._status(self.snapshot.lately(), change, grants, now, now)

    def _status(
        self, seen: Seen, change: Change, grants: Sequence[Grant], at: datetime, now: datetime
    ) -> Facts:
        service = change.service
        judged = seen.of(service) if at <= now + HOLDS else []
        found = replace(seen.circumstances(service), verdicts=[one for _, one in judged])
        said = answer(Question(change, _LOOKING), replace(found, grants=grants), at)
        facts = status_facts(found, said, judged, at, service)
        if said.grant is not None:
            facts["override"] = said.grant.request
            facts["reason"] = next(
                one.message for one in said.grounds if one.code is not Why.OVERRIDE
            )
        facts["validUntil"] = iso(min(said.valid_until, max(at, seen.at + HOLDS)))
        facts["seenAt"] = iso(seen.at)
        return facts

    def budgets(self, wanted: Callable[[str], bool], after: str, limit: int) -> list[Facts]:
        """Objectives of the services that are wanted, by their ids, those after `after`; one more
        than `limit` if there are more."""
        seen = self.snapshot.lately()
        rows = sorted(
            (pair for name, pairs in seen.judged.items() if wanted(name) for pair in pairs),
            key=lambda pair: pair[0].id,
        )
        return [
            {"id": objective.id, **status_row(objective, verdict)}
            for objective, verdict in rows
            if objective.id > after
        ][: limit + 1]

    def freezes(self, wanted: Callable[[str], bool], after: int, limit: int) -> list[Facts]:
        """Freezes in force or to come that reach a service that is wanted, by their numbers."""
        seen, now = self.snapshot.lately(), self.clock.now()
        catalog = seen.known.catalog
        names = [name for name in catalog.services if wanted(name)]
        found = sorted(
            (
                freeze
                for freeze in seen.freezes.freezes
                if freeze.id > after
                and not freeze.over(now)
                and any(catalog.covers(freeze.scope, name) for name in names)
            ),
            key=lambda freeze: freeze.id,
        )
        return [freeze_row(catalog, freeze, now) for freeze in found[: limit + 1]]


_SECOND = timedelta(seconds=1)


def _to_come(at: datetime, now: datetime) -> datetime:
    """An instant that something can be said of. Raises Contradicted."""
    if at < now - _NEAR:
        sentence = "This tells of now and of what is to come; what was stands in the history."
        raise Contradicted(sentence, "GET /v1/history")
    if at > now + _FAR:
        raise Contradicted("Nobody knows that yet: ask about the next two years at most.")
    return at.astimezone(UTC)


def unknown(seen: Seen, service: str) -> NoSuch:
    """What to say of a service that is not there."""
    near = alike(service, seen.known.catalog.services)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return NoSuch(f"There is no service {service}.{hint}", next(iter(near), ""))
