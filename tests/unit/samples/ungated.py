"""Sample facts of releases that never asked."""

from tests.unit.samples.common import NOON, Facts

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
}
SEEN: Facts = {"day": False, "service": "ranker", "rows": [ROW], "hidden": 0}
DAY: Facts = {
    "day": True,
    "service": "ranker",
    "rows": [ROW, {**ROW, "release": "a" * 12, "source": "github acme", "who": "github:jonas"}],
    "hidden": 3,
}
