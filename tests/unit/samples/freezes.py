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
REMINDER: Facts = {**FREEZE, "until": None, "days": 3}
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
        }
    ],
}
