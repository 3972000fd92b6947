"""Answers of the gate as they go out, and as evidence."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.decide.episode import BLINDING
from bot.decide.gate import next_close, next_open
from bot.decide.gate_answer import Answer, Circumstances, Outcome, Question
from bot.flow.facts import Facts, number, status_row
from bot.flow.verdicts import Judged
from bot.judge.verdict import Verdict

_VERBS = {
    Outcome.ALLOW: "may go",
    Outcome.WARN: "may go, with care",
    Outcome.HOLD: "has to wait",
    Outcome.DENY: "may not go",
}


def iso(at: datetime | None) -> str | None:
    """An instant as the API writes it."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def sentence(service: str, name: str, answer: Answer) -> str:
    """The answer in one sentence: `ranker 38 may not go: releases are frozen by freeze 12: …`."""
    release = f"{service} {name}".rstrip()
    return f"{release} {_VERBS[answer.outcome]}: {answer.grounds[0].message}"


def answer_facts(
    question: Question, answer: Answer, judged: Sequence[Judged], waiting: Facts | None = None
) -> Facts:
    """An answer as it goes out, without the decision's number. `waiting`: the override for this
    release that waits for its approval, if one does."""
    change = question.change
    return {
        "service": change.service,
        "release": change.name,
        "allowed": answer.outcome.goes,
        "outcome": str(answer.outcome),
        "mode": str(answer.mode),
        "sentence": sentence(change.service, change.name, answer),
        "reasons": reasons(answer),
        "budget": budget(judged),
        "override_id": str(answer.grant.request) if answer.grant is not None else None,
        "override_pending": None if waiting is None else _pending(waiting),
        "next_open": iso(answer.next_open),
        "expected_open": iso(answer.expected_open),
        "valid_until": iso(answer.valid_until),
    }


def _pending(waiting: Facts) -> Facts:
    asked = datetime.fromtimestamp(waiting["asked"], UTC)
    return {"override_id": str(waiting["request"]), "asked_at": iso(asked)}


def reasons(answer: Answer) -> list[Facts]:
    """Every ground: what lets the release through, then the strictest first."""
    return [
        {
            "code": str(one.code),
            "outcome": str(one.outcome),
            "freeze_id": str(one.freeze) if one.freeze is not None else None,
            "message": one.message,
        }
        for one in answer.grounds
    ]


def budget(judged: Sequence[Judged]) -> Facts | None:
    """The budget with the least left; None for a service without objectives."""
    if not judged:
        return None
    objective, verdict = min(judged, key=lambda pair: _left(pair[1]))
    return {
        "objective": objective.id,
        "remaining": number(verdict.left),
        "verdict": str(verdict.kind),
        "observed_at": iso(verdict.as_of),
        "stale": bool({reason.code for reason in verdict.reasons} & set(BLINDING)),
    }


def _left(verdict: Verdict) -> float:
    return 1.0 if verdict.left is None else float(verdict.left)


def evidence(
    question: Question, answer: Answer, judged: Sequence[Judged], said: Facts, earlier: int
) -> Facts:
    """What a decision of the gate rests on. `said`: what the caller claimed besides; `earlier`: how
    often the answer before it was given to the same question."""
    change = question.change
    return {
        "decision": str(answer.outcome),
        "mode": str(answer.mode),
        "change": change.name,
        "version": change.version,
        "commit": change.commit,
        "digest": change.digest,
        "kind": str(change.kind),
        "kind_trusted": question.trusted,
        "ticket": change.ticket,
        "run": str(question.run),
        "grounds": reasons(answer),
        "freezes": sorted(answer.freezes),
        "override": answer.grant.request if answer.grant is not None else "",
        "budgets": [status_row(objective, verdict) for objective, verdict in judged],
        "valid_until": iso(answer.valid_until),
        "asked_before": earlier,
        **said,
    }


def status_facts(found: Circumstances, answer: Answer, judged: Sequence[Judged], at: datetime,
                 service: str) -> Facts:  # fmt: skip
    """How a service stands at `at`, for whoever only looks. What is not known is left out: no
    `nextOpen` means that nobody knows an end."""
    environment = found.service.environment if found.service is not None else ""
    closed = not answer.outcome.goes
    opens = next_open(found.freezes, at) if closed else None
    coming = next_close(found.freezes, opens or at) if not closed or opens else None
    silent = found.policy.when_silent(environment) if environment else None
    facts = {
        "service": service,
        "environment": environment,
        "at": iso(at),
        "closed": closed,
        "outcome": str(answer.outcome),
        "reason": answer.grounds[0].message,
        "nextOpen": iso(answer.next_open),
        "expectedOpen": iso(answer.expected_open),
        "nextClose": iso(coming.starts_at) if coming is not None else None,
        "nextCloseReason": coming.reason if coming is not None else None,
        "validUntil": iso(answer.valid_until),
        "withoutAnswer": str(silent) if silent is not None else None,
        "reasons": reasons(answer),
        "budget": budget(judged),
    }
    return {key: value for key, value in facts.items() if value is not None}
