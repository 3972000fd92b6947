"""May this release go now? Asked, answered and recorded in one transaction with all who wait."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, wait
from dataclasses import dataclass, replace

from bot.decide.caller import Caller
from bot.decide.change import Change
from bot.decide.followed import Step
from bot.decide.gate import HOLDS, answer
from bot.decide.gate_answer import Question
from bot.decide.override import OverrideState, Run
from bot.decide.silence import Silences
from bot.errors import Contradicted, Doubtful, Forbidden, RecordError, Undecidable
from bot.flow.advice import Advising
from bot.flow.alike import alike
from bot.flow.facts import Facts
from bot.flow.gate.answers import answer_facts, iso
from bot.flow.gate.known import Known, Standing
from bot.flow.gate.owed import Owed
from bot.flow.gate.sitting import LOOKED_AT, GateAnswer, Piece, Sitting, decision_of
from bot.flow.gate.snapshot import Snapshot
from bot.flow.gate.together import Together
from bot.ports import Books, Clock, Record

log = logging.getLogger(__name__)

PATIENCE = 3.5
"""Seconds that anybody waits for the database, after the one for who they are: API servers of
clusters give an answer five."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it was put."""

    change: Change
    run: Run | None = None
    """None: the release itself is the run."""
    deployer: str = ""
    model: str = ""
    environment: str = ""
    once: str = ""
    """Idempotency-Key."""
    claim: str = ""
    """Who says of what kind the change is, where a door has looked that up itself."""
    step: Step | None = None
    """The change of an object of a cluster that it is."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that was put, and where its answer will be."""

    piece: Piece
    answer: "Future[GateAnswer]"


class DecideGate:
    """The flow behind every door of the gate."""

    def __init__(
        self,
        record: Record,
        clock: Clock,
        known: Callable[[], Known],
        snapshot: Snapshot,
        ops: str,
        patience: float = PATIENCE,
    ) -> None:
        self._record, self._clock, self._known = record, clock, known
        self._snapshot, self._ops = snapshot, ops
        self.patience = patience
        self._advising = Advising(record, clock, lambda: known().catalog)
        self._owed = Owed()
        self._together: Together[Piece, GateAnswer] = Together(self._write)

    def run(self, asking: Asking, caller: Caller) -> GateAnswer:
        """The answer, recorded. Raises Forbidden, Contradicted, NoSuch; Undecidable where it cannot
        be recorded and what was known last does not do either."""
        return self.run_all([asking], caller)[0]

    def run_all(self, askings: Sequence[Asking], caller: Caller) -> list[GateAnswer]:
        """The answers to several, for which nobody waits longer than for one. Raises as `run`, and
        what is plain from one question before any is put."""
        pieces = [self._piece(one, caller) for one in askings]
        waiting = [Waiting(piece, self._together.begin(piece)) for piece in pieces]
        wait([one.answer for one in waiting], self.patience)
        for one in waiting:
            one.answer.cancel()  # also if another one's answer is an error
        found = [self.given(one) for one in waiting]
        return [
            self.advised(asking, said) if self.advises(said) else said
            for asking, said in zip(askings, found, strict=True)
        ]

    def begin(self, asking: Asking, caller: Caller) -> Waiting:
        """The same for whoever has no thread to wait in, but waits no longer than `patience` and
        then takes what is `given`, and is `advised`. Raises Forbidden, Contradicted and NoSuch
        where that is plain from the question."""
        piece = self._piece(asking, caller)
        return Waiting(piece, self._together.begin(piece))

    def given(self, waiting: Waiting) -> GateAnswer:
        """The answer; if there is none yet, nobody waits for it any more. Raises as `run`."""
        done, piece = waiting.answer, waiting.piece
        if not done.cancel() and not done.done():
            raise Undecidable(f"{self._late()}, and may still store the answer; ask again.")
        try:
            return done.result()
        except CancelledError:
            log.warning("the gate answers from memory: %s", self._late())
            return self._from_memory(piece)
        except Doubtful as error:
            text = "The database went away while it stored the answer; the same run may ask again."
            raise Undecidable(text) from error
        except RecordError as error:
            log.warning("the gate answers from memory: %s", error)
            return self._from_memory(piece)

    def _late(self) -> str:
        return f"The database has not answered for {self.patience:g} s"

    def look(self, asking: Asking, caller: Caller) -> GateAnswer:
        """The answer that `run` would give now: nothing is recorded, told or used. Raises the same
        errors."""
        piece, now = self._piece(asking, caller), self._clock.now()
        seen, run = self._snapshot.recent(), piece.question.run
        try:
            freezes, grants = self._record.read(
                lambda books: (
                    books.freezes.standing(now),
                    books.grants.of_service(piece.service, LOOKED_AT),
                )
            )
        except RecordError as error:
            raise Undecidable("The database does not answer; nothing was changed.") from error
        judged = seen.of(piece.service)
        found = seen.circumstances(piece.service, Standing.of(freezes))
        usable = [
            one for one in grants if one.state(now) is OverrideState.APPROVED or one.used_in(run)
        ]
        fresh = answer(piece.question, replace(found, grants=usable), now)
        facts: Facts = {"decision_id": None, "recorded": False}
        said = GateAnswer(fresh.outcome, facts | answer_facts(piece.question, fresh, judged))
        return self.advised(asking, said)

    def advises(self, said: GateAnswer) -> bool:
        """Whether `advised` may have something to look up, and the database to look it up in."""
        return said.facts["recorded"] and self._advising.measures(said.facts["service"])

    def advised(self, asking: Asking, said: GateAnswer) -> GateAnswer:
        """With what a trade-off says of the release beside it; that changes no answer."""
        found = self._advising.of(said.facts["service"], asking.change.version)
        return said if found is None else replace(said, facts=said.facts | {"advice": found})

    def silences(self, service: str) -> Silences:
        """What the policy of a service says for the time in which nobody answers."""
        return self._known().policy(service).without_answer

    def keep(self) -> None:
        """Look at what stands, for when the database will not answer; and record what it did not
        take before. Raises RecordError."""
        self._snapshot.look()
        if self._owed:
            self._write([])

    def _piece(self, asking: Asking, caller: Caller) -> Piece:
        change = asking.change
        service = self._known().named(change.service, asking.model, asking.environment)
        if not caller.rights.may_decide(service):
            near = alike(service, caller.rights.decides, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            sentence = f"This token may not ask for releases of {service}.{hint}"
            raise Forbidden(sentence, f"a token with the scope gate:decide:{service}")
        change = Change(
            service, change.version, change.commit, change.digest, change.kind, change.ticket
        )
        run = _run(asking, caller, change)
        question = Question(change, run, caller.rights.may_claim(change.kind))
        once = f"{caller.word}\n{asking.once}"
        key = f"once:{hashlib.sha256(once.encode()).hexdigest()}" if asking.once else ""
        who, claim = _deployer(asking, caller), asking.claim
        return Piece(question, caller, who, key, question.key, claim, asking.step)

    def _write(self, pieces: Sequence[Piece]) -> list[GateAnswer | Exception]:
        seen, owed = self._snapshot.recent(), self._owed.take()

        def work(books: Books) -> list[GateAnswer | Exception]:
            # Nobody sets a freeze between the look and the answer. The time is read after the wait.
            books.history.hold()
            now = self._clock.now()
            books.history.append_all(list(owed.values()))
            return Sitting.open(books, seen, pieces, self._ops, now).decide(pieces)

        try:
            return self._record.write(work)
        except BaseException:
            self._owed.put_back(owed)
            raise

    def _from_memory(self, piece: Piece) -> GateAnswer:
        """What cannot be recorded grants nothing (law 16): no override is used. What needs none is
        answered by what was known last, and says so."""
        seen, now = self._snapshot.last(), self._clock.now()
        judged = seen.of(piece.service)
        found = seen.circumstances(piece.service)
        fresh = answer(piece.question, found, now)
        row = decision_of(piece, fresh, judged, seen.known, now)
        self._owed.add(f"{piece.key}:{fresh.mark}", row)
        facts: Facts = {"decision_id": None, "recorded": False, "seen_at": iso(seen.at)}
        facts |= answer_facts(piece.question, fresh, judged)
        facts["valid_until"] = iso(min(fresh.valid_until, max(now, seen.at + HOLDS)))
        facts["sentence"] += _MEMORY if fresh.outcome.goes else _MEMORY + _NO_OVERRIDES
        return GateAnswer(fresh.outcome, facts)


_MEMORY = " (the database does not answer: this is what was known last)"
_NO_OVERRIDES = "; overrides cannot be used until it does"


def _deployer(asking: Asking, caller: Caller) -> str:
    """As the caller says; else whom the identity of the run names."""
    vouched, who = caller.run, caller.actor.name
    return asking.deployer or (f"{vouched.system}:{who}" if vouched is not None and who else "")


def _run(asking: Asking, caller: Caller, change: Change) -> Run:
    """The run that asks: the one that somebody vouches for; else the one that is said."""
    vouched, said = caller.run, asking.run
    if vouched is None:
        return replace(said or Run.of_release(change), named_by=caller.word)
    if said is not None and (said.system, said.id) != (vouched.system, vouched.id):
        sentence = f"The identity is that of run {vouched.id}, the question that of {said.id}."
        raise Contradicted(sentence, "leave run out: the identity says it")
    return vouched
