"""Sample facts of what people read: status, show, history."""

from tests.unit.samples.common import AYLIN, JONAS, NOON, Facts
from tests.unit.samples.warning import DETAILS, UNJUDGED

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
    "word": "ranker",
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
    "query": "ranker by jonas since 2026-03-01T00:00:00Z",
    "narrowed": "about ranker, by jonas, since 2026-03-01 00:00 UTC",
    "next_before": 36,
    "previous_after": 41,
    "rows": [
        {
            "seq": 41,
            "at": NOON + 300,
            "event": "frozen",
            "who": JONAS,
            "who_name": "jonas",
            "via": "slack",
            "identity": "email:jonas@example.org github:jonas",
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
            "identity": "email:jonas@example.org github:jonas",
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
            "identity": "",
            "objective": "",
            "hash": "0f3a55c1b2d4",
            "scope": "service ranker",
            "text": "burn 18.2 over 1 h and 83.5 over 5 min (threshold 13.4)",
        },
    ],
}
