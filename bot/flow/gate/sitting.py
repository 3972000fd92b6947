"""One transaction of the gate: everybody who waits is answered on the same facts."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.decide.approval import Request
from bot.decide.caller import Caller
from bot.decide.decision import Decision, Event
from bot.decide.followed import Step
from bot.decide.gate import answer
from bot.decide.gate_answer import Answer, Asked, Outcome, Question, repeats
from bot.decide.override import Grant, OverrideState
from bot.decide.release import Note, NoteKind
from bot.errors import Contradicted
from bot.flow.facts import Facts
from bot.flow.gate.answers import answer_facts, evidence, sentence
from bot.flow.gate.follow import Following
from bot.flow.gate.known import Known, Standing
from bot.flow.gate.reasons import waiting_override
from bot.flow.gate.refuse import tell_refusal
from bot.flow.gate.snapshot import Seen
from bot.flow.override.use import record_use
from bot.flow.verdicts import Judged
from bot.ports import Books


@dataclass(frozen=True, slots=True)
class Piece:
    """A question, who asks, and what makes the request that one request."""

    question: Question
    caller: Caller
    deployer: str = ""
    """Who releases, as the caller says."""
    once: str = ""
    """Key of the request; empty: it bears none."""
    key: str = ""
    """Of the question."""
    claim: str = ""
    """Who says of what kind the change is; empty: only the caller."""
    step: Step | None = None
    """The change of an object of a cluster that it is."""

    @property
    def service(self) -> str:
        """What is to be released."""
        return self.question.change.service

    @property
    def told(self) -> str:
        """All that the request says: its key stands for this and for nothing else."""
        said = [self.key, self.deployer, self.question.change.ticket]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What goes out: the outcome, and the whole answer as JSON takes it."""

    outcome: Outcome
    facts: Facts


@dataclass
class Sitting:
    """All that one transaction has read, and what it will store."""

    books: Books
    seen: Seen
    ops: str
    now: datetime
    freezes: Standing
    asked: dict[str, Asked]
    first: int
    """The place of the next decision in the history."""
    _decisions: list[Decision] = field(default_factory=list)
    _notes: list[Note] = field(default_factory=list)
    _given: dict[str, Asked] = field(default_factory=dict)

    _pending: list[Request] | None = None

    @classmethod
    def open(
        cls, books: Books, seen: Seen, pieces: Sequence[Piece], ops: str, now: datetime
    ) -> "Sitting":
        """One look at everything that the pieces need. The history must be held."""
        keys = [key for piece in pieces for key in (piece.key, piece.once) if key]
        freezes, asked = Standing.of(books.freezes.standing(now)), books.answers.find(keys)
        return cls(books, seen, ops, now, freezes, asked, books.history.head()[0] + 1)

    @property
    def known(self) -> Known:
        """The specs."""
        return self.seen.known

    def decide(self, pieces: Sequence[Piece]) -> list[GateAnswer | Exception]:
        """An answer to each, and what is to be stored of them stored."""
        found: list[GateAnswer | Exception] = []
        for piece in pieces:
            try:
                found.append(self._decide(piece))
            except Contradicted as error:
                found.append(error)
        self._flush()
        self._follow(list(zip(pieces, found, strict=True)))
        self.books.journal.add_all(self._notes)
        self.books.answers.put(list(self._given.values()))
        return found

    def _follow(self, judged: Sequence[tuple[Piece, GateAnswer | Exception]]) -> None:
        """What was judged at the door of a cluster, of services that there are."""
        steps = [
            (piece.service, piece.step, said.outcome.goes)
            for piece, said in judged
            if isinstance(said, GateAnswer) and self.known.service(piece.service) is not None
        ]
        seen = Following.open(self.books, [(name, step) for name, step, _ in steps], self.now)
        for name, step, goes in steps:
            if step is not None:
                seen.heard(name, step, goes=goes)

    def _decide(self, piece: Piece) -> GateAnswer:
        kept = self.asked.get(piece.once)
        if kept is not None and kept.question != piece.told:
            sentence = "This Idempotency-Key was used for another question."
            raise Contradicted(sentence, "a new key for each question")
        if kept is not None and self.now < kept.valid_until:
            self._keep(replace(kept, count=kept.count + 1, at=self.now))
            return GateAnswer(kept.outcome, json.loads(kept.body))
        given, facts = self._given_to(piece)
        if piece.once:
            self._keep(replace(given, key=piece.once, question=piece.told))
        return GateAnswer(given.outcome, facts)

    def _given_to(self, piece: Piece) -> tuple[Asked, Facts]:
        fresh, judged = self._answer(piece.question)
        before = self.asked.get(piece.key)
        if before is None or not repeats(before, fresh, self.now):
            return self._record(piece, fresh, judged, before.count if before else 0)
        again = replace(before, count=before.count + 1, at=self.now)
        facts: Facts = json.loads(before.body)
        if before.mark == fresh.mark:
            facts = self._facts(piece.question, fresh, judged, before.seq) | {"repeated": True}
            again = replace(again, body=json.dumps(facts), valid_until=fresh.valid_until)
        self._keep(again)
        return again, facts

    def _keep(self, asked: Asked) -> None:
        self.asked[asked.key] = self._given[asked.key] = asked

    def _note(self, decision: Decision) -> int:
        """Its place in the history; it is written with all others at the end."""
        self._decisions.append(decision)
        return self.first + len(self._decisions) - 1

    def _answer(self, question: Question) -> tuple[Answer, list[Judged]]:
        name = question.change.service
        judged = self.seen.of(name)
        found = self.seen.circumstances(name, self.freezes)
        fresh = answer(question, found, self.now)
        if fresh.outcome.goes or found.service is None:
            return fresh, judged
        grants = self._grants(question)
        while grants:
            fresh = answer(question, replace(found, grants=grants), self.now)
            used = fresh.grant
            if used is None or self._use(used, question):
                break
            grants = [one for one in grants if one.id != used.id]  # somebody was faster
        else:
            fresh = answer(question, found, self.now)
        return fresh, judged

    def _use(self, grant: Grant, question: Question) -> bool:
        released = grant.change.told_by(question.change)
        return self.books.grants.use(grant.id, question.run, self.now, released)

    def _grants(self, question: Question) -> list[Grant]:
        """Those that this run may use, the one that it has used already first."""
        found = [
            one
            for one in self.books.grants.of_service(question.change.service, LOOKED_AT)
            if one.state(self.now) is OverrideState.APPROVED or one.used_in(question.run)
        ]
        return sorted(found, key=lambda one: (one.used_at is None, one.use_by))

    def _record(
        self, piece: Piece, fresh: Answer, judged: list[Judged], earlier: int
    ) -> tuple[Asked, Facts]:
        question = piece.question
        if fresh.grant is not None:
            self._note_use(piece, fresh.grant)
        seq = self._note(decision_of(piece, fresh, judged, self.known, self.now, earlier))
        if fresh.outcome.goes and question.change.version:
            self._notes.append(announced(piece, seq, self.now))
        if not fresh.outcome.goes:
            tell_refusal(
                self.books, self.known.catalog, self.ops, question, fresh, judged, seq, self.now,
                piece.deployer, self._waiting_for(question, fresh),
            )  # fmt: skip
        facts = self._facts(question, fresh, judged, seq)
        asked = Asked(
            piece.key,
            piece.key,
            fresh.mark,
            fresh.outcome,
            seq,
            tuple(sorted(fresh.freezes)),
            json.dumps(facts),
            self.now,
            fresh.valid_until,
        )
        self._keep(asked)
        return asked, facts

    def _facts(
        self, question: Question, fresh: Answer, judged: Sequence[Judged], seq: int
    ) -> Facts:
        told = answer_facts(question, fresh, judged, self._waiting_for(question, fresh))
        return {"decision_id": str(seq), "recorded": True, **told}

    def _waiting_for(self, question: Question, fresh: Answer) -> Facts | None:
        """The override for this release that waits for its approval."""
        if fresh.outcome.goes or not fresh.freezes:
            return None
        if self._pending is None:
            self._pending = self.books.requests.pending(self.now)
        return waiting_override(self._pending, question.change, self.now)

    def _note_use(self, piece: Piece, grant: Grant) -> None:
        used = self.books.grants.get(grant.id)
        if grant.used_at is not None or used is None:
            return
        self._flush()
        record_use(self.books, self.known.catalog, self.ops, used, piece.question.run, self.now)
        self.first = self.books.history.head()[0] + 1

    def _flush(self) -> None:
        """Write what was noted, in its order."""
        self.books.history.append_all(self._decisions)
        self._decisions.clear()


LOOKED_AT = 50
"""Overrides of a service that are looked through, the newest first."""


def decision_of(
    piece: Piece,
    fresh: Answer,
    judged: Sequence[Judged],
    known: Known,
    now: datetime,
    earlier: int = 0,
) -> Decision:
    """The row of the history."""
    change = piece.question.change
    service = known.service(change.service)
    said = {"deployer": piece.deployer, "environment": service.environment if service else ""}
    if piece.claim:
        said["claim"] = piece.claim
    facts = evidence(piece.question, fresh, judged, said, earlier)
    event = Event.RELEASE_ALLOWED if fresh.outcome.goes else Event.RELEASE_STOPPED
    words = sentence(change.service, change.name, fresh)
    policy = known.policy(change.service).version
    scope = f"service:{change.service}"
    return Decision(event, now, piece.caller.actor, scope, words, facts, policy)


def announced(piece: Piece, seq: int, now: datetime) -> Note:
    """What the journal is told of a release that may go."""
    change, who = piece.question.change, piece.deployer or piece.caller.actor.name
    return Note(
        0, f"gate:{seq}", change.service, change.version, NoteKind.ANNOUNCED, now, "gate",
        actor=who, commit=change.commit, digest=change.digest, decision=seq,
    )  # fmt: skip
