"""Sample facts of tasks to retrain."""

from tests.unit.samples.common import AYLIN, NOON, Facts
from tests.unit.samples.request import BY_POLICY, VOTE

_PSI: Facts = {
    "end": NOON - 3_600,
    "version": "37",
    "tool": "nannyml",
    "metric": "price, jensen_shannon",
    "value": 0.3124,
    "figure": "0.3124",
    "threshold": 0.1,
    "limit": "0.1",
    "n": 4_000.0,
    "wrong": None,
}
_WRONG: Facts = {
    **_PSI, "tool": "", "metric": "", "value": None, "figure": "", "threshold": None, "limit": "",
    "n": 1_200.0, "wrong": 210.0,
}  # fmt: skip
DRIFT: Facts = {
    "task": 3,
    "service": "ranker",
    "objective": "ranker/drift",
    "word": "ranker",
    "title": "Drift of the price",
    "severity": "ticket",
    "verdict": "burning",
    "left": 0.41,
    "exhausts_in": 172_800,
    "exhausts_over": 7_200,
    "burn_long": {"rate": 3.1, "seconds": 86_400, "bad": 5.0, "eligible": 24.0},
    "bad": 5.0,
    "eligible": 60.0,
    "sli": 0.9167,
    "target": 0.95,
    "window": "28 days",
    "reasons": ["burns 3 times as fast as it may"],
    "drift": True,
    "required": "at most 0.2",
    "feed": "ranker-drift",
    "rows": [_PSI, {**_PSI, "version": "", "tool": "", "limit": "", "threshold": None, "n": 1.0}],
    "owner": AYLIN,
    "owner_name": "",
    "taken": None,
    "opened": NOON - 7_200,
    "recovering": None,
    "closed": None,
    "request": 0,
    "pipeline": True,
}
QUALITY: Facts = {
    **DRIFT,
    "title": "Right answers",
    "objective": "ranker/accuracy",
    "drift": False,
    "required": "",
    "left": -0.2,
    "rows": [_WRONG],
    "owner": "",
    "pipeline": False,
}
TAKEN: Facts = {**DRIFT, "owner_name": "aylin", "taken": NOON, "request": 31}
RECOVERING: Facts = {**TAKEN, "recovering": NOON}
TASK_CARDS: list[Facts] = [
    DRIFT,
    QUALITY,
    TAKEN,
    RECOVERING,
    {**TAKEN, "closed": NOON, "rows": []},
]
TASK_NEWS: list[Facts] = [
    {**TAKEN, "news": "reminder", "days": 2, "now": "burning"},
    {**QUALITY, "news": "reminder", "days": 1, "now": "exhausted"},
    {**RECOVERING, "news": "reminder", "days": 4, "now": "healthy"},
    {**TAKEN, "news": "reminder", "days": 4, "now": "unknown"},
    {**TAKEN, "news": "closed", "at": NOON, "days": 0, "now": None},
]
TASKS: list[Facts] = [
    {
        "rows": [
            {**DRIFT, "now": "burning"},
            {**QUALITY, "now": "exhausted"},
            {**RECOVERING, "now": "healthy"},
            {**TAKEN, "now": None},
        ],
        "hidden": 2,
        "filter": "ranker",
        "about": "service ranker",
    },
    {"rows": [], "hidden": 0, "filter": "all", "about": "everything"},
]
_ASKED: Facts = {
    **BY_POLICY, "wish": "retrain", "origin": "manual", "until": None, "cause": "",
    "evidence": None, "reason": "the budget of “Drift of the price” burns (task 3)",
}  # fmt: skip
PIPELINE: list[Facts] = [
    _ASKED,
    {**_ASKED, "state": "approved", "approvals": [VOTE]},
    {**_ASKED, "state": "expired"},
]
