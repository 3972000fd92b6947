"""Sample facts of the message that many requests share."""

from tests.unit.samples.common import AYLIN, NOON, Facts
from tests.unit.samples.request import VOTE

_ROW: Facts = {
    "request": 31,
    "service": "ranker",
    "reason": "error budget of “Answers within 300 ms”: 17,601 bad events, 15,702 were allowed",
    "asked": NOON - 600,
    "state": "pending",
    "needed": 1,
    "needs": "1",
    "approvals": [],
    "missing": "1",
    "denials": [],
    "deny": 1,
    "fallback": "",
    "ask": ["S0ONCALL", AYLIN],
    "escalation": "",
}
_HALF: Facts = {
    **_ROW,
    "request": 32,
    "service": "recs",
    "needed": 2,
    "needs": "1 on-call and 1 approvers",
    "approvals": [{**VOTE, "group": "on-call"}],
    "missing": "1 approvers",
}
_DENIED: Facts = {**_ROW, "request": 33, "service": "spam", "state": "denied", "denials": [VOTE]}
_FROZEN: Facts = {**_ROW, "request": 34, "service": "fraud", "state": "approved"}

STORM: Facts = {
    "docket": 31,
    "upto": 74,
    "state": "pending",
    "service": "ranker, recs, embedder, churn and 38 more",
    "total": 44,
    "waiting": 41,
    "counts": {"pending": 41, "denied": 1, "approved": 1, "cancelled": 1},
    "rows": [_ROW, _HALF],
    "done": [_DENIED, {**_FROZEN, "approvals": [VOTE]}, {**_FROZEN, "state": "cancelled"}],
    "more": 39,
    "others": [f"model-{n}" for n in range(39)],
    "ask": ["S0ONCALL", AYLIN],
    "escalation": ["It takes 1 to decide this, but nobody may."],
    "expires": NOON + 14_400,
}
LAST_ONE: Facts = {
    **STORM,
    "waiting": 1,
    "counts": {"pending": 1, "expired": 43},
    "service": "ranker",
    "rows": [_ROW],
    "done": [{**_FROZEN, "state": "expired"}],
    "more": 0,
    "others": [],
    "escalation": [],
}
CLOSED_ALL: Facts = {
    **LAST_ONE,
    "state": "closed",
    "waiting": 0,
    "counts": {"approved": 40, "cancelled": 4},
    "rows": [],
    "expires": None,
}
FROZE: Facts = {
    "service": "ranker, recs, embedder, churn and 38 more",
    "services": ["ranker", "recs", "embedder", "churn"],
    "total": 42,
    "effect": "freeze",
    "monitored": False,
    "since": NOON,
}
CALLED: Facts = {
    "request": 7,
    "scope": "service ranker",
    "total": 1,
    "shared": False,
    "names": ["ranker (request 7)"],
    "ask": ["S0ONCALL", AYLIN],
    "expires": NOON + 14_400,
}
CALLED_ALL: Facts = {
    **CALLED,
    "scope": "ranker, recs, embedder, churn and 38 more",
    "total": 42,
    "shared": True,
    "names": [f"model-{n} (request {n})" for n in range(40)],
}
_PAGE: Facts = {
    "docket": 31,
    "service": "ranker, churn, embedder, spam and 11 more",
    "waiting": 120,
    "first": 16,
    "last": 30,
    "rows": [{**_ROW, "request": 46 + n} for n in range(14)] + [_HALF],
    "previous": 46,
    "next": 60,
}
PAGES: list[Facts] = [
    _PAGE,
    {**_PAGE, "first": 1, "last": 15, "previous": None},
    {**_PAGE, "waiting": 1, "first": 1, "last": 1, "rows": [_HALF], "previous": None, "next": None},
]
