"""Sample facts of budget adjustments."""

from tests.unit.samples.common import AYLIN, MIRA, NOON, Facts
from tests.unit.samples.request import REQUEST, VOTE

STRETCH: Facts = {
    "start": NOON - 79_200,
    "end": NOON - 72_000,
    "seconds": 7_200,
    "cause": "cloud provider",
    "reverses": None,
    "objectives": ["ranker/availability", "ranker/latency"],
}
ROWS: list[Facts] = [
    {
        "objective": "ranker/availability",
        "service": "ranker",
        "title": "Answers without errors",
        "before": -0.121,
        "after": 0.412,
        "bad": 17_603.0,
        "eligible": 15_702_000.0,
        "bad_taken": 8_369.0,
        "eligible_taken": 43_200.0,
    },
    {
        "objective": "ranker/latency",
        "service": "ranker",
        "title": "Answers within 300 ms",
        "before": 0.623,
        "after": 0.623,
        "bad": 5_967.0,
        "eligible": 15_702_000.0,
        "bad_taken": 0.0,
        "eligible_taken": 43_200.0,
    },
]
ADJUST: Facts = {
    **REQUEST,
    "request": 21,
    "wish": "adjust",
    "reason": "packets were lost between the zones, see their status page",
    "until": None,
    "cause": "",
    "evidence": {"rows": ROWS, "more": 0, "at": NOON},
    "stretch": STRETCH,
}
PUT_BACK: Facts = {
    **ADJUST,
    "request": 22,
    "reason": "the loss was our own misrouting after all",
    "evidence": {
        "rows": [{**ROWS[0], "before": 0.412, "after": -0.121, "bad_taken": -8_369.0}],
        "more": 3,
        "at": NOON,
    },
    "stretch": {**STRETCH, "reverses": 3},
}
ADJUSTED: Facts = {
    "adjustment": 3,
    "request": 21,
    "reversed": False,
    "scope": "service ranker",
    "word": "ranker",
    "reason": ADJUST["reason"],
    "by": MIRA,
    "by_name": "mira",
    "approvals": [VOTE],
    "rows": ROWS,
    "more": 0,
    "freezes": [
        {
            "id": 4,
            "scope": "service ranker",
            "effect": "freeze",
            "left": 0.1,
            "lasts": 3_600,
            "thaws": True,
        },
        {
            "id": 5,
            "scope": "team search",
            "effect": "hold",
            "left": 0.5,
            "lasts": 0,
            "thaws": False,
        },
    ],
    "ahead": False,
    "stretch": STRETCH,
}
PLANNED: Facts = {
    **ADJUSTED,
    "reason": "the database moves",
    "rows": [{**ROWS[1], "before": None, "after": None, "bad_taken": None}],
    "freezes": [],
    "ahead": True,
    "stretch": {**STRETCH, "start": NOON + 86_400, "end": NOON + 93_600, "cause": ""},
}
REVERSED: Facts = {
    **ADJUSTED,
    "request": 22,
    "reversed": True,
    "reason": PUT_BACK["reason"],
    "rows": PUT_BACK["evidence"]["rows"],
    "stretch": PUT_BACK["stretch"],
}


def _row(number: int, state: str, **more: object) -> Facts:
    return {
        "id": number,
        "request": 18 + number,
        "scope": "service ranker",
        "reason": ADJUST["reason"],
        "by": AYLIN,
        "by_name": "aylin",
        "approved": NOON,
        "reversed": None,
        "state": state,
        **STRETCH,
        **more,
    }


ADJUSTMENTS: Facts = {
    "rows": [
        _row(4, "ahead", cause="", objectives=["ranker/latency"]),
        _row(3, "running", cause=""),
        _row(2, "out"),
        _row(1, "reversed", reversed=NOON),
    ],
    "hidden": 2,
    "filter": "all",
    "about": "everything",
}
NO_ADJUSTMENTS: Facts = {
    "rows": [],
    "hidden": 0,
    "filter": "ranker",
    "about": "service ranker",
}
ADJUST_MODAL: Facts = {
    "services": ["ranker", "search"],
    "teams": ["search"],
    "causes": ["cloud provider", "network"],
    "zone": "Europe/Berlin",
}
