"""One transaction of the gate: everybody who waits is answered on the same facts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.decide.caller import Caller
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Freeze
from bot.decide.gate import answer
from bot.decide.gate_answer import Answer, Asked, Outcome, Question, repeats
from bot.decide.override import Grant, OverrideState
from bot.errors import Contradicted
from bot.flow.facts import Facts
from bot.flow.gate_facts import answer_facts, evidence, iso, sentence
from bot.flow.gate_known import Known
from bot.flow.refuse import tell_refusal
from bot.flow.verdicts import Judged, Verdicts
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

    @property
    def service(self) -> str:
        """What is to be released."""
        return self.question.change.service


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What goes out: the outcome, and the whole answer as JSON takes it."""

    outcome: Outcome
    facts: Facts


@dataclass
class Sitting:
    """All that one transaction has read, and what it will store."""

    books: Books
    known: Known
    ops: str
    now: datetime
    freezes: Sequence[Freeze]
    judged: dict[str, list[Judged]]
    asked: dict[str, Asked]
    _given: dict[str, Asked] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        books: Books,
        known: Known,
        verdicts: Verdicts,
        pieces: Sequence[Piece],
        ops: str,
        now: datetime,
    ) -> "Sitting":
        """One look at everything that the pieces need."""
        services = dict.fromkeys(piece.service for piece in pieces)
        objectives = [one for name in services for one in known.objectives(name)]
        judged: dict[str, list[Judged]] = {}
        for pair in verdicts.of(books, objectives, now):
            judged.setdefault(pair[0].service, []).append(pair)
        keys = [key for piece in pieces for key in (piece.question.key, piece.once) if key]
        freezes, asked = books.freezes.standing(now), books.answers.find(keys)
        return cls(books, known, ops, now, freezes, judged, asked)

    def decide(self, pieces: Sequence[Piece]) -> list[GateAnswer | Exception]:
        """An answer to each, and what is to be stored of them stored."""
        found: list[GateAnswer | Exception] = []
        for piece in pieces:
            try:
                found.append(self._decide(piece))
            except Contradicted as error:
                found.append(error)
        self.books.answers.put(list(self._given.values()))
        return found

    def _decide(self, piece: Piece) -> GateAnswer:
        kept = self.asked.get(piece.once)
        if kept is not None and kept.question != piece.question.key:
            sentence = "This Idempotency-Key was used for another question."
            raise Contradicted(sentence, "a new key for each question")
        if kept is not None and self.now < kept.valid_until:
            return self._again(kept)
        given = self._given_to(piece)
        if piece.once:
            self._keep(replace(given, key=piece.once, question=piece.question.key))
        return GateAnswer(given.outcome, json.loads(given.body))

    def _given_to(self, piece: Piece) -> Asked:
        question = piece.question
        fresh, judged = self._answer(question)
        before = self.asked.get(question.key)
        if before is None or not repeats(before, fresh, self.now):
            return self._record(piece, fresh, judged, before.count if before else 0)
        again = replace(before, count=before.count + 1, at=self.now)
        if before.mark == fresh.mark:
            body = _body(question, fresh, judged, before.seq)
            again = replace(again, body=body, valid_until=fresh.valid_until)
        self._keep(again)
        return again

    def _again(self, kept: Asked) -> GateAnswer:
        self._keep(replace(kept, count=kept.count + 1, at=self.now))
        return GateAnswer(kept.outcome, json.loads(kept.body))

    def _keep(self, asked: Asked) -> None:
        self.asked[asked.key] = self._given[asked.key] = asked

    def _answer(self, question: Question) -> tuple[Answer, list[Judged]]:
        name = question.change.service
        judged = self.judged.get(name, [])
        found = self.known.circumstances(name, self.freezes, judged)
        fresh = answer(question, found, self.now)
        if fresh.outcome.goes or found.service is None:
            return fresh, judged
        grants = self._grants(question)
        while grants:
            fresh = answer(question, replace(found, grants=grants), self.now)
            used = fresh.grant
            if used is None or self.books.grants.use(used.id, question.run, self.now):
                break
            grants = [one for one in grants if one.id != used.id]  # somebody was faster
        else:
            fresh = answer(question, found, self.now)
        return fresh, judged

    def _grants(self, question: Question) -> list[Grant]:
        """Those that this run may use, the one that it has used already first."""
        found = [
            one
            for one in self.books.grants.of_service(question.change.service, _LOOKED_AT)
            if one.state(self.now) is OverrideState.APPROVED or one.used_by == str(question.run)
        ]
        return sorted(found, key=lambda one: (one.used_at is None, one.use_by))

    def _record(self, piece: Piece, fresh: Answer, judged: list[Judged], earlier: int) -> Asked:
        question = piece.question
        if fresh.grant is not None:
            self._note_use(piece, fresh.grant)
        decision = decision_of(piece, fresh, judged, self.known, self.now, earlier)
        seq = self.books.history.append(decision).seq
        if not fresh.outcome.goes:
            tell_refusal(
                self.books, self.known.catalog, self.ops, question, fresh, judged, seq, self.now,
                piece.deployer,
            )  # fmt: skip
        asked = Asked(
            question.key,
            question.key,
            fresh.mark,
            fresh.outcome,
            seq,
            tuple(sorted(fresh.freezes)),
            _body(question, fresh, judged, seq),
            self.now,
            fresh.valid_until,
        )
        self._keep(asked)
        return asked

    def _note_use(self, piece: Piece, grant: Grant) -> None:
        change = piece.question.change
        facts = {
            "request": grant.request,
            "override": grant.request,
            "grant": grant.id,
            "change": change.name,
            "commit": change.commit,
            "digest": change.digest,
            "run": str(piece.question.run),
            "freezes": list(grant.freezes),
            "used_at": iso(self.now),
            "emergency": grant.emergency,
        }
        reason = f"override {grant.request} used for {change.service} {change.name}"
        self.books.history.append(
            Decision(
                Event.OVERRIDE_USED,
                self.now,
                piece.caller.actor,
                f"service:{change.service}",
                reason,
                facts,
                self.known.policy(change.service).version,
            )
        )


_LOOKED_AT = 50
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
    facts = evidence(piece.question, fresh, judged, said, earlier)
    event = Event.RELEASE_ALLOWED if fresh.outcome.goes else Event.RELEASE_STOPPED
    words = sentence(change.service, change.name, fresh)
    policy = known.policy(change.service).version
    scope = f"service:{change.service}"
    return Decision(event, now, piece.caller.actor, scope, words, facts, policy)


def _body(question: Question, fresh: Answer, judged: Sequence[Judged], seq: int) -> str:
    facts = {"decision_id": str(seq), "recorded": True, **answer_facts(question, fresh, judged)}
    return json.dumps(facts)
