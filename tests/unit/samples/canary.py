"""Sample facts of releases that serve side by side."""

from tests.unit.samples.common import NOON, Facts
from tests.unit.samples.request import VOTE

_ROW: Facts = {
    "objective": "ranker/availability",
    "title": "Availability",
    "advice": "roll_back",
    "sentence": "34 : 1 evidence that 38 fails more than 37: 41 of 2,310 against 176 of 20,904."
    " Advice: roll back to 37.",
    "e": 34.2,
    "b1": 41.0,
    "n1": 2_310.0,
    "b0": 176.0,
    "n0": 20_904.0,
}
_PAIR: Facts = {
    "service": "ranker",
    "release": "38",
    "to": "37",
    "began": NOON - 1_800,
    "since": NOON - 1_800,
    "share": 0.1,
}
_BALLOT: Facts = {
    "needed": 1,
    "needs": "1",
    "approvals": [],
    "missing": "1",
    "denials": [],
    "deny": 1,
    "fallback": "",
    "ask": ["S0ONCALL"],
    "also": ["approvers"],
    "escalation": "",
}
ROLLBACK: Facts = {
    **_PAIR,
    **_BALLOT,
    "request": 24,
    "state": "pending",
    "scope": "service ranker",
    "word": "ranker",
    "expires": NOON + 14_400,
    "rows": [_ROW],
    "more": 0,
    "actions": [
        "MLflow main moves ranker @champion from 38 to 37, if it stands there",
        "the webhook deployer is told to do it",
    ],
    "by_itself": False,
}
BY_HAND: Facts = {**ROLLBACK, "actions": [], "more": 2}
WATCHED: Facts = {**ROLLBACK, "state": "watched", "request": 0}
ROLLBACKS: list[Facts] = [
    ROLLBACK,
    BY_HAND,
    WATCHED,
    {**ROLLBACK, "state": "approved", "approvals": [VOTE]},
    {**BY_HAND, "state": "approved", "approvals": [VOTE]},
    {**ROLLBACK, "state": "approved", "by_itself": True},
    {**ROLLBACK, "state": "denied", "denials": [VOTE]},
    {**ROLLBACK, "state": "expired"},
    {**ROLLBACK, "state": "superseded"},
    {**ROLLBACK, "escalation": "Nobody is on call.", "fallback": "leads"},
]
_NEWS: Facts = {
    "service": "ranker",
    "release": "38",
    "to": "37",
    "request": 24,
    "word": "ranker",
    "at": NOON,
}
NEWS: list[Facts] = [
    {**_NEWS, "news": "over", "end": "rolled_back"},
    {**_NEWS, "news": "over", "end": "succeeded"},
    {**_NEWS, "news": "over", "end": "ended"},
    {**_NEWS, "news": "still", "end": ""},
]
CANARY: Facts = {
    **_PAIR,
    "live": [{"version": "37", "began": NOON - 90_000}, {"version": "38", "began": NOON - 1_800}],
    "rows": [
        {
            **_ROW,
            "advice": "wait",
            "e": 6.1,
            "sentence": "6.1 : 1 evidence that 38 fails more than 37: 20 of 1,150 against 90 of"
            " 10,400. Not enough yet to roll back (20 : 1 is).",
        }
    ],
    "withheld": "",
    "advised": None,
    "policy": "ask",
    "proven": False,
    "worth": False,
}
_PROVEN: Facts = {**CANARY, "rows": [_ROW], "proven": True}
_NONE: Facts = {
    **_PAIR,
    "release": "",
    "to": "",
    "rows": [],
    "advised": None,
    "live": [],
    "policy": "ask",
}
CANARIES: list[Facts] = [
    CANARY,
    {**CANARY, "rows": [_ROW] * 12, "advised": {"at": NOON, "request": 24}},
    {**CANARY, "rows": [_ROW], "advised": {"at": NOON, "request": 0}},
    *({**CANARY, "policy": policy} for policy in ("auto", "never", "watch")),
    *({**_PROVEN, "policy": policy} for policy in ("ask", "auto", "never", "watch")),
    {**_PROVEN, "policy": "never", "worth": True},
    {**CANARY, "rows": [], "withheld": "accounts"},
    {**_NONE, "withheld": "alone", "live": CANARY["live"][:1]},
    {**_NONE, "withheld": "none"},
]
