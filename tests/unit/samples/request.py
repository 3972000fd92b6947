"""Sample facts of requests, freezes and their end."""

from tests.unit.samples.common import AYLIN, JONAS, MIRA, NOON, Facts, burn_sample

REQUEST: Facts = {
    "request": 7,
    "wish": "freeze",
    "scope": "service ranker",
    "word": "ranker",
    "reason": "errors since release 38, we are looking at it",
    "requester": MIRA,
    "requester_name": "mira",
    "origin": "manual",
    "needed": 1,
    "needs": "1",
    "approvals": [],
    "missing": "1",
    "denials": [],
    "deny": 1,
    "fallback": "",
    "disputed": False,
    "state": "pending",
    "asked": NOON,
    "expires": NOON + 14_400,
    "until": NOON + 7_200,
    "lasts": None,
    "thaw": "",
    "withdrawn": "",
    "cause": "ranker/latency",
    "services": ["ranker"],
    "freezes": [],
    "evidence": {
        "left": 0.623,
        "as_of": NOON,
        "burn_long": burn_sample(3_600, 18.21, 428.0, 23_500.0, 1.0),
        "exhausts_in": 18_060,
        "exhausts_over": 300,
    },
    "escalation": "",
    "ask": ["S0ONCALL", AYLIN],
    "stretch": None,
    "suspect": None,
}
VOTE = {"user": JONAS, "name": "jonas", "at": NOON + 300, "group": "", "comment": ""}
UNFREEZE: Facts = {
    **REQUEST,
    "request": 8,
    "wish": "unfreeze",
    "scope": "team search",
    "word": "search",
    "reason": "rolled back to 37, no errors for an hour",
    "needed": 2,
    "needs": "1 on-call and 1 approvers",
    "approvals": [{**VOTE, "group": "on-call", "comment": "the graphs are flat"}],
    "missing": "1 approvers",
    "deny": 2,
    "denials": [{**VOTE, "user": AYLIN, "name": "aylin"}],
    "fallback": "managers",
    "until": None,
    "cause": "",
    "services": ["ranker", "embedder"],
    "freezes": [
        {
            "id": 4,
            "reason": "budget gone",
            "by": AYLIN,
            "by_name": "aylin",
            "origin": "manual",
            "approvals": [VOTE],
            "since": NOON - 7_200,
            "effect": "freeze",
        }
    ],
    "evidence": None,
}
BY_POLICY: Facts = {
    **REQUEST,
    "requester": "burnban",
    "requester_name": "Burnban",
    "origin": "policy",
    "reason": "the error budget is gone",
    "until": None,
    "thaw": "the budget of “Latency” has recovered (more than 10 % left, calm for 1 h)",
    "evidence": {"left": -0.121, "burn_long": None, "exhausts_in": None},
    "ask": [],
    "escalation": "Nobody is listed as approver of search; the operators have been told.",
}
WITHDRAWN: Facts = {
    **BY_POLICY,
    "state": "cancelled",
    "withdrawn": "the budget of “Latency” has recovered, 34 % is left",
    "approvals": [VOTE],
}
DISPUTED: Facts = {**UNFREEZE, "disputed": True, "needs": "1 approvers", "needed": 1}
WIDE: Facts = {
    **REQUEST,
    "scope": "everything",
    "word": "all",
    "services": [f"model-{n}" for n in range(30)],
}

FREEZE: Facts = {
    "freeze": 4,
    "scope": "service ranker",
    "word": "ranker",
    "reason": "errors since release 38, we are looking at it",
    "by": MIRA,
    "by_name": "mira",
    "origin": "manual",
    "via": "slack",
    "starts": NOON,
    "until": NOON + 7_200,
    "cause": "ranker/latency",
    "thaw": "",
    "expected": None,
    "suspect": None,
    "effect": "freeze",
    "monitored": False,
    "services": ["ranker"],
    "approvals": [VOTE],
}
AUTOMATIC: Facts = {
    **FREEZE,
    "origin": "policy",
    "by": "burnban",
    "by_name": "Burnban",
    "via": "policy",
    "until": None,
    "expected": {"at": NOON + 180_000, "why": ""},
    "reason": "the error budget is gone",
    "thaw": "the budget of “Latency” has recovered (more than 10 % left, calm for 1 h)",
    "approvals": [],
}
UNFORESEEN: Facts = {
    **AUTOMATIC,
    "expected": {
        "at": None,
        "why": "Latency: only 2 h are on record: too little to look 7 d ahead",
    },
}
HOLD: Facts = {**AUTOMATIC, "effect": "hold"}
CAUTION: Facts = {**AUTOMATIC, "effect": "caution"}
MONITORED: Facts = {**AUTOMATIC, "monitored": True}

LIFTED: Facts = {
    **FREEZE,
    "reason": "rolled back to 37",
    "freeze_reason": "errors since release 38, we are looking at it",
    "still_frozen": [],
}
STILL: Facts = {
    **LIFTED,
    "by": "ops-shell",
    "by_name": "ops-shell",
    "via": "terminal",
    "still_frozen": [{"id": 5, "scope": "team search", "reason": "big launch", "effect": "freeze"}],
}
TURNED_AWAY: Facts = {
    "text": "Your vote was not counted: you are not an approver here.",
    "scope": "service ranker",
    "may": [
        {"group": "", "who": ["S0ONCALL", AYLIN, "PagerDuty schedule P123"], "more": 0},
        {"group": "managers", "who": [JONAS], "more": 3},
    ],
}
