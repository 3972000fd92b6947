"""Parts of requests and votes as text, and back."""

import json
from dataclasses import asdict
from datetime import datetime

from bot.decide.approval import Stretch
from bot.decide.change import Change, ChangeKind
from bot.decide.quorum import Need, Quorum


def quorum_text(quorum: Quorum) -> str:
    """A quorum as JSON."""
    needs = [[need.group, need.count] for need in quorum.needs]
    return json.dumps({"needs": needs, "deny": quorum.deny})


def quorum_of(text: str) -> Quorum:
    """Read back what `quorum_text` wrote."""
    said = json.loads(text)
    return Quorum(tuple(Need(group, count) for group, count in said["needs"]), said["deny"])


def change_text(change: Change | None) -> str:
    """A change as JSON; empty without one."""
    return "" if change is None else json.dumps(asdict(change))


def change_of(text: str) -> Change | None:
    """Read back what `change_text` wrote."""
    if not text:
        return None
    said = json.loads(text)
    return Change(**(said | {"kind": ChangeKind(said["kind"])}))


def stretch_text(stretch: Stretch | None) -> str:
    """A stretch of time as JSON; empty without one."""
    if stretch is None:
        return ""
    said = asdict(stretch)
    return json.dumps(said | {"start": stretch.start.isoformat(), "end": stretch.end.isoformat()})


def stretch_of(text: str) -> Stretch | None:
    """Read back what `stretch_text` wrote."""
    if not text:
        return None
    said = json.loads(text)
    start, end = (datetime.fromisoformat(said[name]) for name in ("start", "end"))
    parts = {"start": start, "end": end, "objectives": tuple(said["objectives"])}
    return Stretch(**(said | parts))
