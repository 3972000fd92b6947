"""Sample facts of overrides, break-glass and reviews."""

from tests.unit.samples.common import AYLIN, JONAS, MIRA, NOON, Facts, burn_sample
from tests.unit.samples.request import VOTE

SHA, DIGEST = "3f2a9c1d0b12" + "0" * 28, "sha256:" + "0a" * 32
THAW = "the budget of “Answers in time” has recovered (more than 10 % left, calm for 1 h)"
OVERRIDE: Facts = {
    "request": 7,
    "wish": "override",
    "service": "ranker",
    "scope": "service ranker",
    "word": "ranker",
    "release": "38",
    "version": "38",
    "commit": "",
    "digest": "",
    "kind": "bug-fix",
    "ticket": "https://tracker.example.com/ML-12",
    "reason": "version 37 loses clicks, 38 has the fix",
    "requester": MIRA,
    "requester_name": "mira",
    "via": "slack",
    "origin": "manual",
    "needed": 2,
    "needs": "1 on-call and 1 approvers",
    "approvals": [{**VOTE, "group": "on-call", "comment": "tried in staging"}],
    "missing": "1 approvers",
    "denials": [],
    "deny": 1,
    "fallback": "",
    "ask": ["S0ONCALL", AYLIN],
    "state": "pending",
    "expires": NOON + 14_400,
    "usable": 14_400,
    "freezes": [
        {
            "id": number,
            "scope": scope,
            "effect": effect,
            "reason": "the error budget is gone",
            "by": "burnban",
            "by_name": "Burnban",
            "origin": "policy",
            "approvals": [VOTE],
            "since": NOON - 7_200,
            "until": None,
            "thaw": thaw,
        }
        for number, scope, effect, thaw in (
            (4, "service ranker", "freeze", THAW),
            (5, "team search", "hold", ""),
            (6, "environment prod", "caution", ""),
        )
    ],
    "others": [],
    "advice": {
        "ruling": "hold",
        "text": "Hold: too little was measured to say whether the budget of availability can"
        " afford it. About 12,000 more requests through the canary would tell.",
        "missing": "nothing tells how right its answers are",
        "beside": "37",
    },
    "evidence": {
        "left": -0.121,
        "burn_long": burn_sample(3_600, 18.21, 428.0, 23_500.0, 1.0),
        "exhausts_in": None,
    },
    "escalation": "",
    "incident": "",
    "emergency": False,
    "exempt": False,
    "granted": None,
    "use_by": None,
    "used_at": None,
    "used_by": "",
    "revoked": None,
    "review": None,
}
GRANTED: Facts = {
    **OVERRIDE,
    "state": "approved",
    "approvals": [VOTE, {**VOTE, "user": AYLIN, "name": "aylin", "group": "approvers"}],
    "missing": "",
    "granted": NOON,
    "use_by": NOON + 14_400,
    "others": [9],
}
EXEMPT: Facts = {
    **GRANTED,
    "kind": "rollback",
    "exempt": True,
    "approvals": [],
    "needed": 0,
    "needs": "",
    "version": "",
    "commit": SHA,
    "release": SHA[:12],
    "ticket": "",
    "evidence": None,
    "advice": None,
    "others": [],
    "freezes": OVERRIDE["freezes"][:1],
}
USED: Facts = {**GRANTED, "state": "used", "used_at": NOON + 900, "used_by": "github:123:1"}
REVOKED: Facts = {
    **GRANTED,
    "state": "revoked",
    "revoked": {"by": AYLIN, "by_name": "aylin", "reason": "the fix was wrong"},
}
REVIEW: Facts = {
    "owner": "approvers",
    "ask": [AYLIN],
    "due": NOON + 259_200,
    "by": "",
    "at": None,
    "finding": "",
}
EMERGENCY: Facts = {
    **EXEMPT,
    "kind": "other",
    "exempt": False,
    "emergency": True,
    "incident": "INC-7",
    "ask": ["S0ONCALL"],
    "reason": "nobody gets results",
    "review": REVIEW,
}
REVIEWED: Facts = {
    **EMERGENCY,
    "state": "used",
    "used_at": NOON + 60,
    "used_by": "github:124:1",
    "review": {**REVIEW, "by": JONAS, "at": NOON + 86_400, "finding": "it was right"},
}
_NOT_GRANTED = {**OVERRIDE, "approvals": [], "missing": "1 on-call and 1 approvers"}
CARDS: list[Facts] = [
    OVERRIDE,
    {**_NOT_GRANTED, "fallback": "managers", "escalation": "Nobody is listed.", "via": "terminal"},
    GRANTED,
    EXEMPT,
    USED,
    REVOKED,
    EMERGENCY,
    {**EMERGENCY, "ask": [], "digest": DIGEST, "commit": "", "release": DIGEST},
    REVIEWED,
    {**_NOT_GRANTED, "state": "denied", "denials": [VOTE]},
    {**_NOT_GRANTED, "state": "cancelled"},
    {**_NOT_GRANTED, "state": "expired"},
    {**GRANTED, "state": "expired"},
    {**_NOT_GRANTED, "state": "superseded"},
    {**GRANTED, "state": "superseded"},
]
NEWS: list[Facts] = [
    GRANTED,
    USED,
    REVOKED,
    {**_NOT_GRANTED, "state": "denied", "denials": [VOTE]},
    {**_NOT_GRANTED, "state": "expired"},
    {**GRANTED, "state": "expired"},
    {**_NOT_GRANTED, "state": "superseded"},
]
OVERDUE: list[Facts] = [{**EMERGENCY, "ask": [AYLIN], "days": days} for days in (0, 1, 3)]


def _row(card: Facts, **more: object) -> Facts:
    kept = "request service release version commit digest kind ticket reason state requester"
    kept += " requester_name expires use_by used_by emergency exempt"
    numbers = [freeze["id"] for freeze in card["freezes"]]
    return {name: card[name] for name in kept.split()} | {"asked": NOON, "freezes": numbers} | more


OVERRIDES: Facts = {
    "rows": [_row(one) for one in (OVERRIDE, GRANTED, EXEMPT, USED, EMERGENCY, REVOKED)],
    "more": True,
    "filter": "ranker",
}
REVIEWS: Facts = {
    "rows": [
        {
            **_row(EMERGENCY),
            "incident": "INC-7",
            "owner": "approvers",
            "opened": NOON,
            "due": NOON + 259_200,
            "overdue": overdue,
        }
        for overdue in (True, False)
    ],
    "total": 2,
    "overdue": 1,
    "filter": "all",
}
NO_REVIEWS: Facts = {"rows": [], "total": 0, "overdue": 0, "filter": "all"}
KINDS = ["bug-fix", "security-fix", "rollback", "retrain", "other"]
OVERRIDE_MODAL: Facts = {
    "services": ["ranker", "recs"],
    "kinds": KINDS,
    "preset": "ranker",
    "release": "38",
}
