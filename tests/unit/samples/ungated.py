"""Sample facts of releases that never asked."""

from tests.unit.samples.common import NOON, Facts
from tests.unit.samples.request import BY_POLICY

ROW: Facts = {
    "service": "ranker",
    "release": "38",
    "version": "38",
    "commit": "",
    "digest": "",
    "source": "mlflow main",
    "who": "",
    "seen": NOON,
    "decision": None,
    "stopped": None,
}
STOPPED: Facts = {
    "day": False, "service": "ranker", "rows": [{**ROW, "stopped": 5}], "hidden": 0,
    "stopped": 1, "how": "although the gate had stopped it",
}  # fmt: skip
SEEN: Facts = {
    "day": False, "service": "ranker", "rows": [ROW], "hidden": 0, "stopped": 0,
    "how": "without asking the gate",
}  # fmt: skip
DAY: Facts = {
    "day": True,
    "service": "ranker",
    "rows": [
        ROW,
        {**ROW, "release": "a" * 12, "source": "github acme", "who": "github:jonas", "stopped": 5},
    ],
    "hidden": 3,
    "stopped": 1,
    "how": "without the gate's word",
}
RESTORE: Facts = {
    **BY_POLICY,
    "wish": "restore",
    "origin": "manual",
    "reason": "ranker @champion moved from 37 to 38 without asking the gate; back to 37?",
    "until": None,
    "cause": "",
    "evidence": None,
}
