"""A pipeline asks: until it may go, until it has waited long enough, or without an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.decide.away import Exit, exit_of, unanswered
from bot.decide.change import ChangeKind
from bot.decide.gate_answer import Outcome
from bot.judge.dates import instant
from bot.remote.client import Away, Facts, TurnedAway
from bot.remote.lease import Lease
from bot.remote.vigil import Tell, Vigil, mark_of, silent

PAUSE = 15.0
"""Seconds between two questions."""


class Gatekeeper(Protocol):
    """Whoever answers: a Burnban over HTTP, or the one at hand. Raises Away, TurnedAway."""

    def decide(self, question: Mapping[str, Any], once: str = "", /) -> Facts: ...


@dataclass(frozen=True)
class Result:
    """What came of it: an exit code, the answer if there was one, and lines for people."""

    code: Exit
    lines: list[str]
    facts: Facts = field(default_factory=dict)
    passed: bool = False
    """It goes without an answer."""


@dataclass(frozen=True)
class AskGate:
    """One question, asked as often as it takes."""

    gate: Gatekeeper
    now: Callable[[], datetime]
    pause: Callable[[float], None]
    lease: Lease | None = None
    tell: Tell = silent
    """Who waits reads here, meanwhile, what they wait for."""

    def run(self, question: Mapping[str, Any], wait: float = 0.0) -> Result:
        """`wait`: seconds to go on asking while it is stopped or nobody answers. Whoever ends that
        earlier (Ctrl-C) gets the last answer, if there was one."""
        began = self.now()
        end = began + timedelta(seconds=wait)
        vigil, result = Vigil(self.tell, began, end), None
        while True:
            try:
                result = self._once(question)
                now = self.now()
                left = (end - now).total_seconds()
                if result.code not in _MAY_CHANGE or left <= 0:
                    return result
                vigil.seen(mark_of(result.code, result.facts), result.lines, now)
                self.pause(min(PAUSE, left))
            except KeyboardInterrupt:
                if result is None:
                    raise
                return replace(result, lines=[*result.lines, _ENDED])

    def _once(self, question: Mapping[str, Any]) -> Result:
        try:
            facts = self.gate.decide(question)
        except TurnedAway as error:
            code = Exit.NOT_AUTHORISED if error.status in (401, 403) else Exit.USAGE
            remedy = f"Try: {error.remedy}" if error.remedy else ""
            return Result(code, [line for line in (f"refused: {error}", remedy) if line])
        except Away as error:
            return self._without(question, str(error))
        return Result(_code(facts), told(facts), facts)

    def _without(self, question: Mapping[str, Any], why: str) -> Result:
        subject, change = question["subject"], question.get("change", {})
        service = str(subject.get("service", ""))
        kept = self.lease.kept(service) if self.lease is not None else None
        kind = ChangeKind(change.get("kind", "other"))
        found = unanswered(kind, str(subject.get("environment", "")), kept, self.now())
        name = f"{service or subject.get('model')} {subject.get('model_version', '')}".strip()
        word = "goes WITHOUT AN ANSWER" if found.passes else "does not go"
        lines = [f"{name} {word}: {found.sentence}", f"Why: {why}"]
        return Result(found.code, lines, passed=found.passes)


_ENDED = "The wait was ended by hand; this is how it stood when last asked."
_MAY_CHANGE = (Exit.FROZEN, Exit.HELD, Exit.NO_DATA, Exit.UNREACHABLE)


def _code(facts: Facts) -> Exit:
    outcome = Outcome(facts["outcome"])
    stops = [r["code"] for r in facts.get("reasons", ()) if r.get("outcome") in ("hold", "deny")]
    return exit_of(outcome, stops)


def told(facts: Facts) -> list[str]:
    """An answer in lines for the log of a pipeline: what, why, until when, whom to ask."""
    lines = [str(facts["sentence"])]
    lines += [f"- {one['message']}" for one in facts["reasons"][1:]]
    if not facts["allowed"]:
        if _code(facts) in _MAY_CHANGE:
            lines.append(_opens(facts.get("next_open"), facts.get("expected_open")))
        lines += _whom(facts)
    if facts.get("advice"):
        lines.append(f"Advice, no decision: {facts['advice']['text']}")
    if facts.get("decision_id"):
        again = ", as when this was asked before; the figures are of now" if _again(facts) else ""
        lines.append(f"Decision {facts['decision_id']}{again}.")
    return lines


def _again(facts: Facts) -> bool:
    return bool(facts.get("repeated"))


def _opens(at: object, expected: object) -> str:
    if at:
        return f"Opens: {_when(at)}, if nothing else comes."
    if expected:
        return f"Opens: about {_when(expected)}, if nothing new happens; that is a forecast."
    return "Opens: nobody knows yet; --wait 30m asks again until then."


def _when(at: object) -> str:
    return instant(datetime.fromisoformat(str(at)))


def _whom(facts: Facts) -> list[str]:
    command, url, team = (
        facts.get(name) for name in ("request_override", "request_override_url", "team")
    )
    if not command:
        return []
    if waits := facts.get("override_pending"):
        since = _when(waits["asked_at"])
        return [
            f"Override {waits['override_id']} for it waits for an approval since {since}: ask those"
            " whom its message in Slack names to decide."
        ]
    where = f" ({url})" if url else f" in {facts['channel']}" if facts.get("channel") else ""
    lines = [f"If it cannot wait, ask for an override in Slack{where}: {command}"]
    return [*lines, f"Its approvers are those of {team}."] if team else lines
