"""What a code host is told of a release that waits there, and of a commit that may be merged.
Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

MOST_REPORTS = 10
"""Status reports that GitHub takes for one deployment."""
LONGEST_COMMENT = 1_024
"""Characters of one."""
ASK_AGAIN = timedelta(seconds=15)
"""How soon a thaw reaches whoever waits."""
STALE = timedelta(days=7)
"""GitHub calls a check stale after 14 days without an end: one that waits is told anew."""
_LAST = "The story goes on in Slack: no more comments fit here."
_STOPS = ("hold", "deny")
_HOLD = "It waits here and goes on by itself."


class Move(StrEnum):
    """What to do about a release that waits."""

    APPROVE = "approve"
    REPORT = "report"
    """Say why it waits. Never `rejected`: that would end the run."""
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the host was told last, and how often."""

    mark: str = ""
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """The next move; `comment` goes with APPROVE and REPORT."""

    move: Move
    comment: str = ""
    mark: str = ""


def next_step(answers: Sequence[Mapping[str, Any]], told: Waiting) -> Step:
    """What follows from the gate's answers about every service that a deployment releases, as they
    went out: it goes only if all of them do, and none at all is none that goes. The same reasons
    are told once; the last comment that fits says where the story goes on."""
    stopped = [one for one in answers if not one["allowed"]]
    if answers and not stopped:
        return Step(Move.APPROVE, _cut(" ".join(_approved(one) for one in answers)))
    mark = mark_of(answers)
    if mark == told.mark or told.reports >= MOST_REPORTS:
        return Step(Move.WAIT, mark=told.mark)
    last = told.reports == MOST_REPORTS - 1
    text = "\n".join(_stopped(one) for one in stopped) or "No service of the specs is meant."
    return Step(Move.REPORT, _cut(text, _LAST if last else _HOLD), mark)


def mark_of(answers: Sequence[Mapping[str, Any]]) -> str:
    """The same for answers that stop the same for the same reasons; what else they say may change
    every minute."""
    found = (
        (one["service"], one["outcome"], reason["code"], reason["freeze_id"] or "")
        for one in answers
        for reason in one["reasons"]
        if reason["outcome"] in _STOPS
    )
    return ";".join(":".join(parts) for parts in sorted(found)) or "nothing"


def _approved(said: Mapping[str, Any]) -> str:
    override = f" Override {said['override_id']} was used." if said["override_id"] else ""
    number = f" Decision {said['decision_id']}." if said["decision_id"] else ""
    return f"{said['sentence']}.{override}{number}"


def _stopped(said: Mapping[str, Any]) -> str:
    opens = said["next_open"]
    until = f" Opens at {opens} by itself, as far as is known." if opens else ""
    if not opens and said.get("expected_open"):
        until = f" Opens about {said['expected_open']} if nothing new happens: a forecast."
    frozen = any(reason["freeze_id"] for reason in said["reasons"])
    how = f" To ask for an override, in Slack: /override {said['service']} {said['release']} why."
    return f"{said['sentence']}.{until}{how if frozen else ''}"


def _cut(text: str, end: str = "") -> str:
    text = _quiet(text)
    room = LONGEST_COMMENT - len(end) - 1
    short = text if len(text) <= room else text[: room - 1] + "…"
    return f"{short}\n{end}" if end else short


@dataclass(frozen=True, slots=True)
class Check:
    """A required check as it is to stand at a commit."""

    open: bool
    title: str
    summary: str
    mark: str


def check_of(states: Sequence[Mapping[str, Any]]) -> Check:
    """From how the services of a repository stand (`closed`, `service`, `reason`, `nextOpen`, and
    `override` where one lets this commit through): the check is passed while none of them is
    closed, and waits otherwise."""
    closed = [one for one in states if one["closed"]]
    if not closed:
        return _passed(states)
    title = f"Releases of {', '.join(str(one['service']) for one in closed)} are stopped"
    lines = [_closed(one) for one in closed]
    lines.append("This check turns green by itself as soon as releases may go again.")
    mark = "closed:" + ";".join(f"{one['service']}:{one['reason']}" for one in closed)
    return Check(False, title[:200], _quiet("\n\n".join(lines))[:_LONGEST_SUMMARY], mark)


def _passed(states: Sequence[Mapping[str, Any]]) -> Check:
    overridden = [one for one in states if one.get("override")]
    if not overridden:
        names = ", ".join(str(one["service"]) for one in states)
        return Check(True, "Releases may go", f"Nothing stops releases of {names}.", "open")
    numbers = list(dict.fromkeys(str(one["override"]) for one in overridden))
    title = f"Override {' and '.join(numbers)} lets this commit through"
    lines = [
        f"**{one['service']}**: {one['reason']}. Override {one['override']} lets this commit"
        " through, once."
        for one in overridden
    ]
    lines.append(
        "The check waits again when the override expires, is revoked or is used, if releases are"
        " still stopped then. It holds for this very commit."
    )
    mark = "open:" + ";".join(f"{one['service']}:{one['override']}" for one in overridden)
    return Check(True, title[:200], _quiet("\n\n".join(lines))[:_LONGEST_SUMMARY], mark)


def _quiet(text: str) -> str:
    """Reasons are people's words: a name in them calls nobody (law 19)."""
    return text.replace("@", "@\u200b")


_LONGEST_SUMMARY = 60_000


def _closed(state: Mapping[str, Any]) -> str:
    opens = state.get("nextOpen")
    return f"**{state['service']}**: {state['reason']}." + (f" Opens at {opens}." if opens else "")


def to_be_told(check: Check, told: str, told_at: datetime | None, now: datetime) -> bool:
    """Whether the host must hear of a check: it stands otherwise than was told, or has waited for
    so long that the host would call it stale."""
    waits_long = not check.open and told_at is not None and now - told_at >= STALE
    return check.mark != told or waits_long
