"""Sample facts of policies and of back-tests."""

from tests.unit.samples.common import NOON, Facts

POLICY: Facts = {
    "service": "ranker",
    "word": "ranker",
    "policy": "org → searchers → careful",
    "version": "0f3a5c7e9b12",
    "mode": "enforce",
    "rows": [
        {"field": "mode", "value": "enforce", "policy": "", "where": ""},
        {
            "field": "thresholds",
            "value": "50% left: caution; 25% left: hold; 0% left: freeze where tier=1",
            "policy": "careful",
            "where": "slos/policies.yaml:31",
        },
        {"field": "thaw.left", "value": "30%", "policy": "org", "where": "slos/policies.yaml:9"},
        *({"field": f"approvals.{n}", "value": "1", "policy": "", "where": ""} for n in range(30)),
    ],
    "others": [],
}
OWN_POLICIES: Facts = {
    **POLICY,
    "mode": "monitor",
    "others": [
        {"objective": "quality", "id": "ranker/quality", "policy": "org → searchers → quality"}
    ],
}
_FIGURES: Facts = {
    "freezes": 3,
    "holds": 1,
    "cautions": 4,
    "frozen": 187_200,
    "held": 7_200,
    "cautioned": 250_000,
    "pages": 12,
    "tickets": 7,
    "requests": 0,
    "stopped": 9,
}
_ROW: Facts = {
    "service": "ranker",
    "effect": "freeze",
    "since": NOON - 400_000,
    "until": NOON - 300_000,
    "seconds": 100_000,
    "causes": ["ranker/availability"],
    "reason": "17,601 bad events, 15,702 were allowed in the window",
    "approved": False,
    "change": "same",
}
TRIED: Facts = {
    "scope": "everything",
    "since": NOON - 30 * 86_400,
    "until": NOON,
    "seconds": 30 * 86_400,
    "opened": NOON - 12 * 86_400,
    "named": "strict",
    "services": 3,
    "objectives": 7,
    "watched": ["embedder"],
    "answer": None,
    "present": {**_FIGURES, "freezes": 1, "frozen": 0},
    "tried": _FIGURES,
    "rows": [
        _ROW,
        {**_ROW, "change": "new", "effect": "hold", "until": None},
        {**_ROW, "change": "gone", "effect": "caution", "approved": True},
    ],
    "more": 4,
}
IN_FORCE: Facts = {
    **TRIED,
    "named": "",
    "tried": None,
    "opened": NOON - 60 * 86_400,
    "answer": 1_800,
}
NOTHING: Facts = {
    **IN_FORCE,
    "present": dict.fromkeys(_FIGURES, 0),
    "rows": [],
    "more": 0,
    "watched": [],
    "opened": None,
}
