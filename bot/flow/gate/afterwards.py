"""A release that went while nobody could be asked comes on record when somebody can."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.caller import Caller
from bot.decide.decision import Decision, Event
from bot.decide.release import Note, NoteKind
from bot.errors import Contradicted, Forbidden
from bot.flow.gate.answers import iso
from bot.flow.gate.decide import Asking
from bot.flow.gate.known import Known
from bot.flow.noting import tell
from bot.ports import Books, Clock, Record

OLDEST = timedelta(days=30)
_SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class ReportPassage:
    """The flow behind POST /v1/gate/reports."""

    record: Record
    clock: Clock
    known: Callable[[], Known]

    def run(self, asking: Asking, passed_at: datetime, why: str, caller: Caller) -> bool:
        """Record it; False if it was already. Raises Forbidden, Contradicted, NoSuch."""
        known, now = self.known(), self.clock.now()
        service = known.named(asking.change.service, asking.model, asking.environment)
        if not caller.rights.may_decide(service):
            sentence = f"This token may not speak of releases of {service}."
            raise Forbidden(sentence, f"a token with the scope gate:decide:{service}")
        if not now - OLDEST <= passed_at <= now + _SKEW:
            raise Contradicted("That release is of a time to come, or of more than 30 days ago.")
        change, run = asking.change, caller.run or asking.run
        evidence = {
            "decision": "unasked",
            "change": change.name,
            "version": change.version,
            "commit": change.commit,
            "digest": change.digest,
            "kind": str(change.kind),
            "ticket": change.ticket,
            "deployer": asking.deployer,
            "run": str(run) if run is not None else "",
            "passed_at": iso(passed_at),
            "why": why,
        }
        said = json.dumps([service, caller.word, evidence], sort_keys=True)
        key = f"passage:{hashlib.sha256(said.encode()).hexdigest()}"
        reason = f"{service} {change.name} went without an answer of the gate: {why}"
        policy = known.policy(service).version
        decision = Decision(
            Event.RELEASE_UNASKED, now, caller.actor, f"service:{service}", reason, evidence, policy
        )

        def work(books: Books) -> bool:
            if not books.receipts.first_time(key, now):
                return False
            row = books.history.append(decision)
            note = Note(
                0, key, service, change.version, NoteKind.ANNOUNCED, passed_at, "gate",
                actor=asking.deployer, commit=change.commit, digest=change.digest, decision=row.seq,
            )  # fmt: skip
            tell(books, note)
            return True

        return self.record.write(work)
