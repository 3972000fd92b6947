"""Sample facts of the gate."""

from tests.unit.samples.common import JONAS, NOON, Facts

BUDGET: Facts = {
    "title": "Answers in time",
    "left": -0.04,
    "window": "28 days",
    "reason": "the budget is spent: 1,040 of 1,000 bad events",
}
STOPPED: Facts = {
    "service": "ranker",
    "name": "38",
    "word": "38",
    "kind": "retrain",
    "outcome": "deny",
    "reasons": ["releases are frozen by freeze 12: errors since release 37"],
    "hidden": 0,
    "freezes": [12],
    "next_open": NOON + 7_200,
    "expected_open": None,
    "author": JONAS,
    "author_name": "github:jonas",
    "decision": 4711,
    "run": "github:123:1",
    "budgets": [BUDGET],
    "budgets_hidden": 1,
}
STOPPED_TOO: Facts = {**STOPPED, "name": "39", "count": 2, "counted": False, "last": False}
STOPPED_LAST: Facts = {**STOPPED_TOO, "outcome": "hold", "author": "", "count": 5, "last": True}
STOPPED_MANY: Facts = {**STOPPED_TOO, "count": 200, "counted": True}
UNSEEN: Facts = {
    **STOPPED,
    "outcome": "hold",
    "reasons": ["ranker/availability: the source has not answered for 12 min"],
    "hidden": 2,
    "freezes": [],
    "next_open": None,
    "author": "",
    "author_name": "",
    "budgets": [],
    "budgets_hidden": 0,
}
STOPPED_ONCE: Facts = {**STOPPED, "over": {"at": NOON + 900, "override": None}}
WENT: Facts = {**STOPPED, "over": {"at": NOON + 900, "override": 2}}
ASKED: Facts = {**STOPPED, "pending": {"request": 2, "asked": NOON - 600}}
DENIED: Facts = {
    **STOPPED, "pending": None, "decided": {"request": 2, "state": "denied", "use_by": None},
}  # fmt: skip
GRANTED: Facts = {
    **STOPPED, "pending": None,
    "decided": {"request": 2, "state": "approved", "use_by": NOON + 3_600},
}  # fmt: skip
CLOSED: Facts = {
    "service": "ranker",
    "name": "38",
    "word": "38",
    "closed": True,
    "outcome": "deny",
    "reasons": ["releases are frozen by freeze 12: errors since release 37"],
    "hidden": 2,
    "freezes": [12],
    "override": None,
    "override_until": None,
    "budgets": [BUDGET],
    "budgets_hidden": 3,
    "next_open": None,
    "expected_open": NOON + 90_000,
    "next_close": None,
    "next_close_reason": "",
}
OPEN: Facts = {
    **CLOSED,
    "name": "",
    "word": "",
    "closed": False,
    "outcome": "allow",
    "reasons": ["nothing stops releases"],
    "hidden": 0,
    "freezes": [],
    "budgets": [],
    "budgets_hidden": 0,
    "next_close": NOON + 86_400,
    "next_close_reason": "year's end",
}
THROUGH: Facts = {**CLOSED, "closed": False, "outcome": "warn", "override": 9,
                  "override_until": NOON + 3_600}  # fmt: skip
WAITING: Facts = {
    **CLOSED, "name": "", "word": "", "outcome": "hold", "freezes": [], "next_open": NOON + 60,
}  # fmt: skip
PENDING: Facts = {**CLOSED, "pending": {"request": 2, "asked": NOON - 600}}
