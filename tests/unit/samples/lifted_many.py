"""Sample facts of the message that says of many freezes that they are over."""

from tests.unit.samples.common import AYLIN, Facts
from tests.unit.samples.request import STILL, VOTE

THAWED: Facts = {
    "how": "thawed",
    "effect": "freeze",
    "monitored": False,
    "total": 42,
    "service": "ranker, recs, embedder, churn and 38 more",
    "names": [f"model-{n} (freeze {n})" for n in range(40)],
    "services": ["ranker", "recs", "embedder", "churn"],
    "by": "burnban",
    "by_name": "burnban",
    "via": "policy",
    "approvals": [],
    "reason": "error budget of “Answers within 300 ms”: it is gone",
    "freeze_reason": "error budget of “Answers within 300 ms”: it is gone",
    "still_frozen": [],
}
LIFTED_ALL: Facts = {
    **THAWED,
    "how": "lifted",
    "total": 2,
    "names": ["ranker (freeze 4)", "recs (freeze 5)"],
    "service": "ranker and recs",
    "by": AYLIN,
    "by_name": "Aylin",
    "via": "slack",
    "approvals": [VOTE],
    "reason": "the shared cause is rolled back",
    "still_frozen": STILL["still_frozen"],
}
WATCHED: Facts = {**THAWED, "monitored": True, "effect": "caution"}
RAN_OUT: Facts = {**THAWED, "how": "freeze_ended", "effect": "hold"}
