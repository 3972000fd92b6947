"""Sample facts of freezes between their setting and their end."""

from tests.unit.samples.common import AYLIN, JONAS, MIRA, NOON, Facts
from tests.unit.samples.request import FREEZE, REQUEST, VOTE

SCHEDULED: Facts = {
    **FREEZE,
    "freeze": 12,
    "scope": "team search",
    "word": "search",
    "reason": "few people are at work (Christmas Day, Second Day of Christmas)",
    "by": "schedule:year-end",
    "by_name": "schedule year-end",
    "via": "policy",
    "starts": NOON + 86_400,
    "until": NOON + 4 * 86_400,
    "cause": "",
    "services": ["ranker", "embedder"],
    "approvals": [],
}
CANCELLED: Facts = {
    **SCHEDULED,
    "by": AYLIN,
    "by_name": "aylin",
    "why": "the audit is over",
}
EDITED: Facts = {
    **FREEZE,
    "until": NOON + 14_400,
    "editor": JONAS,
    "editor_name": "jonas",
    "why": "the fix takes longer",
    "former_reason": FREEZE["reason"],
    "former_until": NOON + 7_200,
    "approvals": [],
}
REWORDED: Facts = {
    **EDITED,
    "why": "version 38 loses clicks",
    "reason": "version 38 loses clicks",
    "until": None,
    "former_until": None,
    "approvals": [VOTE],
}
_LIFT: Facts = {
    **FREEZE,
    "how": "lifted",
    "ended": NOON + 900,
    "ended_by": AYLIN,
    "ended_name": "aylin",
    "why": "rolled back to 37",
    "votes": [VOTE],
    "still_frozen": [],
}
_ALONE: Facts = {"ended_by": "burnban", "ended_name": "Burnban", "why": "", "votes": []}
PAST: list[Facts] = [
    _LIFT,
    {**_LIFT, **_ALONE, "how": "thawed", "effect": "caution"},
    {**_LIFT, **_ALONE, "how": "freeze_ended", "effect": "hold"},
    {**SCHEDULED, **{k: _LIFT[k] for k in _LIFT if k not in FREEZE}, "how": "freeze_cancelled"},
]
REMINDER: Facts = {**FREEZE, "until": None, "days": 3, "stuck": ""}
SHORTEN: Facts = {
    **REQUEST,
    "wish": "shorten",
    "reason": "all is well since noon",
    "until": NOON + 3_600,
    "cause": "",
    "evidence": None,
    "freezes": [
        {
            "id": 4,
            "reason": "errors since release 38",
            "by": MIRA,
            "by_name": "mira",
            "since": NOON - 7_200,
            "until": NOON + 7_200,
            "thaw": "",
            "effect": "freeze",
        }
    ],
}
ROW: Facts = {
    "id": 4,
    "scope": "service ranker",
    "word": "ranker",
    "services": ["ranker"],
    "reason": "errors since release 38, we are looking at it",
    "by": MIRA,
    "by_name": "mira",
    "origin": "manual",
    "schedule": "",
    "cause": "",
    "state": "active",
    "effect": "freeze",
    "monitored": False,
    "since": NOON,
    "until": NOON + 7_200,
    "edited": False,
    "approvals": [],
    "more": 0,
}
COOLING: Facts = {
    **ROW,
    "id": 5,
    "by": "burnban",
    "by_name": "Burnban",
    "origin": "policy",
    "reason": "the error budget is gone",
    "state": "cooling",
    "cause": "ranker/latency",
    "until": None,
    "approvals": [{"user": MIRA, "name": "mira", "at": NOON, "group": "", "comment": "yes"}] * 4,
}
COMING: Facts = {
    **ROW,
    "id": 12,
    "scope": "team search",
    "word": "search",
    "by": "schedule:nights",
    "by_name": "schedule nights",
    "origin": "schedule",
    "schedule": "nights",
    "reason": "few are awake",
    "state": "scheduled",
    "since": NOON + 28_800,
    "until": NOON + 57_600,
    "more": 59,
}
WATCHED: Facts = {**COOLING, "id": 6, "state": "active", "effect": "hold", "monitored": True}
FREEZES: Facts = {
    "rows": [ROW, COOLING, WATCHED, {**ROW, "id": 7, "until": None}, COMING, {**COMING, "more": 0}],
    "hidden": 0,
    "filter": "all",
    "about": "everything",
    "stopped": 4,
    "asked": [
        {
            "id": 9,
            "wish": "freeze",
            "act": "freeze",
            "scope": "service bidder",
            "reason": "half of its budget is gone",
            "by": JONAS,
            "by_name": "jonas",
            "expires": NOON + 14_400,
        }
    ],
}
NO_FREEZES: Facts = {
    "rows": [],
    "hidden": 0,
    "filter": "ranker",
    "about": "service ranker",
    "stopped": 0,
    "asked": [],
}
PREVIEW: Facts = {
    "scope": "team search",
    "word": "search",
    "services": ["embedder", "ranker"],
    "stopped": ["ranker"],
    "teams": [
        {
            "name": "search",
            "title": "Search",
            "channel": "#ml-search",
            "services": ["embedder", "ranker"],
            "deciders": ["S0ONCALL", "U0MIRA"],
        },
        {"name": "ads", "title": "Ads", "channel": "", "services": ["bidder"], "deciders": []},
    ],
    "channels": ["#ml-search"],
    "standing": [ROW],
    "coming": [COMING],
    "requests": [
        {
            "id": 7,
            "wish": "unfreeze",
            "act": "lift the freeze of",
            "scope": "service ranker",
            "reason": "rolled back to 37",
            "by": JONAS,
            "by_name": "jonas",
            "expires": NOON + 14_400,
        }
    ],
    "releases": [
        {
            "services": ["embedder", "ranker"],
            "release": "3f2a9c1d0b12",
            "place": "acme/ranker",
            "environment": "prod",
            "who": "mira-o",
            "override": None,
        },
        {
            "services": ["ranker"],
            "release": "38",
            "place": "",
            "environment": "",
            "who": "",
            "override": 7,
        },
    ],
    "takes": "1",
    "lifting": "1 on-call and 2 data-science-leads",
    "until": NOON + 7_200,
}
NO_PREVIEW: Facts = {
    **PREVIEW,
    "services": [],
    "stopped": [],
    "teams": [],
    "channels": [],
    "standing": [],
    "coming": [],
    "requests": [],
    "releases": [],
    "until": None,
}
