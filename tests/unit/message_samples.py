"""Sample facts for every template: the shapes that the flows give, with figures of one bad day.

Used by the tests and to look at the messages. Instants are seconds since 1970, shares are fractions
of one.
"""

from typing import Any

Facts = dict[str, Any]

NOON = 1_772_539_200
"""2026-03-03 12:00 UTC."""
MIRA, JONAS, AYLIN = "U0MIRA", "U0JONAS", "U0AYLIN"

BURN: Facts = {
    "service": "ranker",
    "title": "Answers within 300 ms",
    "objective": "ranker/latency",
    "team": "search",
    "severity": "page",
    "state": "open",
    "acknowledged_by": "",
    "since": NOON - 420,
    "as_of": NOON,
    "spent_recent": 0.0271,
    "recent_span": 3_600,
    "left": 0.623,
    "exhausts_in": 18_060,
    "burn_long": {"rate": 18.21, "seconds": 3_600, "bad": 428.0, "eligible": 23_500.0},
    "burn_short": {"rate": 83.5, "seconds": 300, "bad": 164.0, "eligible": 1_962.0},
    "threshold": 13.44,
    "sli": 0.99962,
    "target": 0.999,
    "window": "28d",
    "bad": 5_967.0,
    "eligible": 15_702_000.0,
    "frozen": False,
    "freezing": "",
    "episode": 12,
    "resolved_at": None,
    "peak": "page",
    "releases_line": "Releases of ranker go on.",
}
TICKET: Facts = {
    **BURN,
    "severity": "ticket",
    "peak": "ticket",
    "spent_recent": 0.104,
    "recent_span": 259_200,
    "burn_long": {"rate": 1.02, "seconds": 259_200, "bad": 1_700.0, "eligible": 1_683_000.0},
    "burn_short": {"rate": 1.31, "seconds": 21_600, "bad": 184.0, "eligible": 140_100.0},
    "threshold": 0.93,
    "exhausts_in": 1_150_000,
}
EXHAUSTED: Facts = {
    **BURN,
    "severity": "exhausted",
    "peak": "exhausted",
    "acknowledged_by": JONAS,
    "left": -0.121,
    "exhausts_in": 0,
    "sli": 0.998879,
    "bad": 17_601.0,
    "frozen": True,
    "freezing": "",
    "releases_line": "Releases of ranker are frozen until somebody lifts it (freeze 4).",
}
RESOLVED: Facts = {
    **BURN,
    "state": "resolved",
    "acknowledged_by": JONAS,
    "left": 0.581,
    "exhausts_in": None,
    "resolved_at": NOON + 5_400,
    "as_of": NOON + 5_400,
    "burn_long": {"rate": 0.41, "seconds": 3_600, "bad": 10.0, "eligible": 24_300.0},
    "burn_short": {"rate": 0.0, "seconds": 300, "bad": 0.0, "eligible": 2_011.0},
}
BARE: Facts = {
    **BURN,
    "spent_recent": None,
    "left": None,
    "exhausts_in": None,
    "sli": None,
    "threshold": None,
    "burn_long": None,
    "burn_short": None,
    "freezing": "A freeze is being asked for.",
}

_WINDOWS = [
    {
        "seconds": 300,
        "rate": 83.5,
        "bad": 164.0,
        "eligible": 1_962.0,
        "coverage": 1.0,
        "threshold": 13.44,
    },
    {
        "seconds": 3_600,
        "rate": 18.21,
        "bad": 428.0,
        "eligible": 23_500.0,
        "coverage": 0.983,
        "threshold": 13.44,
    },
    {
        "seconds": 21_600,
        "rate": 3.4,
        "bad": 482.0,
        "eligible": 141_000.0,
        "coverage": 1.0,
        "threshold": 5.6,
    },
    {
        "seconds": 259_200,
        "rate": None,
        "bad": 0.0,
        "eligible": 0.0,
        "coverage": 0.0,
        "threshold": None,
    },
]
DETAILS: Facts = {
    "service": "ranker",
    "title": "Answers within 300 ms",
    "objective": "ranker/latency",
    "team": "search",
    "verdict": "burning",
    "severity": "page",
    "reasons": ["burn 18.2 over 1 h and 83.5 over 5 min (threshold 13.4)"],
    "as_of": NOON,
    "window": "28d",
    "target": 0.999,
    "sli": 0.99962,
    "left": 0.623,
    "bad": 5_967.0,
    "eligible": 15_702_000.0,
    "exhausts_in": 18_060,
    "source": "prom",
    "windows": _WINDOWS,
    "releases_line": "Releases of ranker go on.",
}
UNJUDGED: Facts = {
    **DETAILS,
    "verdict": "unknown",
    "severity": "",
    "reasons": ["nothing has been counted yet: no data from the source"],
    "as_of": None,
    "sli": None,
    "left": None,
    "bad": 0.0,
    "eligible": 0.0,
    "exhausts_in": None,
    "windows": [],
}

REQUEST: Facts = {
    "request": 7,
    "wish": "freeze",
    "scope": "service ranker",
    "reason": "errors since release 38, we are looking at it",
    "requester": MIRA,
    "origin": "manual",
    "needed": 1,
    "approvals": [],
    "denials": [],
    "state": "pending",
    "expires": NOON + 14_400,
    "until": NOON + 7_200,
    "cause": "ranker/latency",
    "services": ["ranker"],
    "freezes": [],
    "evidence": {"left": 0.623, "burn": 18.21, "exhausts_in": 18_060},
    "escalation": "",
}
_VOTE = {"user": JONAS, "at": NOON + 300}
UNFREEZE: Facts = {
    **REQUEST,
    "request": 8,
    "wish": "unfreeze",
    "scope": "team search",
    "reason": "rolled back to 37, no errors for an hour",
    "needed": 2,
    "approvals": [_VOTE],
    "until": None,
    "cause": "",
    "services": ["ranker", "embedder"],
    "freezes": [{"id": 4, "reason": "budget gone", "by": AYLIN, "since": NOON - 7_200}],
    "evidence": None,
}
BY_POLICY: Facts = {
    **REQUEST,
    "requester": "burnban",
    "origin": "policy",
    "reason": "the error budget is gone",
    "until": None,
    "evidence": {"left": -0.121, "burn": None, "exhausts_in": None},
    "escalation": "Nobody is listed as approver of search; the operators have been told.",
}
WIDE: Facts = {**REQUEST, "scope": "everything", "services": [f"model-{n}" for n in range(30)]}

FREEZE: Facts = {
    "freeze": 4,
    "scope": "service ranker",
    "reason": "errors since release 38, we are looking at it",
    "by": MIRA,
    "via": "request 7",
    "until": NOON + 7_200,
    "cause": "ranker/latency",
    "services": ["ranker"],
    "approvals": [_VOTE],
}
AUTOMATIC: Facts = {
    **FREEZE,
    "by": "burnban",
    "via": "policy",
    "until": None,
    "reason": "the error budget is gone",
    "approvals": [],
}

_ROW: Facts = {
    "service": "ranker",
    "objective": "ranker/latency",
    "title": "Answers within 300 ms",
    "target": 0.999,
    "window": "28d",
    "left": -0.121,
    "burn": 18.21,
    "verdict": "exhausted",
    "severity": "page",
    "frozen": True,
    "reason": "17,601 bad events, 15,702 were allowed in the window",
    "as_of": NOON,
}
ROWS: list[Facts] = [
    _ROW,
    {
        **_ROW,
        "service": "search",
        "title": "Answers without error",
        "left": 0.342,
        "burn": 3.12,
        "verdict": "burning",
        "severity": "ticket",
        "frozen": False,
        "reason": "burn 1.0 over 3 d and 1.3 over 6 h (threshold 0.9)",
    },
    {
        **_ROW,
        "service": "embedder",
        "title": "Vectors fresher than a day",
        "left": None,
        "burn": None,
        "verdict": "unknown",
        "severity": "",
        "frozen": False,
        "reason": "the newest counts are 14 min old: the source may be down",
    },
    {
        **_ROW,
        "service": "fraud",
        "title": "Answers without error",
        "left": 0.987,
        "burn": 0.04,
        "verdict": "healthy",
        "severity": "",
        "frozen": False,
        "reason": "12 of 1,204,000 events were bad, within the budget",
    },
]
STATUS: Facts = {
    "rows": ROWS,
    "shown": 4,
    "total": 4,
    "page": 1,
    "pages": 1,
    "filter": "all",
    "worst_first": True,
    "frozen_count": 1,
}
STATUS_LONG: Facts = {
    **STATUS,
    "rows": [
        {**ROWS[n % 4], "service": f"model-{n:03d}", "title": "Answers without error at peak"}
        for n in range(20)
    ],
    "shown": 20,
    "total": 300,
    "page": 2,
    "pages": 15,
}
STATUS_EMPTY: Facts = {**STATUS, "rows": [], "shown": 0, "total": 0, "filter": "ghost"}

SHOW: Facts = {
    "service": "ranker",
    "title": "Ranker",
    "team": "search",
    "releases_line": "Releases of ranker are frozen until somebody lifts it (freeze 4).",
    "freezes": [
        {
            "id": 4,
            "scope": "service ranker",
            "reason": "budget gone",
            "by": AYLIN,
            "since": NOON - 7_200,
            "until": None,
        }
    ],
    "objectives": [
        DETAILS,
        {
            **DETAILS,
            "title": "Answers without error",
            "verdict": "healthy",
            "severity": "",
            "left": 0.91,
            "exhausts_in": None,
            "reasons": ["1,412 of 15,702,000 events were bad, within the budget"],
        },
        UNJUDGED,
    ],
}
HISTORY: Facts = {
    "filter": "ranker",
    "next_before": 36,
    "rows": [
        {
            "seq": 41,
            "at": NOON + 300,
            "event": "frozen",
            "who": JONAS,
            "scope": "service ranker",
            "text": "errors since release 38, we are looking at it",
        },
        {
            "seq": 40,
            "at": NOON + 300,
            "event": "vote_cast",
            "who": JONAS,
            "scope": "service ranker",
            "text": "approve request 7 (user group @ml-oncall, asked live)",
        },
        {
            "seq": 37,
            "at": NOON - 420,
            "event": "warning_opened",
            "who": "burnban",
            "scope": "service ranker",
            "text": "burn 18.2 over 1 h and 83.5 over 5 min (threshold 13.4)",
        },
    ],
}

MESSAGES: dict[str, list[Facts]] = {
    "burn_warning": [BURN, TICKET, EXHAUSTED, RESOLVED, BARE],
    "burn_rose": [{**BURN, "before": "ticket"}, {**EXHAUSTED, "before": "page"}],
    "threshold_passed": [
        {"service": "ranker", "title": "Answers within 300 ms", "left": 0.25, "then": "warn"},
        {"service": "ranker", "title": "Answers within 300 ms", "left": 0, "then": "freeze"},
        {
            "service": "ranker",
            "title": "Answers within 300 ms",
            "left": -0.02,
            "then": "request-freeze",
        },
    ],
    "resolved": [
        {
            "service": "ranker",
            "title": "Answers within 300 ms",
            "since": NOON - 420,
            "resolved_at": NOON + 5_400,
            "left": 0.581,
        }
    ],
    "acknowledged": [
        {"service": "ranker", "title": "Answers within 300 ms", "by": JONAS, "at": NOON}
    ],
    "details": [DETAILS, UNJUDGED],
    "request": [
        REQUEST,
        UNFREEZE,
        BY_POLICY,
        WIDE,
        {**REQUEST, "state": "approved", "approvals": [_VOTE]},
        {**UNFREEZE, "state": "approved", "approvals": [_VOTE, {"user": AYLIN, "at": NOON + 900}]},
        {**REQUEST, "state": "denied", "denials": [_VOTE]},
        {**REQUEST, "state": "expired"},
        {**UNFREEZE, "state": "superseded"},
    ],
    "frozen": [FREEZE, AUTOMATIC],
    "lifted": [{**FREEZE, "reason": "rolled back to 37"}],
    "freeze_ended": [FREEZE],
    "thawed": [AUTOMATIC],
    "blind": [
        {
            "service": "ranker",
            "title": "Answers within 300 ms",
            "reasons": ["the newest counts are 14 min old: the source may be down"],
            "source": "prom",
            "since": NOON - 840,
        }
    ],
    "sees_again": [
        {
            "service": "ranker",
            "title": "Answers within 300 ms",
            "reasons": ["5,967 of 15,702,000 events were bad, within the budget"],
            "source": "prom",
            "since": NOON - 840,
        }
    ],
    "ops_notice": [
        {
            "title": "The new spec files are wrong; the old ones stay in force",
            "text": "Mend them and save again; nothing else is needed.",
            "faults": ["slos/ranker.yaml:12: spec.objectives[0].target: 1.0 leaves no budget."],
        },
        {"title": "A message could not be delivered", "text": "not_in_channel", "faults": []},
    ],
    "status": [STATUS, STATUS_LONG, STATUS_EMPTY],
    "show": [SHOW],
    "history": [HISTORY, {"rows": [], "filter": "all", "next_before": None}],
    "help": [{}],
    "answer": [
        {
            "text": "There is no service or team `rankr`. Did you mean `ranker`?",
            "ok": False,
            "example": "/budget show ranker",
            "next": "",
        },
        {
            "text": "Asked: request 7 stands in #ml-ranking.",
            "ok": True,
            "example": "",
            "next": "an approver decides there.",
        },
    ],
    "vote_answer": [
        {"text": "You asked for this, so somebody else must decide it.", "ok": False},
        {"text": "Approved; it takes effect now.", "ok": True, "next": ""},
    ],
}
VIEWS: dict[str, list[Facts]] = {
    "freeze_modal": [
        {"services": ["ranker", "search"], "teams": ["search"], "preset": "service:ranker"},
        {"services": [f"model-{n}" for n in range(1_200)], "teams": [], "preset": ""},
        {"services": [], "teams": [], "preset": "all"},
    ],
    "unfreeze_modal": [{"freezes": SHOW["freezes"]}, {"freezes": []}],
    "details_modal": [DETAILS, UNJUDGED],
    "loading_modal": [{}, {"title": "Freeze releases"}],
}
