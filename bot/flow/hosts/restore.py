"""An alias that moved without asking the gate is moved back, where the policy of its registry says
that people may be asked, and they agree."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.approval import Request, Vote, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Origin
from bot.decide.outside import Registry, Serves
from bot.decide.people import BURNBAN
from bot.decide.quorum import needs_words
from bot.decide.release import NoteKind
from bot.decide.scope import Reach, Scope
from bot.flow.announce import announce_request
from bot.flow.facts import Facts
from bot.flow.hosts.sightings import Seen, note_seen
from bot.flow.hosts.visits import Visits
from bot.ports import Books, Clock, Record
from bot.ports.hosts import RegistryHost, Sighting, Watch, WatchKind

log = logging.getLogger(__name__)


def served_key(registry: Registry, rule: Serves) -> str:
    """Of what is known of where an alias or a stage stands."""
    return f"mlflow:{registry.name}:{rule.model}:{rule.mark}"


def back_key(served: str) -> str:
    """Of a way back that was agreed upon."""
    return f"{served}:back"


def ask_back(
    books: Books,
    catalog: Catalog,
    ops: str,
    registry: Registry,
    rule: Serves,
    seen: Sighting,
    former: str,
    now: datetime,
) -> Request:
    """Put it before those who may freeze the service, as many as a freeze takes."""
    scope = Scope(Reach.SERVICE, seen.service)
    policy = catalog.policy_for(scope)
    move = {
        "registry": registry.name,
        "model": rule.model,
        "alias": rule.alias,
        "from": seen.version,
        "to": former,
        "sighting": seen.id,
    }
    reason = (
        f"{rule.model} {rule.mark} moved from {former} to {seen.version} without asking the gate;"
        f" back to {former}?"
    )
    expires = now + timedelta(seconds=policy.approvals.expires)
    quorum = policy.approvals.freeze
    request = books.requests.add(
        Request(0, Wish.RESTORE, scope, reason, BURNBAN, Origin.MANUAL, quorum, now, expires,
                evidence=move)
    )  # fmt: skip
    evidence: Facts = {"request": request.id, "needed": needs_words(quorum.needs), **move}
    decision = Decision(
        Event.RESTORE_REQUESTED, now, BURNBAN, str(scope), reason, evidence, policy.version
    )
    books.history.append(decision)
    announce_request(books, catalog, ops, request, [], now)
    return request


def carry_out(
    books: Books,
    catalog: Catalog,
    request: Request,
    votes: Sequence[Vote],
    evidence: Facts,
    now: datetime,
) -> None:
    """People have agreed: whoever visits next moves it."""
    move = dict(request.evidence)
    policy = catalog.policy_for(request.scope).version
    by, scope = votes[-1].voter, str(request.scope)
    facts = {**evidence, **move}
    books.history.append(
        Decision(Event.RESTORE_GRANTED, now, by, scope, request.reason, facts, policy)
    )
    served = f"mlflow:{move['registry']}:{move['model']}:@{move['alias']}"
    facts = {**move, "request": request.id, "scope": scope}
    key = back_key(served)
    books.watches.put(Watch(key, WatchKind.BACK, move["registry"], move["model"], facts), now)


@dataclass(frozen=True)
class MoveBack:
    """The flow that moves aliases back."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    registries: Callable[[str], RegistryHost | None]
    visits: Visits

    def run(self) -> int:
        """How many were visited."""
        now = self.clock.now()
        watches = self.record.read(lambda books: books.watches.of(WatchKind.BACK))
        due = [one for one in watches if one.due_at is None or one.due_at <= now]
        return sum(self.visits.pay(one.key, self._visit) for one in due)

    def _visit(self, watch: Watch) -> Watch | None:
        said, host = watch.facts, self.registries(watch.host)
        if host is None:
            return None
        model, alias = str(said["model"]), str(said["alias"])
        stands = host.model(model).aliases.get(alias, "")
        if stands not in (said["from"], said["to"]):
            log.info("%s @%s stands at %s by now: it stays there", model, alias, stands)
            return None
        if stands != said["to"]:
            host.set_alias(model, alias, str(said["to"]))
        self.record.write(lambda books: self._moved(books, watch))
        return None

    def _moved(self, books: Books, watch: Watch) -> None:
        """On record; and where it stands is known, so that this is no release that was seen."""
        said, now = watch.facts, self.clock.now()
        key = watch.key.removesuffix(":back")
        stands = {"version": said["to"], "former": said["from"]}
        served = Watch(key, WatchKind.SERVED, watch.host, watch.place, stands, told_at=now)
        books.watches.put(served, now)
        reason = f"{said['model']} @{said['alias']} moved back from {said['from']} to {said['to']}"
        books.history.append(
            Decision(Event.RESTORED, now, BURNBAN, str(said["scope"]), reason, dict(said))
        )
        service = Scope.parse(str(said["scope"])).name
        mark = f"{watch.key}:{now.isoformat()}"
        for version, kind in ((said["from"], NoteKind.ROLLED_BACK), (said["to"], NoteKind.BEGAN)):
            back = Seen(mark, service, f"mlflow {watch.host}", version=str(version), kind=kind)
            note_seen(books, back, 0, now)
