"""A PagerDuty on this machine: who is on call, page by page, for whoever has the key."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.httpserver import Conversation

KEY = "not-a-real-key"
LARGEST_PAGE = 100


@dataclass(frozen=True)
class OnCall:
    """One row of its answer: somebody on call by a schedule, through an escalation policy."""

    user: str
    email: str
    schedule: str = ""
    policy: str = "PESC1"
    level: int = 1


@dataclass
class Pager:
    """A handler for BadServer. `shifts` may change between two questions."""

    shifts: list[OnCall] = field(default_factory=list)
    schedules: dict[str, str] = field(default_factory=lambda: {"PSCHED1": "Ranker on call"})
    policies: dict[str, str] = field(default_factory=lambda: {"PESC1": "Ranker escalation"})
    page: int = LARGEST_PAGE
    bare: bool = False
    """Give users as references, as without `include[]`."""
    deaf: bool = False
    """Overlook the filters."""
    instead: list[Callable[[Conversation], None]] = field(default_factory=list)
    """What happens to the next requests in place of an answer."""

    def __call__(self, talk: Conversation) -> None:
        if self.instead:
            self.instead.pop(0)(talk)
            return
        if talk.request.headers.get("authorization") != f"Token token={KEY}":
            error = {"message": "Unauthorized", "code": 2006}
            talk.answer(json.dumps({"error": error}), "401 Unauthorized")
            return
        url = urlsplit(talk.request.path)
        found = self._answer(url.path.strip("/").split("/"), parse_qs(url.query))
        if found is None:
            error = {"message": "Not Found", "code": 2100}
            talk.answer(json.dumps({"error": error}), "404 Not Found")
        else:
            talk.answer(json.dumps(found))

    def _answer(self, path: list[str], asked: dict[str, list[str]]) -> Any:
        match path:
            case ["oncalls"]:
                return self._on_call(asked)
            case ["users", user]:
                rows = [one for one in self.shifts if one.user == user]
                return {"user": _user(rows[0], whole=True)} if rows else None
            case ["schedules"]:
                rows = [{"id": key, "name": name} for key, name in self.schedules.items()]
                return {"schedules": rows, "limit": 25, "offset": 0, "more": False}
            case ["schedules", key] if key in self.schedules:
                return {"schedule": {"id": key, "name": self.schedules[key]}}
            case ["escalation_policies", key] if key in self.policies:
                return {"escalation_policy": {"id": key, "name": self.policies[key]}}
        return None

    def _on_call(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        schedules = None if self.deaf else asked.get("schedule_ids[]")
        policies = None if self.deaf else asked.get("escalation_policy_ids[]")
        whole = "users" in asked.get("include[]", ()) and not self.bare
        rows = [
            _row(one, whole=whole)
            for one in self.shifts
            if (schedules is None or one.schedule in schedules)
            and (policies is None or one.policy in policies)
        ]
        limit = min(self.page, int(asked.get("limit", ["25"])[0]))
        offset = int(asked.get("offset", ["0"])[0])
        more = offset + limit < len(rows)
        page = rows[offset : offset + limit]
        return {"oncalls": page, "limit": limit, "offset": offset, "more": more, "total": None}


def _row(one: OnCall, *, whole: bool) -> dict[str, Any]:
    schedule = _reference(one.schedule, "schedule_reference") if one.schedule else None
    return {
        "user": _user(one, whole=whole),
        "schedule": schedule,
        "escalation_policy": _reference(one.policy, "escalation_policy_reference"),
        "escalation_level": one.level,
        "start": "2026-03-02T08:00:00Z",
        "end": "2026-03-09T08:00:00Z",
    }


def _user(one: OnCall, *, whole: bool) -> dict[str, Any]:
    found = _reference(one.user, "user" if whole else "user_reference")
    return found | {"name": f"Name of {one.user}", "email": one.email} if whole else found


def _reference(key: str, kind: str) -> dict[str, Any]:
    return {"id": key, "type": kind, "summary": f"Name of {key}", "self": None, "html_url": None}


def status(code: str, body: str = "{}", *headers: str) -> Callable[[Conversation], None]:
    """An answer with this status line."""

    def answer(talk: Conversation) -> None:
        head = "".join(f"{line}\r\n" for line in headers)
        said = f"HTTP/1.1 {code}\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}"
        talk.connection.sendall(said.encode())

    return answer
