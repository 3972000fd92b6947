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
    "window": "28 days",
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
    "releases_line": "Releases of ranker are frozen, by freeze 4, until somebody lifts it.",
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
    "recent_span": None,
    "freezing": "A freeze is being asked for.",
}


def _burn(
    seconds: int,
    rate: float | None,
    bad: float,
    eligible: float,
    seen: float,
    limit: float | None = None,
) -> Facts:
    return {
        "seconds": seconds,
        "rate": rate,
        "bad": bad,
        "eligible": eligible,
        "coverage": seen,
        "threshold": limit,
    }


DETAILS: Facts = {
    "service": "ranker",
    "objective": "ranker/latency",
    "title": "Answers within 300 ms",
    "severity": "page",
    "verdict": "burning",
    "reasons": ["burn 18.2 over 1 h and 83.5 over 5 min (threshold 13.4)"],
    "as_of": NOON,
    "left": 0.623,
    "exhausts_in": 18_060,
    "sli": 0.99962,
    "target": 0.999,
    "window": "28 days",
    "bad": 5_967.0,
    "eligible": 15_702_000.0,
    "coverage": 0.998,
    "windows": [
        _burn(300, 83.5, 164.0, 1_962.0, 1.0, 13.44),
        _burn(3_600, 18.21, 428.0, 23_500.0, 0.983, 13.44),
        _burn(21_600, 3.4, 482.0, 141_000.0, 1.0, 5.6),
        _burn(259_200, None, 0.0, 0.0, 0.0, 0.93),
    ],
    "source": "prom",
    "frozen": False,
    "team": "search",
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
    "frozen": True,
}

REQUEST: Facts = {
    "request": 7,
    "wish": "freeze",
    "scope": "service ranker",
    "reason": "errors since release 38, we are looking at it",
    "requester": MIRA,
    "requester_name": "mira",
    "origin": "manual",
    "needed": 1,
    "approvals": [],
    "denials": [],
    "state": "pending",
    "expires": NOON + 14_400,
    "until": NOON + 7_200,
    "lasts": None,
    "cause": "ranker/latency",
    "services": ["ranker"],
    "freezes": [],
    "evidence": {
        "left": 0.623,
        "burn_long": _burn(3_600, 18.21, 428.0, 23_500.0, 1.0),
        "exhausts_in": 18_060,
    },
    "escalation": "",
}
_VOTE = {"user": JONAS, "name": "jonas", "at": NOON + 300}
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
    "freezes": [
        {
            "id": 4,
            "reason": "budget gone",
            "by": AYLIN,
            "by_name": "aylin",
            "since": NOON - 7_200,
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
    "evidence": {"left": -0.121, "burn_long": None, "exhausts_in": None},
    "escalation": "Nobody is listed as approver of search; the operators have been told.",
}
WIDE: Facts = {**REQUEST, "scope": "everything", "services": [f"model-{n}" for n in range(30)]}

FREEZE: Facts = {
    "freeze": 4,
    "scope": "service ranker",
    "reason": "errors since release 38, we are looking at it",
    "by": MIRA,
    "by_name": "mira",
    "via": "slack",
    "starts": NOON,
    "until": NOON + 7_200,
    "cause": "ranker/latency",
    "services": ["ranker"],
    "approvals": [_VOTE],
}
AUTOMATIC: Facts = {
    **FREEZE,
    "by": "burnban",
    "by_name": "Burnban",
    "via": "policy",
    "until": None,
    "reason": "the error budget is gone",
    "approvals": [],
}

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
    "still_frozen": [{"id": 5, "scope": "team search", "reason": "big launch"}],
}

_ROW: Facts = {
    "service": "ranker",
    "objective": "latency",
    "title": "Answers within 300 ms",
    "target": 0.999,
    "window": "28 days",
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
    "scope": "everything",
    "worst_first": True,
    "frozen_count": 1,
    "counts": {"exhausted": 1, "burning": 1, "unknown": 1, "healthy": 1},
    "filters": ["all", "search", "risk"],
}
STATUS_LONG: Facts = {
    **STATUS,
    "rows": [
        {**ROWS[n % 4], "service": f"model-{n:03d}", "title": "Answers without error at peak"}
        for n in range(15)
    ],
    "shown": 15,
    "total": 300,
    "page": 2,
    "pages": 20,
    "counts": {"exhausted": 75, "burning": 75, "unknown": 75, "healthy": 75},
}
STATUS_EMPTY: Facts = {
    **STATUS,
    "rows": [],
    "shown": 0,
    "total": 0,
    "filter": "risk",
    "scope": "team risk",
}

SHOW: Facts = {
    "service": "ranker",
    "title": "Ranker",
    "team": "search",
    "environment": "prod",
    "model": "ranker-bert",
    "releases_line": "Releases of ranker are frozen, by freeze 4, until somebody lifts it.",
    "freezes": [
        {
            "id": 4,
            "scope": "service ranker",
            "reason": "budget gone",
            "by": AYLIN,
            "by_name": "aylin",
            "since": NOON - 7_200,
            "until": None,
            "state": "active",
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
            "who_name": "jonas",
            "via": "slack",
            "objective": "",
            "hash": "0f3a55c1b2d4",
            "scope": "service ranker",
            "text": "errors since release 38, we are looking at it",
        },
        {
            "seq": 40,
            "at": NOON + 300,
            "event": "vote_cast",
            "who": JONAS,
            "who_name": "jonas",
            "via": "slack",
            "objective": "",
            "hash": "0f3a55c1b2d4",
            "scope": "service ranker",
            "text": "approve request 7 (user group @ml-oncall, asked live)",
        },
        {
            "seq": 37,
            "at": NOON - 420,
            "event": "warning_opened",
            "who": "burnban",
            "who_name": "Burnban",
            "via": "policy",
            "objective": "",
            "hash": "0f3a55c1b2d4",
            "scope": "service ranker",
            "text": "burn 18.2 over 1 h and 83.5 over 5 min (threshold 13.4)",
        },
    ],
}


MESSAGES: dict[str, list[Facts]] = {
    "burn_warning": [BURN, TICKET, EXHAUSTED, RESOLVED, BARE],
    "burn_rose": [
        {**BURN, "before": "ticket"},
        {**EXHAUSTED, "before": "page"},
        {**EXHAUSTED, "before": "exhausted"},
    ],
    "threshold_passed": [
        {**BURN, "left": 0.243, "threshold": 0.25, "then": "warn"},
        {**BURN, "left": 0.1, "threshold": 0.1, "then": "freeze"},
        {**BURN, "left": 0.04, "threshold": 0.05, "then": "request-freeze"},
    ],
    "resolved": [RESOLVED],
    "request": [
        REQUEST,
        UNFREEZE,
        BY_POLICY,
        WIDE,
        {**REQUEST, "state": "approved", "approvals": [_VOTE]},
        {
            **UNFREEZE,
            "state": "approved",
            "approvals": [_VOTE, {"user": AYLIN, "name": "aylin", "at": NOON + 900}],
        },
        {**REQUEST, "state": "denied", "denials": [_VOTE]},
        {**REQUEST, "state": "expired"},
        {**UNFREEZE, "state": "superseded"},
    ],
    "frozen": [FREEZE, AUTOMATIC],
    "lifted": [LIFTED, STILL],
    "freeze_ended": [{**LIFTED, "by": "burnban", "by_name": "Burnban"}],
    "thawed": [{**AUTOMATIC, "freeze_reason": "the error budget is gone", "still_frozen": []}],
    "blind": [
        {
            "service": "ranker",
            "title": "Answers within 300 ms",
            "reasons": ["the newest counts are 14 min old: the source may be down"],
            "source": "prom",
            "since": NOON - 840,
        },
        {
            "service": "ranker, search and 3 more",
            "title": "17 objectives",
            "reasons": ["nothing has been counted yet: no data from the source"],
            "source": "prom",
            "since": None,
        },
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
    "help": [
        {
            "commands": [
                {"name": "/budget", "usage": "/budget status | show <service>", "summary": "See"},
                {"name": "/freeze", "usage": "/freeze <scope> <reason>", "summary": "Stop"},
            ],
            "examples": ["/budget status", "/freeze ranker for 2h version 38 looks wrong"],
        }
    ],
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
}
VIEWS: dict[str, list[Facts]] = {
    "freeze_modal": [
        {
            "services": ["ranker", "search"],
            "teams": ["search"],
            "preset": "service:ranker",
            "zone": "Europe/Berlin",
        },
        {
            "services": [f"model-{n}" for n in range(1_200)],
            "teams": [],
            "preset": "",
            "zone": "UTC",
        },
        {"services": [], "teams": [], "preset": "all", "zone": "UTC"},
    ],
    "unfreeze_modal": [
        {
            "freezes": [
                {"id": 4, "scope": "service ranker", "reason": "errors since release 38"},
                {"id": 5, "scope": "everything", "reason": "big launch"},
            ]
        },
        {"freezes": []},
    ],
    "details_modal": [DETAILS, UNJUDGED],
    "loading_modal": [{}, {"title": "Freeze releases"}],
}
